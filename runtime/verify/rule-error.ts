import type { Machine, Outputs, Probe } from '../../src/network/machine.js';
import { episodeSeed, Rollout } from '../../src/tasks/rollout.js';
import type { Task } from '../../src/tasks/task.js';
import { sharedProbes } from './lockstep.js';

/** How far one step of the integer rule is from the real rule, from the same state. */
export interface ProjectionRuleError {
  readonly projection: string;
  /** Of the weight after the step: real units, least steps of the weight, and relative to the rms of Δw. */
  readonly max: number;
  readonly rms: number;
  readonly maxSteps: number;
  readonly rmsSteps: number;
  readonly relative: number;
  readonly compared: number;
}

/** Error of one step and drift of whole runs. */
export interface DriftPoint {
  readonly step: number;
  /** rms difference of all weights between the free-running machines. */
  readonly weights: number;
  /** Share of neurons whose spike agrees, over the steps up to here since the point before. */
  readonly spikes: number;
}

interface Sums {
  max: number;
  squares: number;
  change: number;
  count: number;
}

/**
 * One-step rule error: before each step the real machine is set to the integer machine's state, so that quantisation is
 * seen without chaos. The integer machine acts in the task.
 */
export function oneStepError(
  reference: Machine,
  integer: Machine,
  task: Task,
  options: { readonly steps: number; readonly seed: number },
): readonly ProjectionRuleError[] {
  const shared = sharedProbes(reference, integer);
  const writable = reference.shape.probes.filter((p) => p.writable).map((p) => p.probe);
  const copied = shared.filter((p) => writable.includes(p));
  const weights = shared.filter((p): p is Probe & { kind: 'weight' } => p.kind === 'weight');
  const sums = new Map<string, Sums>(
    weights.map((w) => [w.projection, { max: 0, squares: 0, change: 0, count: 0 }]),
  );
  const follower = new Follower(integer, (inputs) => {
    for (const probe of copied) reference.write(probe, integer.read(probe));
    const before = weights.map((w) => integer.read(w));
    const outputs = integer.step(inputs);
    reference.step(inputs);
    for (const [n, probe] of weights.entries()) {
      addErrors(sums.get(probe.projection)!, reference.read(probe), integer.read(probe), before[n]!);
    }
    return outputs;
  });
  runSteps(follower, task, options, (seed) => reference.reset({ seed }));
  return weights.map((probe) => {
    const { max, squares, change, count } = sums.get(probe.projection)!;
    const fraction = integer.shape.probes.find((p) => p.probe.kind === 'weight' && p.probe.projection === probe.projection)!.format!.fraction;
    const rms = Math.sqrt(squares / count);
    const scale = Math.sqrt(change / count);
    return {
      projection: probe.projection,
      max,
      rms,
      maxSteps: max * 2 ** fraction,
      rmsSteps: rms * 2 ** fraction,
      relative: scale > 0 ? rms / scale : 0,
      compared: count,
    };
  });
}

function addErrors(sums: Sums, real: Float64Array, integer: Float64Array, before: Float64Array): void {
  for (let k = 0; k < real.length; k++) {
    const error = Math.abs(real[k]! - integer[k]!);
    sums.max = Math.max(sums.max, error);
    sums.squares += error * error;
    sums.change += (real[k]! - before[k]!) ** 2;
    sums.count++;
  }
}

/** Free-running drift over one episode: both machines hear what the integer machine caused. */
export function drift(
  reference: Machine,
  integer: Machine,
  task: Task,
  options: { readonly seed: number; readonly points: number },
): readonly DriftPoint[] {
  const shared = sharedProbes(reference, integer);
  const weights = shared.filter((p) => p.kind === 'weight');
  const spikes = shared.filter((p) => p.kind === 'variable' && p.name === 'spike');
  const every = Math.max(1, Math.floor(task.steps / options.points));
  const result: DriftPoint[] = [];
  let step = 0;
  let agree = 0;
  let seen = 0;
  const follower = new Follower(integer, (inputs) => {
    const outputs = integer.step(inputs);
    reference.step(inputs);
    step++;
    for (const probe of spikes) {
      const [a, b] = [reference.read(probe), integer.read(probe)];
      seen += a.length;
      agree += a.reduce((sum, value, i) => sum + (value === b[i] ? 1 : 0), 0);
    }
    if (step % every === 0) {
      result.push({ step, weights: rmsDifference(reference, integer, weights), spikes: seen > 0 ? agree / seen : 1 });
      agree = seen = 0;
    }
    return outputs;
  });
  runSteps(follower, task, { steps: task.steps, seed: options.seed }, (seed) => reference.reset({ seed }));
  return result;
}

function rmsDifference(left: Machine, right: Machine, probes: readonly Probe[]): number {
  let squares = 0;
  let count = 0;
  for (const probe of probes) {
    const [a, b] = [left.read(probe), right.read(probe)];
    for (let k = 0; k < a.length; k++) squares += (a[k]! - b[k]!) ** 2;
    count += a.length;
  }
  return count > 0 ? Math.sqrt(squares / count) : 0;
}

function runSteps(
  machine: Machine,
  task: Task,
  { steps, seed }: { readonly steps: number; readonly seed: number },
  alsoReset: (seed: number) => void,
): void {
  const rollout = new Rollout(machine, task);
  const specs = task.episodes.train;
  let done = 0;
  for (let episode = 0; done < steps; episode++) {
    const episodeOf = episodeSeed(seed, episode);
    alsoReset(episodeOf);
    rollout.start(specs[episode % specs.length]!, { seed: episodeOf });
    for (; !rollout.done && done < steps; done++) rollout.step();
  }
}

/** The integer machine with another step: what a rollout drives. */
class Follower implements Machine {
  readonly shape;
  constructor(
    private readonly machine: Machine,
    readonly step: (inputs: Parameters<Machine['step']>[0]) => Outputs,
  ) {
    this.shape = machine.shape;
  }
  get learning(): boolean {
    return this.machine.learning;
  }
  set learning(on: boolean) {
    this.machine.learning = on;
  }
  reset(options: { readonly seed: number }): void {
    this.machine.reset(options);
  }
  read(probe: Probe): Float64Array {
    return this.machine.read(probe);
  }
  write(probe: Probe, values: ArrayLike<number>): void {
    this.machine.write(probe, values);
  }
}
