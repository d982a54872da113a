import { printFormat } from '../../compiler/levels/numbers/format.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import { describeProbe, sameProbe } from '../../src/network/probes.js';
import { episodeSeed, Rollout } from '../../src/tasks/rollout.js';
import type { Task } from '../../src/tasks/task.js';

/** Where two machines part: the first value of the first step that differs. */
export interface Difference {
  readonly step: number;
  /** `weight of hidden->action`, `v of hidden`. */
  readonly place: string;
  readonly index: number;
  readonly left: { readonly real: number; readonly integer: number | null };
  readonly right: { readonly real: number; readonly integer: number | null };
  readonly format: string | null;
  /** Instruction and equation, where the caller can tell. */
  readonly cause: string | null;
}

export interface LockstepOptions {
  readonly steps: number;
  readonly seed: number;
  /** Says what computes a place: the instruction and the equation behind it. */
  readonly explain?: (probe: Probe, index: number) => string | null;
}

export interface LockstepResult {
  readonly steps: number;
  /** Values compared. */
  readonly compared: number;
  readonly differences: number;
  readonly firstDifference: Difference | null;
}

/**
 * Steps two machines through the same inputs and compares every state that both offer, every step, exactly. The left
 * machine acts in the task, so that both hear what it caused; episodes follow one another until `steps` are done. Stops
 * at the end of the first step that differs.
 */
export function lockstep(left: Machine, right: Machine, task: Task, options: LockstepOptions): LockstepResult {
  const shared = sharedProbes(left, right);
  const mirrored = new Mirror(left, right);
  const rollout = new Rollout(mirrored, task);
  let steps = 0;
  let compared = 0;
  for (let episode = 0; steps < options.steps; episode++) {
    const specs = task.episodes.train;
    rollout.start(specs[episode % specs.length]!, { seed: episodeSeed(options.seed, episode) });
    while (!rollout.done && steps < options.steps) {
      rollout.step();
      const found = compareAll(left, right, shared, steps, options);
      compared += found.compared;
      steps++;
      if (found.differences > 0) {
        return { steps, compared, differences: found.differences, firstDifference: found.first };
      }
    }
  }
  return { steps, compared, differences: 0, firstDifference: null };
}

/** Probes that both machines have, counters left out. */
export function sharedProbes(left: Machine, right: Machine): readonly Probe[] {
  return left.shape.probes
    .map((p) => p.probe)
    .filter((p) => p.kind !== 'counter' && right.shape.probes.some((q) => sameProbe(p, q.probe)));
}

function compareAll(
  left: Machine,
  right: Machine,
  probes: readonly Probe[],
  step: number,
  options: LockstepOptions,
): { compared: number; differences: number; first: Difference | null } {
  let compared = 0;
  let differences = 0;
  let first: Difference | null = null;
  for (const probe of probes) {
    const a = left.read(probe);
    const b = right.read(probe);
    compared += a.length;
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      if (Object.is(a[index], b[index]) || a[index] === b[index]) continue;
      differences++;
      first ??= differenceAt(left, probe, index, step, a[index]!, b[index]!, options);
    }
  }
  return { compared, differences, first };
}

function differenceAt(
  machine: Machine,
  probe: Probe,
  index: number,
  step: number,
  left: number,
  right: number,
  { explain }: LockstepOptions,
): Difference {
  const format = machine.shape.probes.find((p) => sameProbe(p.probe, probe))?.format;
  const both = (real: number) => ({ real, integer: format ? real * 2 ** format.fraction : null });
  return {
    step,
    place: describeProbe(probe),
    index,
    left: both(left),
    right: both(right),
    format: format ? printFormat(format) : null,
    cause: explain?.(probe, index) ?? null,
  };
}

/** Two machines as one: both step on the same inputs, the left one's outputs count. */
class Mirror implements Machine {
  readonly shape;
  constructor(
    private readonly left: Machine,
    private readonly right: Machine,
  ) {
    this.shape = left.shape;
  }
  get learning(): boolean {
    return this.left.learning;
  }
  set learning(on: boolean) {
    this.left.learning = on;
    this.right.learning = on;
  }
  reset(options: { readonly seed: number }): void {
    this.left.reset(options);
    this.right.reset(options);
  }
  step(inputs: Parameters<Machine['step']>[0]): ReturnType<Machine['step']> {
    this.right.step(inputs);
    return this.left.step(inputs);
  }
  read(probe: Probe): Float64Array {
    return this.left.read(probe);
  }
  write(probe: Probe, values: ArrayLike<number>): void {
    this.left.write(probe, values);
    this.right.write(probe, values);
  }
}
