import type { Span } from '../../../compiler/diagnostics/diagnostic.js';
import type { MicroKernel } from '../../../compiler/levels/micro/micro.js';
import { Matcher, moved, type Shape, type Value } from './match.js';

/** An instruction in its order: the operation whose value it makes, and the field that it writes, if any. */
export interface Step {
  readonly index: number;
  readonly shape: Shape;
  readonly field: string | undefined;
  readonly origin: Span;
}

/** A store of the shifted accumulator of a projection: no instruction, the core does it as it stores. */
export interface Dump {
  /** The accumulator. */
  readonly accumulator: string;
  readonly field: string;
  readonly shift: number;
}

/**
 * The instructions of a kernel, in an order that keeps few values alive: of what an instruction reads, the value that needs more
 * temporaries is made first.
 */
export class Ordering {
  readonly steps: Step[] = [];
  readonly dumps: Dump[] = [];
  /** Operations whose values stand in a field or a temporary. */
  readonly made = new Set<number>();
  private readonly matcher: Matcher;

  constructor(
    private readonly kernel: MicroKernel,
    private readonly isAccumulator: (field: string) => boolean,
  ) {
    this.matcher = new Matcher(kernel);
    for (const o of kernel.operations) {
      if (o.kind !== 'store') continue;
      const dump = this.made.has(o.value) ? undefined : this.dumpOf(o.value, o.field);
      if (dump) {
        this.dumps.push(dump);
        this.steps.push({ index: o.value, shape: moved('zero'), field: o.field, origin: o.origin });
        this.made.add(o.value);
      } else this.make(o.value, o.field, o.origin);
    }
  }

  private make(index: number, field: string | undefined, origin: Span): void {
    const isCopy = this.made.has(index);
    const shape = isCopy ? moved(index) : this.shape(index);
    const values = operandsOf(shape).filter((v): v is number => this.isMissing(v));
    const order = [...new Set(values)].sort((x, y) => this.need(y) - this.need(x));
    for (const value of order) this.make(value, undefined, this.kernel.operations[value]!.origin);
    this.steps.push({ index, shape, field, origin });
    this.made.add(index);
  }

  private shape(index: number): Shape {
    return this.matcher.shape(index, (i) => this.made.has(i));
  }

  /** Whether a value must be made by an instruction before it is read. */
  private isMissing(value: Value): boolean {
    if (typeof value !== 'number' || this.made.has(value)) return false;
    const { kind } = this.kernel.operations[value]!;
    return kind !== 'load' && kind !== 'constant';
  }

  /** Temporaries that are alive at once while a value is made. */
  private need(index: number): number {
    const values = operandsOf(this.shape(index)).filter((v): v is number => this.isMissing(v));
    const needs = [...new Set(values)].map((v) => this.need(v)).sort((x, y) => y - x);
    return needs.reduce((most, need, i) => Math.max(most, need + i), 1);
  }

  private dumpOf(index: number, field: string): Dump | undefined {
    let o = this.kernel.operations[index]!;
    if (o.kind === 'limit') o = this.kernel.operations[o.operand]!;
    const shift = o.kind === 'shift' ? o.bits : 0;
    if (o.kind === 'shift') o = this.kernel.operations[o.operand]!;
    if (o.kind !== 'load' || !this.isAccumulator(o.field)) return undefined;
    return { accumulator: o.field, field, shift };
  }
}

/** The values that a shape reads. */
export const operandsOf = ({ a, b, c, e }: Shape): readonly Value[] => [a, b, c, e];
