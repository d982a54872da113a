import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import type { Span } from '../../../compiler/diagnostics/diagnostic.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { type CoreConfiguration, timingOf } from '../configuration.js';
import {
  IDLE_PASS,
  NO_OPERATION,
  type Operand as OperandCode,
  type Result,
} from '../instructions.js';
import type { Instruction, Operand } from '../select/instruction.js';
import { colours } from './colours.js';
import {
  fieldCode,
  MOST_PASSES,
  type PackedInstruction,
  type PackedPass,
  type Place,
  packed,
  readsOf,
  type Surroundings,
} from './packed.js';

/** What stands for the names that a rule reads. */
export interface RuleSurroundings extends Surroundings {
  /** Where a field of the postsynaptic neuron lies. */
  field(name: string): Place;
  /** What the presynaptic neuron sends as a field. */
  pre(name: string): 'x0' | 'x1';
  coefficient(name: string): 'k0' | 'k1' | 'k2' | 'k3';
}

/** A rule in passes. */
export interface PackedRule {
  readonly passes: readonly PackedPass[];
  /** Stochastic roundings. */
  readonly draws: number;
}

/**
 * Puts the instructions of a rule into passes, one unit after the other. The fields that it reads lie in one page (`packNeuron`); a
 * stochastic rounding comes no earlier than its draw, and one draw is asked for in each pass. The weight is written in the last
 * pass, by the last instruction.
 *
 * @throws DiagnosticsError PL3056 for too many passes.
 */
export function packRule(
  rule: string,
  instructions: readonly Instruction[],
  surroundings: RuleSurroundings,
  configuration: CoreConfiguration,
): PackedRule {
  const temporary = colours(instructions);
  const { slots, unread } = slotsOf(instructions, configuration);
  const draws = drawsOf(instructions);
  const { units } = configuration;
  const { drawPasses } = timingOf(configuration);
  const least = draws > 0 ? Math.max(draws, drawPasses) : 1;
  const count = Math.max(least, Math.floor((slots.at(-1) ?? 0) / units) + 1);
  if (count > MOST_PASSES) {
    const message = `the rule of ${rule} takes ${count} passes of ${units} units; the core has ${MOST_PASSES}`;
    const help = 'compile for a core with more units, or compute a part of it in the neuron';
    fail(diagnostic('PL3056', message, { span: instructions[0]!.origin, help }));
  }
  // The weight waits for the last pass, which comes later where draws are still asked for.
  slots[slots.length - 1] = Math.max(slots.at(-1)!, (count - 1) * units);
  const readPage = pageOf(instructions, surroundings);
  const writes = instructions.findIndex((i) => i.d.kind === 'variable');
  const at: (PackedInstruction | undefined)[] = Array.from({ length: count * units });
  for (const [k, instruction] of instructions.entries()) {
    const read = (o: Operand): OperandCode =>
      operandCode(o, surroundings, temporary, writes >= 0 && k > writes);
    at[slots[k]!] = packed(instruction, resultOf(instruction, temporary), read, surroundings);
  }
  for (const [operation, slot] of unread) at[slot] = taking(operation, instructions[0]!.origin);
  const passes = Array.from({ length: count }, (_, pass): PackedPass => {
    const own = at.slice(pass * units, (pass + 1) * units);
    const writesTo = (d: Result): boolean => own.some((unit) => unit?.instruction.d === d);
    const control = { ...IDLE_PASS, readPage };
    return {
      control: { ...control, writeWeight: writesTo('w'), writeVariable: writesTo('f0') },
      units: own,
    };
  });
  return { passes, draws };
}

/** Stochastic roundings of a rule, numbered from 0. */
export const drawsOf = (instructions: readonly Instruction[]): number =>
  Math.max(0, ...instructions.map((i) => (i.rounding === 'stochastic' ? i.operation + 1 : 0)));

/** What takes a draw that nothing is rounded by. */
const taking = (operation: number, origin: Span): PackedInstruction => ({
  instruction: { ...NO_OPERATION, rounding: operation === 0 ? 'draw0' : 'draw1' },
  origin,
});

/** Places in the row of all units of all passes. */
interface Slots {
  /** Of each instruction. */
  readonly slots: number[];
  /** Of what takes draws that are asked for and round nothing: where a rule has a second rounding, but no first one. */
  readonly unread: ReadonlyMap<number, number>;
}

function slotsOf(instructions: readonly Instruction[], configuration: CoreConfiguration): Slots {
  const { units, depth } = configuration;
  const { round, fetch, adds, draw } = timingOf(configuration);
  /** Cycles from the issue of a synapse to where a unit adds its draw, from the pass on in which that is asked for. */
  const reached = (slot: number, asked: number): number =>
    (Math.floor(slot / units) - asked) * round + fetch + (slot % units) * depth + adds;
  let slot = 0;
  const slots = instructions.map(({ rounding, operation }) => {
    if (rounding === 'stochastic') while (reached(slot, operation) < draw) slot++;
    return slot++;
  });
  const unread = new Map<number, number>();
  const isRead = (asked: number): boolean =>
    instructions.some((i) => i.rounding === 'stochastic' && i.operation === asked);
  for (let asked = drawsOf(instructions) - 1; asked >= 0; asked--) {
    if (isRead(asked)) continue;
    let free = 0;
    // The weight is written last.
    const last = slots.length - 1;
    while (reached(free, asked) < draw || slots.slice(0, last).includes(free)) free++;
    unread.set(asked, free);
    slots[last] = Math.max(slots[last]!, free + 1);
  }
  return { slots, unread };
}

/** The page of the fields that a rule reads. */
function pageOf(instructions: readonly Instruction[], { field }: RuleSurroundings): number {
  const reads = instructions.flatMap(readsOf);
  const pages = new Set(reads.flatMap((o) => (o.kind === 'field' ? [field(o.name).page] : [])));
  if (pages.size > 1) throw new Error('a rule reads fields of two pages');
  return [...pages][0] ?? 0;
}

function operandCode(
  o: Operand,
  { field, pre, coefficient }: RuleSurroundings,
  temporary: (index: number) => 't0' | 't1',
  isWritten: boolean,
): OperandCode {
  switch (o.kind) {
    case 'weight':
      return 'w';
    case 'variable':
      return isWritten ? 't1' : 'v';
    case 'temporary':
      return temporary(o.index);
    case 'field':
      return fieldCode(field(o.name).bank);
    case 'pre':
      return pre(o.name);
    case 'coefficient':
      return coefficient(o.name);
    default:
      throw new Error(`a rule reads ${o.kind}`);
  }
}

function resultOf({ d }: Instruction, temporary: (index: number) => 't0' | 't1'): Result {
  switch (d.kind) {
    case 'weight':
      return 'w';
    case 'variable':
      return 'f0';
    case 'temporary':
      return temporary(d.index);
    default:
      throw new Error(`a rule writes the ${d.kind} ${d.name}`);
  }
}
