import type { Expression } from '../../../../src/equations/ast.js';
import type { NeuronModel, Update } from '../../../../src/equations/model.js';
import { printExpression } from '../../../../src/equations/print.js';
import type { ParameterValue, Population } from '../../../../src/network/network.js';
import { compare, integer, type Ranged, read, select, unary } from '../../../analysis/ranged.js';
import { diagnostic } from '../../../diagnostics/catalogue.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { FixedField, FixedUpdate } from '../../../levels/fixed/fixed.js';
import {
  type Format,
  maximumOf,
  printFormat,
  signed,
  toReal,
} from '../../../levels/numbers/format.js';
import { realsIn } from '../../../levels/numbers/integers.js';
import { toInteger } from '../../../levels/numbers/rounding.js';
import type { PassContext } from '../../../pass.js';
import { multiplyAddOf } from '../../../target.js';
import { HEADROOM } from '../formats.js';
import { noteFormat, rangeSeen } from '../report.js';
import { ExpressionLowering, type NeuronScope } from './expression.js';
import type { HeldCoefficient, Leaf, Polynomial } from './polynomial.js';
import { heldCoefficient } from './terms.js';
import type { NeuronFormats } from './variable-formats.js';

/** The sum of what arrives, as terms over fields of the neuron, and the updates that make those. */
export interface NeuronCurrent {
  readonly fields: readonly FixedField[];
  readonly updates: readonly FixedUpdate[];
  readonly sum: Polynomial;
  readonly bound: number;
}

/** The equations of a population in integers, before the message is added. */
export interface LoweredNeuron {
  readonly fields: readonly FixedField[];
  readonly updates: readonly FixedUpdate[];
}

/** Lowers the statements of a neuron in order. */
export function lowerNeuron(
  population: Population,
  neuron: NeuronModel,
  parameters: Readonly<Record<string, ParameterValue>>,
  chosen: NeuronFormats,
  current: NeuronCurrent,
  context: PassContext,
): LoweredNeuron {
  return new NeuronLowering(population, neuron, parameters, chosen, current, context).run();
}

class NeuronLowering implements NeuronScope {
  readonly arithmetic;
  readonly terms;
  private readonly fields = new Map<string, FixedField>();
  private readonly updates: FixedUpdate[] = [];
  private readonly assigned = new Set<string>();
  private readonly coefficients = new Map<string, Float64Array>();
  private readonly expressions: ExpressionLowering;
  /** How often statements read `I`. */
  private readonly currentReads: number;

  constructor(
    private readonly population: Population,
    private readonly neuron: NeuronModel,
    parameters: Readonly<Record<string, ParameterValue>>,
    private readonly chosen: NeuronFormats,
    private readonly current: NeuronCurrent,
    private readonly context: PassContext,
  ) {
    this.arithmetic = multiplyAddOf(context.capabilities);
    this.terms = { parameters, owner: population.name, target: context.target };
    this.expressions = new ExpressionLowering(this);
    this.currentReads = readsOfCurrent(neuron);
  }

  run(): LoweredNeuron {
    for (const field of this.current.fields) this.fields.set(field.name, field);
    this.updates.push(...this.current.updates);
    for (const { name, persistent, initial } of this.neuron.variables) {
      if (persistent) this.declareVariable(name, 'variable', initial);
    }
    for (const update of this.neuron.updates) this.lowerUpdate(update);
    this.noteVariables();
    return { fields: [...this.fields.values()], updates: this.updates };
  }

  read(name: string, origin: Span): Leaf {
    if (name === 'I') return this.currentLeaf(origin);
    const { format } = this.fields.get(name)!;
    return this.leafOf(name, format, origin);
  }

  private leafOf(name: string, format: Format, origin: Span): Leaf {
    const seen = rangeSeen(this.context, 'variable', this.population.name, name);
    const most = toReal(maximumOf(format), format);
    const bound = seen ? Math.min(most, HEADROOM * Math.max(...seen.map(Math.abs))) : most;
    return {
      key: name,
      value: read(name, format, origin),
      bound: bound > 0 ? bound : most,
      special: false,
      subtrahend: true,
    };
  }

  held = (coefficient: Expression, values: Float64Array): HeldCoefficient => {
    const key = printExpression(coefficient);
    this.coefficients.set(key, values);
    const bits = this.arithmetic.operandBits;
    return heldCoefficient(key, values, bits, (f) => fieldOf(key, f), coefficient.origin);
  };

  declare(fractions: ReadonlyMap<string, number>): void {
    for (const [key, fraction] of fractions) {
      const name = fieldOf(key, fraction);
      const format = signed(this.arithmetic.operandBits, fraction);
      const initial = realsIn(this.coefficients.get(key)!, format);
      this.fields.set(name, { name, role: 'parameter', format, initial, symbol: undefined });
    }
  }

