import type { Direction } from './angles.js';

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
