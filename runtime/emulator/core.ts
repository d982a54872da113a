import type { ProgramBlock, ProgramGroup } from '../../compiler/levels/program/program.js';
import type { IntegerArray } from '../probes.js';
import type { BlockState, ChipState, CoreState, GroupState } from './state.js';

/** What the neurons of a group did in a step. */
export interface GroupActivity {
  /** Neurons that sent a payload. */
  active: number;
  /** Trace messages: one per x register of each neuron. */
  traces: number;
}

/** How a core does its work: `interpreter.ts` decodes word by word, `generated.ts` has code made from the words. */
export interface CoreKernels {
  /** Adds weight · payload of every synapse whose payload is not 0 to the accumulators; gives how many there were. */
  accumulate(state: BlockState, payload: IntegerArray, into: IntegerArray): number;
  /** Runs the neurons of a group, and notes what they did. */
  neurons(state: GroupState, activity: GroupActivity): void;
  /** Runs the rule of every synapse of a block. */
  learn(state: BlockState): void;
}

/** Hears of what a core did. */
export interface CoreEvents {
  /** Synapses over which payloads were delivered. */
  delivered(core: number, operations: number): void;
  updated(core: number, group: ProgramGroup, active: number, traces: number): void;
  learned(core: number, synapses: number, products: number): void;
}

/** The order of work in one core, and what it costs; a step allocates nothing. */
export class Core {
  private readonly activity: GroupActivity = { active: 0, traces: 0 };
  /** Groups with the blocks that end on them. */
  private readonly work: readonly {
    readonly state: GroupState;
    readonly arriving: readonly BlockState[];
  }[];

  constructor(
    private readonly state: CoreState,
    private readonly kernels: CoreKernels,
    /** Products of the rule at an entry. */
    private readonly products: (entry: number) => number,
    private readonly chip: ChipState,
    private readonly events: CoreEvents,
  ) {
    this.work = state.groups.map((group, index) => ({
      state: group,
      arriving: state.blocks.filter(({ block }) => block.group === index),
    }));
  }

  /** Delivers what arrives at the groups of a phase, then runs their neurons. */
  runPhase(phase: number): void {
    for (const { state, arriving } of this.work) {
      if (state.group.phase !== phase) continue;
      for (const block of arriving) this.deliver(block);
      this.runGroup(state);
    }
  }

  /** Puts this step's currents of `send` projections under way, with the weights as they are now. */
  sendCurrents(): void {
    for (const state of this.state.blocks) {
      const { block, ring } = state;
      if (ring.length === 0) continue;
      const slot = ring[(this.chip.step + block.delay) % ring.length]!;
      this.accumulate(state, this.chip.mailboxes[block.pre]!.payload, slot);
    }
  }

  learn(): void {
    const { core, blocks } = this.state;
    for (const state of blocks) {
      const { block } = state;
      if (block.entry < 0 || (this.chip.step + 1) % block.every !== 0) continue;
      this.kernels.learn(state);
      this.events.learned(core.index, state.weights.length, this.products(block.entry));
    }
  }

  private deliver(state: BlockState): void {
    const { block, ring } = state;
    const into = this.state.groups[block.group]!.fields[block.accumulator]!;
    if (ring.length > 0) {
      const slot = ring[this.chip.step % ring.length]!;
      into.set(slot);
      slot.fill(0);
      return;
    }
    this.accumulate(state, this.arriving(block), into);
  }

  private arriving(block: ProgramBlock): IntegerArray {
    const mailbox = this.chip.mailboxes[block.pre]!;
    if (block.delay === 0) return mailbox.payload;
    const line = mailbox.delayed.get(block.delay)!;
    return line[this.chip.step % line.length]!;
  }

  private accumulate(state: BlockState, payload: IntegerArray, into: IntegerArray): void {
    const operations = this.kernels.accumulate(state, payload, into);
    this.events.delivered(this.state.core.index, operations);
  }

  private runGroup(state: GroupState): void {
    const { activity } = this;
    this.kernels.neurons(state, activity);
    const { group, fields } = state;
    for (let i = 0; i < fields.length; i++) if (group.fields[i]!.clear) fields[i]!.fill(0);
    this.events.updated(this.state.core.index, group, activity.active, activity.traces);
  }
}