  /** The current as one value; it is computed where a statement first reads it. */
  private currentLeaf(origin: Span): Leaf {
    const { sum, bound } = this.current;
    const [only] = sum;
    const [leaf] = only?.factors ?? [];
    const isPlain = sum.length === 1 && only!.factors.length === 1;
    if (sum.length === 0) {
      const value = integer(0, 0, origin);
      return { key: 'I', value, bound: 0, special: false, subtrahend: true };
    }
    const format = this.chosen.formats.get('I')!;
    if (isPlain && (!this.chosen.currentMeets || leaf!.value.e.format.fraction === format.fraction))
      return { ...leaf!, key: 'I' };
    if (!this.fields.has('I')) {
      const value = this.expressions.sum(sum, format, 'nearest', origin);
      this.fields.set('I', { name: 'I', role: 'local', format, initial: 0, symbol: undefined });
      this.updates.push({ target: 'I', value: value.e, origin });
    }
    return { key: 'I', value: read('I', format, origin), bound, special: false, subtrahend: true };
  }

  private lowerUpdate(update: Update): void {
    const { target, origin, local } = update;
    if (!this.checkStated(update)) return;
    const format = this.chosen.formats.get(target)!;
    const before = this.before(target, format, origin);
    const result = this.spike(update, before) ?? this.conditional(update, format, before);
    this.declareVariable(target, local ? 'local' : 'variable', 0);
    this.assigned.add(target);
    this.updates.push({ target, value: result.e, origin });
  }

  private conditional(
    { value, condition, stated, origin }: Update,
    format: Format,
    before: Ranged,
  ): Ranged {
    const rounding = stated?.rounding === 'floor' ? 'floor' : 'nearest';
    const result =
      value.kind === 'name' && value.name === 'I' && this.currentReads === 1
        ? this.expressions.sum(this.current.sum, format, rounding, origin)
        : this.expressions.value(value, format, rounding);
    if (!condition) return result;
    return select(this.expressions.condition(condition), result, before, origin);
  }

  /** `sign(e) if |e| > bound`: one instruction where nothing was there before. */
  private spike({ value, condition, origin }: Update, before: Ranged): Ranged | undefined {
    if (value.kind !== 'call' || value.function !== 'sign' || !condition) return undefined;
    if (before.e.kind !== 'constant' || condition.kind !== 'binary') return undefined;
    const [operand] = value.arguments;
    const flipped = condition.operator === '<';
    if (condition.operator !== '>' && !flipped) return undefined;
    const magnitude = flipped ? condition.right : condition.left;
    const bound = flipped ? condition.left : condition.right;
    if (magnitude.kind !== 'call' || magnitude.function !== 'abs') return undefined;
    if (printExpression(magnitude.arguments[0]!) !== printExpression(operand!)) return undefined;
    const [a, b] = this.expressions.aligned(operand!, bound);
    const test = compare('>', unary('absolute', a, origin), b, origin);
    return select(test, unary('sign', a, origin), before, origin);
  }

  /** What a variable is where the condition of its update does not hold. */
  private before(target: string, format: Format, origin: Span): Ranged {
    const variable = this.neuron.variables.find((v) => v.name === target);
    const isKept = this.assigned.has(target) || variable?.persistent;
    return isKept ? read(target, format, origin) : integer(0, format.fraction, origin);
  }

  /** Whether instructions can hold a stated format; PL2001 where they cannot. */
  private checkStated({ target, stated, origin }: Update): boolean {
    if (!stated) return true;
    const { format, rounding, overflow } = stated;
    const { operandBits } = this.arithmetic;
    const isHeld =
      format.signed &&
      format.width === operandBits &&
      overflow === 'saturate' &&
      (rounding === 'nearest' || rounding === 'floor');
    if (isHeld) return true;
    const { target: chip } = this.context;
    const what = `${printFormat(format)} ${rounding} ${overflow}`;
    const message = `${target} of ${this.neuron.name} is stated as ${what}; ${chip} holds s${operandBits}, nearest or floor, saturate`;
    const help = 'state such a format, or none';
    this.context.report(diagnostic('PL2001', message, { span: origin, help }));
    return false;
  }

  private declareVariable(name: string, role: 'variable' | 'local', initial: number): void {
    if (this.fields.has(name)) return;
    const format = this.chosen.formats.get(name)!;
    const symbol = role === 'local' ? undefined : name;
    this.fields.set(name, { name, role, format, initial: toInteger(initial, format), symbol });
  }

  private noteVariables(): void {
    const { name } = this.population;
    for (const { symbol, format } of this.fields.values()) {
      if (symbol === undefined) continue;
      const seen = rangeSeen(this.context, 'variable', name, symbol);
      const exact = format.fraction === 0;
      noteFormat(this.context, `${name}.${symbol}`, format, { seen, proved: null, exact });
    }
  }
}

/** The field of a parameter; names with a colon cannot clash with those of an equation. */
const fieldOf = (key: string, fraction: number): string => `${key}:${fraction}`;

function readsOfCurrent({ updates }: NeuronModel): number {
  const texts = updates.flatMap(({ value, condition }) =>
    (condition ? [value, condition] : [value]).map(printExpression),
  );
  return texts.join(' ').match(/\bI\b/g)?.length ?? 0;
}
