import type { Span } from '../../../compiler/diagnostics/diagnostic.js';
import type { MicroKernel } from '../../../compiler/levels/micro/micro.js';
import {
  type Destination,
  type Instruction,
  isSpecial,
  ONE,
  type Operand,
  operandKey,
  ZERO,
} from './instruction.js';
import type { Shape, Value } from './match.js';
import { type Ordering, operandsOf, type Step } from './order.js';

/** Gives every value a place: fields where they are stored, temporaries elsewhere. */
export class Placing {
  readonly instructions: Instruction[] = [];
  /** Where the value of an operation stands; loads stand in their field until it is written. */
  private readonly places = new Map<number, Operand>();
  private readonly lastUse = new Map<number, number>();
  private temporaries = 0;

  constructor(
    private readonly kernel: MicroKernel,
    private readonly ordering: Ordering,
  ) {
    for (const [at, { shape }] of ordering.steps.entries()) {
      for (const value of operandsOf(shape))
        if (typeof value === 'number') this.lastUse.set(value, at);
    }
    for (const [at, step] of ordering.steps.entries()) this.place(step, at);
  }

  private place(step: Step, at: number): void {
    const { index, shape, field, origin } = step;
    if (this.ordering.dumps.some((d) => d.field === field)) {
      this.places.set(index, { kind: 'field', name: field! });
      return;
    }
    const d: Destination = field === undefined ? this.temporary() : this.destination(field);
    const operands = this.legal(this.operandsOf(shape), origin);
    if (field !== undefined) this.save(field, at, origin);
    const { op, p, s, rounding, operation } = shape;
    this.instructions.push({ op, ...operands, d, p, s, rounding, operation, origin });
    this.places.set(index, d);
  }

  private operandsOf(shape: Shape): Operands {
    const { a, b, c, e } = shape;
    const read = (value: Value): Operand => this.operand(value);
    return { a: read(a), b: read(b), c: read(c), e: read(e) };
  }

  private operand(value: Value): Operand {
    if (value === 'zero') return ZERO;
    if (value === 'one') return ONE;
    if (typeof value === 'object') return numberOperand(value.immediate);
    const known = this.places.get(value);
    if (known) return known;
    const o = this.kernel.operations[value]!;
    if (o.kind === 'constant') return numberOperand(o.value);
    if (o.kind !== 'load') throw new Error(`${this.kernel.owner}: ${o.kind} has no place`);
    return this.loaded(o.field);
  }

  private loaded(field: string): Operand {
    if (this.kernel.kind === 'neuron') {
      const scale = /^scale\.mantissa:(.*)$/s.exec(field);
      return scale ? { kind: 'scale', projection: scale[1]! } : { kind: 'field', name: field };
    }
    if (field === 'weight' || field === 'modulator') return { kind: field };
    if (field === 'scale.mantissa') return { kind: 'scale', projection: this.kernel.owner };
    if (field.startsWith('pre.')) return { kind: 'pre', name: field.slice(4) };
    if (field.startsWith('post.')) return { kind: 'field', name: field.slice(5) };
    if (field.startsWith('synapse:')) return { kind: 'variable' };
    return { kind: 'coefficient', name: field };
  }

  private destination(field: string): Destination {
    if (this.kernel.kind === 'neuron') return { kind: 'field', name: field };
    return { kind: field === 'weight' ? 'weight' : 'variable' };
  }

  /** At most one special operand, and nothing as b that the core cannot subtract: else a temporary takes it. */
  private legal(operands: Operands, origin: Span): Operands {
    const isNeuron = this.kernel.kind === 'neuron';
    const plain = (o: Operand): Operand =>
      o.kind === 'one' && !isNeuron ? { kind: 'immediate', value: 1 } : o;
    const result = {
      a: plain(operands.a),
      b: operands.b.kind === 'one' ? ({ kind: 'immediate', value: 1 } as const) : operands.b,
      c: plain(operands.c),
      e: plain(operands.e),
    };
    if (!['zero', 'immediate', 'scale', 'modulator', 'temporary', 'field'].includes(result.b.kind))
      result.b = this.copied(result.b, origin);
    for (const name of ['e', 'a', 'b', 'c'] as const) {
      const specials = new Set(
        [result.a, result.b, result.c, result.e].filter(isSpecial).map(operandKey),
      );
      if (specials.size < 2) break;
      // The scale stays: its exponent belongs to the instruction.
      if (!isSpecial(result[name]) || result[name].kind === 'scale') continue;
      result[name] = this.copied(result[name], origin);
    }
    return result;
  }

  /** A temporary that holds what an operand does. */
  private copied(e: Operand, origin: Span): Operand {
    const d = this.temporary();
    const unshifted = { p: 0, s: 0, rounding: 'none', operation: 0, origin } as const;
    this.instructions.push({ op: 'mac', a: ZERO, b: ZERO, c: ZERO, e, d, ...unshifted });
    return d;
  }

  private temporary(): Operand & { readonly kind: 'temporary' } {
    return { kind: 'temporary', index: this.temporaries++ };
  }

  /** Before a field is written: what stands in it and is read later moves to a temporary. */
  private save(field: string, at: number, origin: Span): void {
    const place = this.destination(field) as Operand;
    const key = operandKey(place);
    const isNeeded = (value: number): boolean => (this.lastUse.get(value) ?? -1) > at;
    const held = [...this.lastUse.keys()].filter((value) => {
      if (!isNeeded(value)) return false;
      const o = this.kernel.operations[value]!;
      if (this.places.has(value)) return operandKey(this.places.get(value)!) === key;
      return o.kind === 'load' && operandKey(this.loaded(o.field)) === key;
    });
    if (held.length === 0) return;
    const copy = this.copied(place, origin);
    for (const value of held) this.places.set(value, copy);
  }
}

interface Operands {
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  readonly e: Operand;
}

function numberOperand(value: number): Operand {
  if (value === 0) return ZERO;
  return value === 1 ? ONE : { kind: 'immediate', value };
}
