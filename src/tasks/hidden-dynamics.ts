import { directionAt, evenAngles } from './angles.js';
import { bodyWorld, PointMassBody } from './body.js';
import type { Episode, EpisodeSpec, Task, TaskFamily, TaskVariant } from './task.js';

const STEPS = 120;
/** Steps in which the network may find out what body it has. */
const UNSCORED = 20;
const ABOUT =
  'A point mass whose force is turned by an angle that nobody tells: the network must find out while it acts.';

const ANGLES: TaskVariant = {
  key: 'angles',
  about: 'how many hidden angles there are, evenly spaced',
  values: [2, 4, 8],
  default: 2,
};

const specs = (directions: readonly number[], angles: readonly number[]): EpisodeSpec[] =>
  angles.flatMap((angle) =>
    directions.map((direction) => ({
      label: `angle ${angle}, direction ${direction}`,
      group: `angle ${angle}`,
      parameters: { angle, direction },
    })),
  );

class HiddenDynamicsEpisode implements Episode {
  modulator = 0;
  readonly #body: PointMassBody;
  #step = 0;

  constructor(direction: number, angle: number) {
    this.#body = new PointMassBody(directionAt(direction), directionAt(angle));
  }

  observe(into: Float64Array): void {
    const body = this.#body;
    into[0] = body.wanted.x;
    into[1] = body.wanted.y;
    into[2] = body.velocityX;
    into[3] = body.velocityY;
    into[4] = 1;
    into[5] = body.lastX;
    into[6] = body.lastY;
    into[7] = body.along;
  }

  act(action: ArrayLike<number>): number {
    this.modulator = this.#body.move(action);
    return this.#step++ < UNSCORED ? 0 : this.modulator;
  }
}

function create(chosen: Readonly<Record<string, number>>): Task {
  const count = chosen[ANGLES.key]!;
  const angles = evenAngles(count, 0);
  return {
    name: `hidden-dynamics:angles=${count}`,
    about: ABOUT,
    observationSize: 8,
    actionSize: 2,
    steps: STEPS,
    episodes: { train: specs(evenAngles(8, 0), angles), test: specs(evenAngles(8, 22.5), angles) },
    world: bodyWorld({
      steps: STEPS,
      observation: [
        ...['wantedX', 'wantedY', 'velocityX', 'velocityY'],
        ...['one', 'lastX', 'lastY', 'along'],
      ],
      score: 'reward if scored',
      column: { name: 'scored', at: (_, step) => (step < UNSCORED ? 0 : 1) },
      directions: (of) => [directionAt(of['direction']!), directionAt(of['angle']!)],
    }),
    createEpisode: ({ parameters }) =>
      new HiddenDynamicsEpisode(parameters['direction']!, parameters['angle']!),
  };
}

/**
 * Observation: direction (2), velocity (2), 1, last action (2), speed along the direction. Action: force (2), clipped
 * to ±1, then turned by the hidden angle. 120 steps, the first 20 not scored; tests use directions halfway between
 * the trained ones, under the same hidden angles.
 */
export const hiddenDynamics: TaskFamily = {
  name: 'hidden-dynamics',
  about: ABOUT,
  variants: [ANGLES],
  create,
};
