import type { LaneEpisode } from '../../compiler/codegen/wasm/world.js';
import type { WorldConditions } from '../../src/network/world.js';
import { type Kernel, LANES, type LaneMemory } from './lane-memory.js';

/** Draws of an episode are kept for the next members who meet it, up to this many bytes. */
const MOST_DRAWS = 2 ** 26;

/** Runs `emitWorld`'s episodes in the memory of a machine. */
export class LaneEpisodes {
  private readonly episode: Kernel;
  private readonly draws: number;
  private readonly block: number;
  private conditions: WorldConditions | undefined;
  private seed: number | undefined;
  /** Steps whose draws lie in the memory. */
  private made = 0;

  /** `block`: bytes of draws that a step makes, and where they go when an episode, which would need more than `most`, keeps none. */
  constructor(
    private readonly memory: LaneMemory,
    private readonly placed: LaneEpisode,
    steps: number,
    block: { readonly offset: number; readonly bytes: number },
    most = MOST_DRAWS,
  ) {
    const all = steps * block.bytes;
    const kept = all <= most;
    this.draws = kept ? placed.bytes : block.offset;
    this.block = kept ? block.bytes : 0;
    this.episode = memory.add(placed.module, placed.bytes + (kept ? all : 0), 'episode');
  }

  /** One episode of a machine that has been reset; returns the steps done. */
  run(conditions: WorldConditions, seed: number, learning: boolean, scores: Float64Array): number {
    const { memory, placed } = this;
    if (conditions !== this.conditions) {
      memory.doubles.set(conditions.constants, placed.constants.offset / 8);
      memory.doubles.set(conditions.table, placed.table.offset / 8);
      this.conditions = conditions;
    }
    if (seed !== this.seed) this.made = 0;
    this.seed = seed;
    for (const { placed: own, initial, constant } of placed.variables) {
      this.fill(own.offset, constant === undefined ? initial : conditions.constants[constant]!);
    }
    this.fill(placed.scores.offset, 0);
    const steps = this.episode(seed, learning ? 1 : 0, this.draws, this.block, this.made)!;
    // Without rules that run, nothing was drawn.
    if (this.block > 0 && learning) this.made = Math.max(this.made, steps);
    const start = placed.scores.offset / 8;
    for (let lane = 0; lane < LANES; lane++) scores[lane] = memory.doubles[start + lane]!;
    return steps;
  }

  private fill(offset: number, value: number): void {
    this.memory.doubles.fill(value, offset / 8, offset / 8 + LANES);
  }
}
