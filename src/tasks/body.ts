import type { Direction } from './angles.js';
import type { TaskWorld } from './task.js';

const clipped = (value: number): number => Math.max(-1, Math.min(1, value));

/**
 * A point mass in the plane that is asked to move along a direction `d`:
 * `v <- 0.9 v + 0.1 R clip(a, -1, 1)`, `position <- position + v`, with R a rotation that the mass has and the
 * network is not told. A step scores `v·d - 0.3 |v × d|`.
 */
export class PointMassBody {
  velocityX = 0;
  velocityY = 0;
  positionX = 0;
  positionY = 0;
  /** The last action after clipping. */
  lastX = 0;
  lastY = 0;

  constructor(
    readonly wanted: Direction,
    readonly turn: Direction,
  ) {}

  /** Speed along the wanted direction. */
  get along(): number {
    return this.velocityX * this.wanted.x + this.velocityY * this.wanted.y;
  }

  /** Moves one step and returns its score. */
  move(action: ArrayLike<number>): number {
    const { wanted, turn } = this;
    this.lastX = clipped(action[0]!);
    this.lastY = clipped(action[1]!);
    this.velocityX = 0.9 * this.velocityX + 0.1 * (turn.x * this.lastX - turn.y * this.lastY);
    this.velocityY = 0.9 * this.velocityY + 0.1 * (turn.y * this.lastX + turn.x * this.lastY);
    this.positionX += this.velocityX;
    this.positionY += this.velocityY;
    const across = this.velocityX * wanted.y - this.velocityY * wanted.x;
    return this.along - 0.3 * Math.abs(across);
  }
}

/** The same as equations: what `bodyWorld` adds to, with the variables of `PointMassBody`. */
const EQUATIONS = `
  lastX <- max(-1, min(1, forceX))
  lastY <- max(-1, min(1, forceY))
  velocityX <- 0.9 * velocityX + 0.1 * (turnX * lastX - turnY * lastY)
  velocityY <- 0.9 * velocityY + 0.1 * (turnY * lastX + turnX * lastY)
  positionX <- positionX + velocityX
  positionY <- positionY + velocityY
  along <- velocityX * wantedX + velocityY * wantedY
  reward <- along - 0.3 * |velocityX * wantedY - velocityY * wantedX|`;

/** What a task with this body says of its own. */
export interface BodyTask {
  readonly steps: number;
  readonly observation: readonly string[];
  /** The score of a step as an expression. */
  readonly score: string;
  /** A parameter with a value of its own in every step. */
  readonly column: { readonly name: string; at(seed: number, step: number): number };
  /** The directions of an episode: the wanted one, and the rotation of the force. */
  directions(
    parameters: Readonly<Record<string, number>>,
  ): readonly [wanted: Direction, turn: Direction];
}

/** A world of one point mass. */
export function bodyWorld(task: BodyTask): TaskWorld {
  const { steps, observation, column, score } = task;
  const action = ['forceX', 'forceY'];
  const constants = ['wantedX', 'wantedY', 'turnX', 'turnY'];
  const parameters = [...action, ...constants, column.name, 'one = 1'].join(', ');
  return {
    equations: `neuron body(${parameters})${EQUATIONS}\n  value <- ${score}\n`,
    steps,
    observation,
    action,
    // At rest `along` is 0 or -0, as the direction has it.
    constants: [...constants, 'along'],
    columns: [column.name],
    modulator: 'reward',
    conditions: (spec, seed) => {
      const [wanted, turn] = task.directions(spec.parameters);
      const { along } = new PointMassBody(wanted, turn);
      return {
        constants: Float64Array.of(wanted.x, wanted.y, turn.x, turn.y, along),
        table: Float64Array.from({ length: steps }, (_, step) => column.at(seed, step)),
      };
    },
  };
}
