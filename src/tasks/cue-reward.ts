import { episodeBits, episodeGaussian } from './noise.js';
import { numbered } from './numbered.js';
import type { Episode, EpisodeSpec, Task, TaskFamily, TaskVariant, TaskWorld } from './task.js';

const BITS = 14;
const NOISE = 0.1;
/** How often each class is shown with its label, and again without. */
const SHOWINGS = 10;
const ABOUT =
  'Random noisy patterns are shown with their labels, then without: the network must name them.';

const CLASSES: TaskVariant = {
  key: 'classes',
  about: 'how many patterns an episode has',
  values: [3, 4, 5],
  default: 3,
};

const specs = (count: number, first: number): EpisodeSpec[] =>
  Array.from({ length: count }, (_, k) => ({
    label: `patterns ${first + k}`,
    group: 'all',
    parameters: { patterns: first + k },
  }));

class CueRewardEpisode implements Episode {
  modulator = 0;
  readonly #classes: number;
  readonly #seed: number;
  readonly #patterns: Float64Array;
  /** The class shown in each step: every block of `classes` steps shows each class once, in a drawn order. */
  readonly #shown: Uint8Array;
  #step = 0;

  constructor(classes: number, patterns: number, seed: number) {
    this.#classes = classes;
    this.#seed = episodeBits(seed, 0, 2, patterns);
    this.#patterns = new Float64Array(classes * BITS);
    for (let c = 0; c < classes; c++) {
      const word = episodeBits(this.#seed, 0, 3, c);
      for (let bit = 0; bit < BITS; bit++)
        this.#patterns[c * BITS + bit] = (word >>> bit) & 1 ? 1 : -1;
    }
    this.#shown = this.#order(2 * SHOWINGS);
  }

  observe(into: Float64Array): void {
    const { cue } = this;
    for (let bit = 0; bit < BITS; bit++) {
      const noise = NOISE * episodeGaussian(this.#seed, this.#step, 4 + bit);
      into[bit] = this.#patterns[cue * BITS + bit]! + noise;
    }
    const labelled = this.#step < this.#shown.length / 2;
    for (let c = 0; c < this.#classes; c++) into[BITS + c] = labelled && c === cue ? 1 : 0;
  }

  act(action: ArrayLike<number>): number {
    const correct = largest(action, this.#classes) === this.cue;
    const { worth } = this;
    this.#step++;
    this.modulator = correct ? 1 : 0;
    return correct ? worth : 0;
  }

  /** The class that the present step shows. */
  get cue(): number {
    return this.#shown[this.#step]!;
  }

  /** What the right answer of the present step scores. */
  get worth(): number {
    return this.#step < this.#shown.length / 2 ? 0 : 2 / this.#shown.length;
  }

  #order(blocks: number): Uint8Array {
    const size = this.#classes;
    const shown = new Uint8Array(blocks * size);
    for (let i = 0; i < shown.length; i++) shown[i] = i % size;
    for (let block = 0; block < blocks; block++) {
      for (let i = size - 1; i > 0; i--) {
        const a = block * size + i;
        const b =
          block * size + Math.floor((episodeBits(this.#seed, block, 1, i) / 2 ** 32) * (i + 1));
        const swap = shown[a]!;
        shown[a] = shown[b]!;
        shown[b] = swap;
      }
    }
    return shown;
  }
}

/** The index of the largest of the first `count` values; −1 when two share it, for a tie names no class. */
function largest(values: ArrayLike<number>, count: number): number {
  let best = 0;
  let tied = false;
  for (let i = 1; i < count; i++) {
    if (values[i]! > values[best]!) {
      best = i;
      tied = false;
    } else if (values[i]! === values[best]!) tied = true;
  }
  return tied ? -1 : best;
}

/** An answer is right where no other class has a number as large: a tie names no class. */
function worldOf(classes: number, steps: number): TaskWorld {
  const [bits, labels] = [numbered('bit', BITS), numbered('label', classes)];
  const [answers, rights] = [numbered('answer', classes), numbered('right', classes)];
  const columns = [...bits, ...labels, ...rights, 'worth'];
  const given = answers.map((answer, c) => `${answer} * ${rights[c]}`).join(' + ');
  const others = answers.map((answer, c) => `(not ${rights[c]} and ${answer} >= given)`);
  return {
    equations: `neuron cues(${[...answers, ...columns].join(', ')})
  given = ${given}
  correct <- not (${others.join(' or ')})
  value <- worth if correct
`,
    steps,
    observation: [...bits, ...labels],
    action: answers,
    constants: [],
    columns,
    modulator: 'correct',
    conditions: ({ parameters }, seed) => {
      const episode = new CueRewardEpisode(classes, parameters['patterns']!, seed);
      const table = new Float64Array(steps * columns.length);
      for (let step = 0; step < steps; step++) {
        const row = table.subarray(step * columns.length, (step + 1) * columns.length);
        episode.observe(row);
        row[BITS + classes + episode.cue] = 1;
        row[BITS + 2 * classes] = episode.worth;
        episode.act(row);
      }
      return { constants: new Float64Array(0), table };
    },
  };
}

function create(chosen: Readonly<Record<string, number>>): Task {
  const classes = chosen[CLASSES.key]!;
  const steps = 2 * SHOWINGS * classes;
  return {
    name: `cue-reward:classes=${classes}`,
    about: ABOUT,
    observationSize: BITS + classes,
    actionSize: classes,
    steps,
    world: worldOf(classes, steps),
    episodes: { train: specs(16, 0), test: specs(32, 16) },
    createEpisode: ({ parameters }, seed) =>
      new CueRewardEpisode(classes, parameters['patterns']!, seed),
  };
}

/**
 * Observation: a random pattern of 14 numbers ±1 with Gaussian noise of deviation 0.1, then the label (one-hot) in the first
 * half and zeros in the second. Action: one number per class, the largest is the answer. The score is the
 * accuracy of the second half (chance is 1 / classes); the reward of a step is 1 when its answer is right.
 */
export const cueReward: TaskFamily = {
  name: 'cue-reward',
  about: ABOUT,
  variants: [CLASSES],
  create,
};
