import { offsetRange, type Range, rangeOfFormat } from '../../compiler/levels/numbers/format.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramGroup,
  ProgramPopulation,
} from '../../compiler/levels/program/program.js';
import type { IntegerArray } from '../probes.js';

/** Makes the arrays of a chip. */
export interface ChipMemory {
  allocate(length: number, range: Range): IntegerArray;
  /** What the y registers of a group hold. */
  traceRange(group: ProgramGroup, slot: number): Range;
}

/** Messages of one population as the cores receive them. */
export interface Mailbox {
  /** Payloads of this step, one per neuron. */
  readonly payload: IntegerArray;
  /** Payloads of earlier steps: slot (step mod length) arrives now. Empty when nothing is delayed. */
  readonly delayed: Map<number, IntegerArray[]>;
  /** x registers: one array per slot. */
  readonly traces: readonly IntegerArray[];
}

export interface GroupState {
  readonly group: ProgramGroup;
  readonly fields: readonly IntegerArray[];
  /** y registers: one array per slot. */
  readonly traces: readonly IntegerArray[];
}

export interface BlockState {
  readonly block: ProgramBlock;
  readonly weights: IntegerArray;
  readonly tags: IntegerArray;
  /** Currents under way of a `send` projection: slot (step mod length) arrives now. */
  readonly ring: readonly IntegerArray[];
}

/** The memories of one core. */
export interface CoreState {
  readonly core: ProgramCore;
  readonly groups: readonly GroupState[];
  readonly blocks: readonly BlockState[];
}

/** What the cores of one chip share. */
export interface ChipState {
  readonly program: Program;
  readonly mailboxes: readonly Mailbox[];
  readonly cores: readonly CoreState[];
  seed: number;
  step: number;
  modulator: number;
  /** How often state was put there from outside: by `reset` and by writes. */
  edits: number;
}

/** The range of the x registers that a population fills. */
export const registerRange = ({ traces }: ProgramPopulation, slot: number): Range =>
  offsetRange(traces[slot]!);

/** All memories of a chip, of zeros; `resetChip` puts the initial values there. */
export function createChip(program: Program, memory: ChipMemory): ChipState {
  return {
    program,
    mailboxes: program.populations.map((p, index) => newMailbox(program, p, index, memory)),
    cores: program.cores.map((core) => newCore(core, memory)),
    seed: 0,
    step: 0,
    modulator: 0,
    edits: 0,
  };
}

function newMailbox(
  program: Program,
  population: ProgramPopulation,
  index: number,
  memory: ChipMemory,
): Mailbox {
  const { size, traces, payloadFormat } = population;
  const payload = (): IntegerArray => memory.allocate(size, rangeOfFormat(payloadFormat));
  const blocks = program.cores.flatMap((c) => c.blocks.filter((b) => b.pre === index && !b.send));
  const delays = new Set(blocks.map((b) => b.delay).filter((d) => d > 0));
  const line = (delay: number): IntegerArray[] => Array.from({ length: delay + 1 }, payload);
  return {
    payload: payload(),
    delayed: new Map([...delays].map((delay) => [delay, line(delay)])),
    traces: traces.map((_, slot) => memory.allocate(size, registerRange(population, slot))),
  };
}

function newCore(core: ProgramCore, memory: ChipMemory): CoreState {
  return {
    core,
    groups: core.groups.map((group) => ({
      group,
      fields: group.fields.map(({ format }) => memory.allocate(group.count, rangeOfFormat(format))),
      traces: Array.from({ length: group.traces }, (_, slot) =>
        memory.allocate(group.count, memory.traceRange(group, slot)),
      ),
    })),
    blocks: core.blocks.map((block) => {
      const { weights, weightFormat, tags, tagFormat, send, delay, accumulator } = block;
      const { count, fields } = core.groups[block.group]!;
      const sums = rangeOfFormat(fields[accumulator]!.format);
      return {
        block,
        weights: memory.allocate(weights.length, rangeOfFormat(weightFormat)),
        tags: memory.allocate(tags.length, tagFormat ? rangeOfFormat(tagFormat) : [0, 0]),
        ring: Array.from({ length: send && delay > 0 ? delay + 1 : 0 }, () =>
          memory.allocate(count, sums),
        ),
      };
    }),
  };
}

/** Puts every state at its initial value. */
export function resetChip(chip: ChipState, seed: number): void {
  const { program, mailboxes, cores } = chip;
  chip.seed = seed >>> 0;
  chip.step = 0;
  chip.edits++;
  chip.modulator = program.modulator?.offset ?? 0;
  for (const { groups, blocks } of cores) {
    for (const { group, fields, traces } of groups) {
      for (const [i, field] of group.fields.entries()) fill(fields[i]!, field.initial);
      for (const trace of traces) trace.fill(0);
    }
    for (const { block, weights, tags, ring } of blocks) {
      weights.set(block.weights);
      tags.set(block.tags);
      for (const slot of ring) slot.fill(0);
    }
  }
  for (const [i, mailbox] of mailboxes.entries()) {
    mailbox.payload.fill(0);
    for (const [slot, trace] of mailbox.traces.entries()) {
      trace.fill(program.populations[i]!.traces[slot]!.initial);
    }
    for (const line of mailbox.delayed.values()) for (const payload of line) payload.fill(0);
  }
}

function fill(target: IntegerArray, initial: readonly number[]): void {
  if (initial.length === 1) target.fill(initial[0]!);
  else target.set(initial);
}
