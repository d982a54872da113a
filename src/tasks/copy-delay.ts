import { episodeBits } from './noise.js';
import { numbered } from './numbered.js';
import type { Episode, EpisodeSpec, Task, TaskFamily, TaskVariant, TaskWorld } from './task.js';

const BITS = 4;
const TRIALS = 8;
/** Steps of a trial that show the pattern, and steps that ask for it. */
const SHOWN = 5;
const ASKED = 5;
const ABOUT =
  'A pattern is shown, then nothing for a while; on a cue the network must give the pattern again.';

const DELAY: TaskVariant = {
  key: 'delay',
  about: 'how many steps lie between a pattern and its cue',
  values: [5, 10, 20, 40],
  default: 10,
};

const specs = (count: number, first: number): EpisodeSpec[] =>
  Array.from({ length: count }, (_, k) => ({
    label: `patterns ${first + k}`,
    group: 'all',
    parameters: { patterns: first + k },
  }));

class CopyDelayEpisode implements Episode {
  modulator = 0;
  readonly #delay: number;
  readonly #seed: number;
  #step = 0;

  constructor(delay: number, patterns: number, seed: number) {
    this.#delay = delay;
    this.#seed = episodeBits(seed, 0, 2, patterns);
  }

  observe(into: Float64Array): void {
    const shown = this.#moment < SHOWN;
    for (let bit = 0; bit < BITS; bit++) into[bit] = shown ? this.wanted(bit) : 0;
    into[BITS] = this.asked ? 1 : 0;
    into[BITS + 1] = 1;
  }

  act(action: ArrayLike<number>): number {
    let right = 0;
    for (let bit = 0; bit < BITS; bit++) if (this.wanted(bit) * action[bit]! > 0) right++;
    this.modulator = this.asked ? right / BITS : 0;
    this.#step++;
    return this.modulator / (TRIALS * ASKED);
  }

  /** Whether the present step asks for the pattern. */
  get asked(): boolean {
    return this.#moment >= SHOWN + this.#delay;
  }

  /** A number of the pattern of the present trial, 1 or −1. */
  wanted(bit: number): number {
    const trial = Math.floor(this.#step / stepsOf(this.#delay));
    return (episodeBits(this.#seed, trial, 1) >>> bit) & 1 ? 1 : -1;
  }

  /** Steps since the present trial began. */
  get #moment(): number {
    return this.#step % stepsOf(this.#delay);
  }
}

const stepsOf = (delay: number): number => SHOWN + delay + ASKED;

function worldOf(delay: number): TaskWorld {
  const steps = TRIALS * stepsOf(delay);
  const [bits, wanted, answers] = ['bit', 'wanted', 'answer'].map((name) =>
    numbered(name, BITS),
  ) as [string[], string[], string[]];
  const columns = [...bits, 'asked', ...wanted];
  const right = answers.map((answer, i) => `(${wanted[i]} * ${answer} > 0)`).join(' + ');
  return {
    equations: `neuron patterns(${[...answers, ...columns, 'one = 1'].join(', ')})
  right = ${right}
  reward <- right / ${BITS} if asked
  value <- reward / ${TRIALS * ASKED}
`,
    steps,
    observation: [...bits, 'asked', 'one'],
    action: answers,
    constants: [],
    columns,
    modulator: 'reward',
    conditions: ({ parameters }, seed) => {
      const episode = new CopyDelayEpisode(delay, parameters['patterns']!, seed);
      const table = new Float64Array(steps * columns.length);
      const observation = new Float64Array(BITS + 2);
      for (let step = 0; step < steps; step++) {
        const row = table.subarray(step * columns.length, (step + 1) * columns.length);
        episode.observe(observation);
        row.set(observation.subarray(0, BITS + 1));
        for (let bit = 0; bit < BITS; bit++) row[BITS + 1 + bit] = episode.wanted(bit);
        episode.act(row);
      }
      return { constants: new Float64Array(0), table };
    },
  };
}

function create(chosen: Readonly<Record<string, number>>): Task {
  const delay = chosen[DELAY.key]!;
  return {
    name: `copy-delay:delay=${delay}`,
    about: ABOUT,
    observationSize: BITS + 2,
    actionSize: BITS,
    steps: TRIALS * stepsOf(delay),
    episodes: { train: specs(16, 0), test: specs(32, 16) },
    world: worldOf(delay),
    createEpisode: ({ parameters }, seed) =>
      new CopyDelayEpisode(delay, parameters['patterns']!, seed),
  };
}

/**
 * A delayed copy, the task of working memory that Arjovsky et al. (2016) call the copying memory problem, after Hochreiter and
 * Schmidhuber (1997), here with the pattern shown at once: eight trials of a random pattern of 4 numbers ±1, shown for 5 steps, then `delay` steps of zeros, then 5 steps with the cue.
 * Observation: pattern (4), cue, 1. Action: one number per bit, whose sign is the answer; 0 answers nothing. The score is the
 * part of the bits that are right under the cue (chance is ½, 1 is all); the reward of a step under the cue is the
 * part of its bits that are right, else 0.
 */
export const copyDelay: TaskFamily = {
  name: 'copy-delay',
  about: ABOUT,
  variants: [DELAY],
  create,
};
