import type { LaneMachine } from '../network/machine.js';

/** A lane machine that can be given one genome after another in each lane. */
export interface MemberLanes {
  readonly machine: LaneMachine;
  /** Takes effect with the machine's next reset. */
  load(genome: Float64Array, lane: number): void;
}
