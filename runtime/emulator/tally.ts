import type { ProgramGroup } from '../../compiler/levels/program/program.js';
import type { Accounting } from './accounting.js';
import type { CoreEvents } from './core.js';
import type { CoreState } from './state.js';

/** Words of a tally: deliveries and limits, then two a group, then a count and two a block. */
const DELIVERED = 0;
const LIMITED = 1;
const GROUPS = 2;

/** How many words the tally of a core has. */
export const tallyWords = ({ groups, blocks }: CoreState): number =>
  GROUPS + 2 * groups.length + 1 + 2 * blocks.length;

/** What a core did since the last barrier, in memory that threads share: one writes, another hands it to the accounting. */
export class Tally implements CoreEvents {
  private readonly learning: number;

  constructor(
    private readonly words: Float64Array,
    private readonly state: CoreState,
  ) {
    this.learning = GROUPS + 2 * state.groups.length;
  }

  delivered(_core: number, operations: number): void {
    this.words[DELIVERED]! += operations;
  }

  limited(count: number): void {
    this.words[LIMITED]! += count;
  }

  updated(_core: number, group: ProgramGroup, active: number, traces: number): void {
    let at = GROUPS;
    for (const own of this.state.groups) {
      if (own.group === group) break;
      at += 2;
    }
    this.words[at] = active;
    this.words[at + 1] = traces;
  }

  learned(_core: number, synapses: number, products: number): void {
    const at = this.learning + 1 + 2 * this.words[this.learning]!;
    this.words[at] = synapses;
    this.words[at + 1] = products;
    this.words[this.learning]! += 1;
  }

  /** Hands everything to the accounting; the groups of `phase` have run. */
  drain(phase: number, accounting: Accounting): void {
    const { words } = this;
    const { core, groups } = this.state;
    if (words[DELIVERED]! > 0) accounting.delivered(core.index, words[DELIVERED]!);
    accounting.saturations += words[LIMITED]!;
    let at = GROUPS;
    for (const { group } of groups) {
      if (group.phase === phase) accounting.updated(core.index, group, words[at]!, words[at + 1]!);
      at += 2;
    }
    for (let i = 0; i < words[this.learning]!; i++) {
      const pair = this.learning + 1 + 2 * i;
      accounting.learned(core.index, words[pair]!, words[pair + 1]!);
    }
    words.fill(0);
  }
}
