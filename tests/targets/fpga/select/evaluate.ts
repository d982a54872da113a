import { topBits } from '../../../../compiler/levels/numbers/rounding.js';
import type { Instruction, Operand } from '../../../../targets/fpga/select/instruction.js';
import type { AccumulatorDump } from '../../../../targets/fpga/select/select.js';

/** What instructions run over: every name of the level `fixed`, as it is called in a kernel. */
export interface CoreState {
  readonly kind: 'neuron' | 'synapse';
  readonly values: Map<string, number>;
  readonly weightBits: number;
  /** The draw of a synapse for an operation: 32 bits, of which the first eight count. */
  random(operation: number): number;
}

/** Runs a list of instructions as README.md of the core states them, one after the other. */
export function evaluateInstructions(
  dumps: readonly AccumulatorDump[],
  instructions: readonly Instruction[],
  state: CoreState,
): void {
  const { values } = state;
  for (const { projection, field, shift } of dumps) {
    const sum = values.get(`I:${projection}`)!;
    values.set(field, saturated(Math.floor((sum + half(shift)) / 2 ** shift), 16));
  }
  const temporaries: number[] = [];
  for (const i of instructions) {
    const read = (o: Operand): number =>
      o.kind === 'temporary' ? temporaries[o.index]! : operandOf(o, state);
    const result = resultOf(i, read, state);
    const { d } = i;
    if (d.kind === 'temporary') temporaries[d.index] = saturated(result, 16);
    else if (d.kind === 'weight') values.set('weight', saturated(result, state.weightBits));
    else values.set(nameOf(d, state), saturated(result, 16));
  }
}

function resultOf(i: Instruction, read: (o: Operand) => number, state: CoreState): number {
  const [a, b, c, e] = [read(i.a), read(i.b), read(i.c), read(i.e)];
  for (const operand of [a, b, c, e]) expectWithin(operand, 16);
  switch (i.op) {
    case 'lt':
      return a < b ? c : e;
    case 'le':
      return a <= b ? c : e;
    case 'eq':
      return a === b ? c : e;
    case 'tern':
      return Math.abs(a) > b ? Math.sign(a) : 0;
    case 'abs':
      return Math.abs(a);
    case 'mac': {
      const exponent = exponentOf(i, state);
      const [p, s] = [i.p - exponent, i.s - exponent];
      if (p < 0 || p > 15 || s < 0 || s > 31) throw new Error(`shifts of ${p} and ${s}`);
      const z = saturated(a - b, 16) * c + e * 2 ** p + roundingOf(i, s, state);
      expectWithin(z, 32);
      return Math.floor(z / 2 ** s);
    }
  }
}

function roundingOf({ rounding, operation }: Instruction, s: number, state: CoreState): number {
  if (rounding === 'none') return 0;
  if (rounding === 'nearest') return half(s);
  const draw = topBits(state.random(operation), 8);
  return s >= 8 ? draw * 2 ** (s - 8) : Math.floor(draw / 2 ** (8 - s));
}

const half = (s: number): number => (s > 0 ? 2 ** (s - 1) : 0);

function exponentOf({ a, b, c, e }: Instruction, { kind, values }: CoreState): number {
  const scale = [a, b, c, e].find((o) => o.kind === 'scale');
  if (scale?.kind !== 'scale') return 0;
  return values.get(kind === 'neuron' ? `scale.exponent:${scale.projection}` : 'scale.exponent')!;
}

function operandOf(o: Operand, state: CoreState): number {
  if (o.kind === 'zero') return 0;
  if (o.kind === 'one') return 1;
  if (o.kind === 'immediate') return o.value;
  return state.values.get(nameOf(o, state))!;
}

/** What the level `fixed` calls an operand. */
function nameOf(o: Operand, { kind, values }: CoreState): string {
  switch (o.kind) {
    case 'field':
      return kind === 'neuron' ? o.name : `post.${o.name}`;
    case 'pre':
      return `pre.${o.name}`;
    case 'coefficient':
      return o.name;
    case 'variable':
      return [...values.keys()].find((name) => name.startsWith('synapse:'))!;
    case 'scale':
      return kind === 'neuron' ? `scale.mantissa:${o.projection}` : 'scale.mantissa';
    default:
      return o.kind;
  }
}

function saturated(value: number, bits: number): number {
  const high = 2 ** (bits - 1) - 1;
  return Math.max(-high - 1, Math.min(high, value)) + 0;
}

function expectWithin(value: number, bits: number): void {
  if (!Number.isInteger(value) || value < -(2 ** (bits - 1)) || value >= 2 ** (bits - 1))
    throw new Error(`${value} in ${bits} bits`);
}
