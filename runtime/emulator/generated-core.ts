import type { Kernel, PackedArray } from '../host/packed-memory.js';
import type { IntegerArray } from '../probes.js';
import type { CoreKernels, GroupActivity } from './core.js';
import type { BlockState, ChipState, CoreState, GroupState } from './state.js';

/** What the generated code of all cores shares. */
export interface GeneratedShared {
  /** Saturations and active neurons of the kernel that ran last, of every core. */
  readonly counters: PackedArray;
  readonly modulator: PackedArray;
  /** By core and group: trace messages of a step. */
  readonly traceMessages: readonly (readonly number[])[];
}

/** Runs the generated code of one core. */
export class GeneratedCore implements CoreKernels {
  private readonly run = new Map<GroupState | BlockState, Kernel>();
  private readonly rules = new Map<BlockState, Kernel>();
  /** By block: the edits of the state before its last sweep; later ones ask for a whole one. */
  private readonly swept = new Map<BlockState, number>();
  private readonly traceMessages = new Map<GroupState, number>();

  constructor(
    state: CoreState,
    private readonly number: number,
    private readonly chip: ChipState,
    kernel: (name: string) => Kernel,
    private readonly shared: GeneratedShared,
    /** Hears of limits that changed a value. */
    private readonly limited: (count: number) => void,
  ) {
    for (const [g, group] of state.groups.entries()) {
      this.run.set(group, kernel(`core${number}.neurons${g}`));
      this.traceMessages.set(group, shared.traceMessages[number]![g]!);
    }
    for (const [b, block] of state.blocks.entries()) {
      this.run.set(block, kernel(`core${number}.deliver${b}`));
      if (block.block.entry >= 0) this.rules.set(block, kernel(`core${number}.learn${b}`));
    }
  }

  accumulate(state: BlockState, payload: IntegerArray, into: IntegerArray): number {
    const from = (payload as PackedArray).byteOffset;
    const operations = this.run.get(state)!(from, (into as PackedArray).byteOffset);
    this.collect();
    return operations;
  }

  neurons(state: GroupState, activity: GroupActivity): void {
    const { counters } = this.shared;
    const active = 2 * this.number + 1;
    counters[active] = 0;
    this.run.get(state)!();
    activity.active = counters[active]!;
    activity.traces = this.traceMessages.get(state)!;
    this.collect();
  }

  learn(state: BlockState): void {
    this.shared.modulator[0] = this.chip.modulator;
    const { edits } = this.chip;
    this.rules.get(state)!(this.swept.get(state) === edits ? 0 : 1);
    this.swept.set(state, edits);
    this.collect();
  }

  /** Hands on what was counted. */
  private collect(): void {
    const { counters } = this.shared;
    const at = 2 * this.number;
    const count = counters[at]!;
    if (count === 0) return;
    counters[at] = 0;
    this.limited(count);
  }
}
