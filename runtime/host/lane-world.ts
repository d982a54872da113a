import type { LaneEpisode } from '../../compiler/codegen/wasm/world.js';
import type { WorldConditions } from '../../src/network/world.js';
import { type Kernel, LANES, type LaneMemory } from './lane-memory.js';

/** Draws of episodes are kept for the next members who meet them, up to this many bytes. */
const MOST_DRAWS = 2 ** 26;
/** Episodes whose draws are kept at most: those of a generation and those of its centre. */
const MOST_EPISODES = 64;

/** The random draws of one episode, step after step. */
interface KeptDraws {
  readonly offset: number;
  /** That of the episode whose draws lie here. */
  seed: number | undefined;
  /** Steps whose draws lie here. */
  made: number;
}

/** Runs `emitWorld`'s episodes in the memory of a machine. */
export class LaneEpisodes {
  private readonly episode: Kernel;
  /** Those that were used last stand last. */
  private readonly kept: KeptDraws[] = [];
  /** Bytes of the draws of an episode, and for how many there is room. */
  private readonly bytes: number;
  private readonly room: number;
  private conditions: WorldConditions | undefined;

  /** `block`: bytes of draws that a step makes, and where they go when an episode, which would need more than `most`, keeps none. */
  constructor(
    private readonly memory: LaneMemory,
    private readonly placed: LaneEpisode,
    steps: number,
    private readonly block: { readonly offset: number; readonly bytes: number },
    most = MOST_DRAWS,
  ) {
    this.bytes = steps * block.bytes;
    this.room = this.bytes > 0 ? Math.min(MOST_EPISODES, Math.floor(most / this.bytes)) : 0;
    this.episode = memory.add(placed.module, placed.bytes, 'episode');
  }

  /** One episode of a machine that has been reset; returns the steps done. */
  run(conditions: WorldConditions, seed: number, learning: boolean, scores: Float64Array): number {
    const { memory, placed } = this;
    if (conditions !== this.conditions) {
      memory.doubles.set(conditions.constants, placed.constants.offset / 8);
      memory.doubles.set(conditions.table, placed.table.offset / 8);
      this.conditions = conditions;
    }
    for (const { placed: own, initial, constant } of placed.variables) {
      this.fill(own.offset, constant === undefined ? initial : conditions.constants[constant]!);
    }
    this.fill(placed.scores.offset, 0);
    const steps = this.runDrawing(seed, learning);
    const start = placed.scores.offset / 8;
    for (let lane = 0; lane < LANES; lane++) scores[lane] = memory.doubles[start + lane]!;
    return steps;
  }

  private runDrawing(seed: number, learning: boolean): number {
    // Without rules that run, nothing is drawn.
    const draws = learning && this.room > 0 ? this.drawsOf(seed) : undefined;
    const { offset, made } = draws ?? { ...this.block, made: 0 };
    const step = draws ? this.block.bytes : 0;
    const steps = this.episode(seed, learning ? 1 : 0, offset, step, made)!;
    if (draws) draws.made = Math.max(made, steps);
    return steps;
  }

  /** What is kept of an episode, in the place of what was used least lately where there is no more room. */
  private drawsOf(seed: number): KeptDraws {
    const { kept } = this;
    const found = kept.findIndex((draws) => draws.seed === seed);
    const draws = found >= 0 ? kept.splice(found, 1)[0]! : this.place();
    if (found < 0) Object.assign(draws, { seed, made: 0 });
    kept.push(draws);
    return draws;
  }

  private place(): KeptDraws {
    const { kept, placed, bytes } = this;
    if (kept.length === this.room) return kept.shift()!;
    const offset = placed.bytes + kept.length * bytes;
    this.memory.reserve(offset + bytes);
    return { offset, seed: undefined, made: 0 };
  }

  private fill(offset: number, value: number): void {
    this.memory.doubles.fill(value, offset / 8, offset / 8 + LANES);
  }
}
