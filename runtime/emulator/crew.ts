import type { Core } from './core.js';

/** Whoever has the cores do their work; when a call returns, all of them have done it. */
export interface Crew {
  /** Has every core deliver what arrives at the groups of a phase, and run them. */
  runPhase(phase: number): void;
  /** Has every core put currents under way, and learn when it should. */
  finish(learning: boolean): void;
  close(): void;
}

/** The cores one after the other, in this thread. */
export class OneThread implements Crew {
  constructor(private readonly cores: readonly Core[]) {}

  runPhase(phase: number): void {
    for (const core of this.cores) core.runPhase(phase);
  }

  finish(learning: boolean): void {
    for (const core of this.cores) core.sendCurrents();
    if (learning) for (const core of this.cores) core.learn();
  }

  close(): void {}
}
