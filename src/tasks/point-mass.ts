import { directionAt, evenAngles } from './angles.js';
import { bodyWorld, PointMassBody } from './body.js';
import { episodeGaussian } from './noise.js';
import type { Episode, EpisodeSpec, Task, TaskFamily } from './task.js';

const STEPS = 100;
const NOISE = 0.1;
const ABOUT =
  'A point mass must move in a wanted direction: 8 directions are trained, 72 others tested.';

const spec = (degrees: number): EpisodeSpec => ({
  label: `direction ${degrees}`,
  group: 'all',
  parameters: { direction: degrees },
});

const noiseAt = (seed: number, step: number): number => NOISE * episodeGaussian(seed, step, 0);

class PointMassEpisode implements Episode {
  modulator = 0;
  readonly #body: PointMassBody;
  readonly #seed: number;
  #step = 0;

  constructor(direction: number, seed: number) {
    this.#body = new PointMassBody(directionAt(direction), directionAt(0));
    this.#seed = seed;
  }

  observe(into: Float64Array): void {
    const body = this.#body;
    into[0] = body.wanted.x;
    into[1] = body.wanted.y;
    into[2] = body.velocityX;
    into[3] = body.velocityY;
    into[4] = 1;
    into[5] = noiseAt(this.#seed, this.#step);
  }

  act(action: ArrayLike<number>): number {
    this.#step++;
    this.modulator = this.#body.move(action);
    return this.modulator;
  }
}

function create(): Task {
  return {
    name: 'point-mass',
    about: ABOUT,
    observationSize: 6,
    actionSize: 2,
    steps: STEPS,
    episodes: { train: evenAngles(8, 0).map(spec), test: evenAngles(72, 2.5).map(spec) },
    world: bodyWorld({
      steps: STEPS,
      observation: ['wantedX', 'wantedY', 'velocityX', 'velocityY', 'one', 'noise'],
      score: 'reward',
      column: { name: 'noise', at: noiseAt },
      directions: (of) => [directionAt(of['direction']!), directionAt(0)],
    }),
    createEpisode: (of, seed) => new PointMassEpisode(of.parameters['direction']!, seed),
  };
}

/**
 * Observation: direction (2), velocity (2), 1, Gaussian noise of deviation 0.1. Action: force (2), clipped to ±1.
 * 100 steps, all scored; the largest force
 * straight along the direction scores 109.9 on average over the trained ones.
 */
export const pointMass: TaskFamily = { name: 'point-mass', about: ABOUT, variants: [], create };
