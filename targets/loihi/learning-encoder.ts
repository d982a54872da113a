import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail, type Span } from '../../compiler/diagnostics/diagnostic.js';
import type { MicroKernel, MicroOperation } from '../../compiler/levels/micro/micro.js';
import type { SumOfProductsArithmetic } from '../../compiler/target.js';
import {
  encodeLearningWord,
  LEARNING_SOURCES,
  type LearningSource,
  PRODUCT_WORDS,
} from './learning-instructions.js';
import type { EncodedCode } from './neuron-encoder.js';

/** Which engine source a field of the rule is; undefined for what is no source. */
export type SourceOf = (field: string) => LearningSource | undefined;

/** One recognised product: its coefficient word and its factors. */
interface Product {
  readonly word: number;
  readonly factors: readonly { readonly source: LearningSource; readonly constant: number }[];
  readonly origin: Span;
}

/**
 * Selects learning words by matching the micro-operations of a rule against the engine's only shape, and checks that
 * every rounding which the micro-operations state is the one that the engine performs. A mismatch is a bug of `quantise`.
 */
export function encodeLearningKernel(
  kernel: MicroKernel,
  source: SourceOf,
  wordNames: readonly string[],
  arithmetic: SumOfProductsArithmetic,
  code: EncodedCode,
): number {
  const entry = code.words.length;
  if (wordNames.length > PRODUCT_WORDS) {
    const message = `the rule of ${kernel.owner} has ${wordNames.length} product words; an instruction names ${PRODUCT_WORDS}`;
    const { origin } = kernel.operations[0]!;
    fail(
      diagnostic('PL3003', message, {
        span: origin,
        help: 'fewer products, or --coefficient-bits 4',
      }),
    );
  }
  const matcher = new Matcher(kernel, source, wordNames, arithmetic);
  for (const [index, operation] of kernel.operations.entries()) {
    if (operation.kind !== 'store') continue;
    const variable = operation.field === 'weight' ? 0 : 1;
    const emit = (origin: Span, mnemonic: string, selector = 0, value = 0): void => {
      code.words.push(encodeLearningWord(mnemonic, selector, value));
      code.origins.push(origin);
    };
    matcher.variable(index, variable, emit);
  }
  code.words.push(encodeLearningWord('END'));
  code.origins.push(kernel.operations.at(-1)!.origin);
  return entry;
}

type Emit = (origin: Span, mnemonic: string, selector?: number, value?: number) => void;

class Matcher {
  constructor(
    private readonly kernel: MicroKernel,
    private readonly source: SourceOf,
    private readonly wordNames: readonly string[],
    private readonly arithmetic: SumOfProductsArithmetic,
  ) {}

  /** Emits the words that compute and write one variable; `index` is its store. */
  variable(index: number, variable: number, emit: Emit): void {
    const store = this.at(index);
    if (store.kind !== 'store') throw new Error('not a store');
    const { origin } = store;
    const bounds: (() => void)[] = [];
    let value = this.at(store.value);
    while (value.kind === 'minimum' || value.kind === 'maximum') {
      const { kind } = value;
      const bound = this.at(value.right);
      if (bound.kind !== 'constant') throw new Error('a bound is a constant');
      bounds.unshift(() => emit(origin, kind === 'minimum' ? 'CHI' : 'CLO', 0, bound.value));
      value = this.at(value.left);
    }
    if (value.kind === 'limit') value = this.at(value.operand);
    if (value.kind !== 'shift' || value.rounding !== 'stochastic')
      throw new Error('a variable is rounded stochastically');
    if (value.bits !== this.arithmetic.fractionBits) throw new Error('the engine drops 7 bits');
    emit(origin, 'BEG', variable);
    const { operation } = value;
    for (const product of this.products(value.operand, store.field))
      this.emitProduct(product, emit);
    emit(origin, 'RND', 0, operation);
    for (const bound of bounds) bound();
    emit(origin, 'WRV', variable);
  }

  private emitProduct({ word, factors, origin }: Product, emit: Emit): void {
    emit(origin, 'PRD', word);
    for (const { source, constant } of factors) {
      emit(origin, 'FAC', LEARNING_SOURCES.indexOf(source), constant);
    }
    emit(origin, 'ACC', word);
  }

  /** The products of a sum, first to last; the innermost operand is the variable itself, brought 7 bits up. */
  private products(sum: number, field: string): Product[] {
    const found: Product[] = [];
    let operation = this.at(sum);
    for (;;) {
      if (operation.kind === 'limit') operation = this.at(operation.operand);
      if (operation.kind !== 'add') break;
      found.unshift(this.product(operation.right));
      operation = this.at(operation.left);
    }
    const base = operation.kind === 'shift' ? this.at(operation.operand) : undefined;
    if (base?.kind !== 'load' || base.field !== field)
      throw new Error('a sum starts from its variable');
    return found;
  }

  private product(index: number): Product {
    let operation = this.at(index);
    const { origin } = operation;
    if (operation.kind === 'limit') operation = this.at(operation.operand);
    if (operation.kind !== 'shift-left') throw new Error('a product ends with its exponent');
    const exponent = this.at(operation.by);
    if (exponent.kind !== 'load') throw new Error('an exponent is a coefficient');
    operation = this.at(operation.operand);
    let dropped = 0;
    if (operation.kind === 'shift' && operation.rounding === 'floor') {
      dropped = operation.bits;
      operation = this.at(operation.operand);
    }
    const factors: Product['factors'][number][] = [];
    while (operation.kind === 'multiply') {
      factors.unshift(this.factor(operation.left));
      operation = this.at(operation.right);
    }
    if (operation.kind !== 'load') throw new Error('a product starts from its mantissa');
    const word = this.wordNames.indexOf(operation.field);
    if (word < 0 || exponent.field !== operation.field.replace('.m', '.e'))
      throw new Error('mantissa and exponent differ');
    const expected = shiftOf(
      factors.map((f) => f.source),
      this.arithmetic,
    );
    if (dropped !== expected)
      throw new Error(`the engine shifts by ${expected}, the rule states ${dropped}`);
    return { word, factors, origin };
  }

  private factor(index: number): { source: LearningSource; constant: number } {
    const operation = this.at(index);
    if (operation.kind === 'subtract') {
      const offset = this.at(operation.right);
      if (offset.kind !== 'constant') throw new Error('an offset is a constant');
      return { source: this.sourceOf(operation.left), constant: -offset.value };
    }
    return { source: this.sourceOf(index), constant: 0 };
  }

  /** The source behind an operation: a load, or the value just stored to a variable. */
  private sourceOf(index: number): LearningSource {
    const operation = this.at(index);
    const field = operation.kind === 'load' ? operation.field : this.storedTo(index);
    const found = field === undefined ? undefined : this.source(field);
    if (!found) throw new Error(`${field ?? operation.kind} is no source of the engine`);
    return found;
  }

  private storedTo(index: number): string | undefined {
    const store = this.kernel.operations.find((o) => o.kind === 'store' && o.value === index);
    return store?.kind === 'store' ? store.field : undefined;
  }

  private at(index: number): MicroOperation {
    return this.kernel.operations[index]!;
  }
}

/** The width of a source in the engine's shift. */
export function widthOf(source: LearningSource, { widths }: SumOfProductsArithmetic): number {
  if (source === 'weight') return widths.weight;
  return source === 'tag' ? widths.tag : widths.trace;
}

/** The right shift of a product: max(0, Σ widths + mantissa bits − product bits). */
export function shiftOf(
  sources: readonly LearningSource[],
  arithmetic: SumOfProductsArithmetic,
): number {
  const widths = sources.reduce((sum, s) => sum + widthOf(s, arithmetic), 0);
  return Math.max(0, widths + arithmetic.mantissaBits - arithmetic.productBits);
}
