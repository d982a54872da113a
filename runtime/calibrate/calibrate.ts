import type { Calibration } from '../../compiler/analysis/calibration.js';
import { sha256 } from '../../compiler/levels/program/sha256.js';
import { FLOAT32 } from '../../src/equations/evaluate.js';
import type { Inputs, Machine, Outputs, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { printNetwork } from '../../src/network/text.js';
import type { EpisodeSpec, Task } from '../../src/tasks/task.js';
import { createHostMachine } from '../host/host.js';
import { type Drive, type DriveLimits, runDrive, taskDrive } from '../verify/drive.js';
import { Gauges } from './ranges.js';
import { type Watcher, watchInput, watchNeurons } from './watch-population.js';
import { watchProjection } from './watch-projection.js';

export interface CalibrationOptions {
  /** 32 bits; episode i runs with `episodeSeed(seed, i)`. */
  readonly seed: number;
  /** The task's training episodes when absent. */
  readonly episodes?: readonly EpisodeSpec[];
}

/**
 * Ranges of every value over rollouts of a task: `calibrateOn` with the task as the drive. The same arguments give the
 * same record.
 */
export function calibrate(network: Network, task: Task, options: CalibrationOptions): Calibration {
  const { seed, episodes: specs = task.episodes.train } = options;
  return calibrateOn(network, taskDrive(task, { seed, specs }));
}

/**
 * Runs a network on the host (the bits of the reference in float32) through a drive, every step observed: inputs, currents, variables,
 * weights, per-synapse variables, dw, each product of the canonical rule, locals, the modulator.
 *
 * @throws DiagnosticsError PL5309 where a value is not finite; what the drive and the machine throw.
 */
export function calibrateOn(
  network: Network,
  drive: Drive,
  limits: Pick<DriveLimits, 'steps'> = {},
): Calibration {
  const machine = createHostMachine(network);
  const gauges = new Gauges();
  const observed = new ObservedMachine(machine, watchersOf(machine, network, gauges));
  const modulator = gauges.gauge('variable', 'modulator', 'm');
  observed.onModulator = (value) => modulator.take(value);
  const { steps, episodes } = runDrive(drive, observed, limits);
  const { name, seed } = drive;
  return {
    schema: 'plastron-calibration-1',
    source: `${name}, ${episodes} episodes, seed ${seed}`,
    provenance: { drive: name, seed, episodes, steps, network: sha256(printNetwork(network)) },
    ranges: gauges.ranges(),
  };
}

function watchersOf(machine: Machine, network: Network, gauges: Gauges): Watcher[] {
  return [
    ...network.populations.map((p) =>
      p.neuron
        ? watchNeurons(machine, p, p.neuron, gauges, FLOAT32)
        : watchInput(machine, p, gauges),
    ),
    ...network.projections.map((p) => watchProjection(machine, network, p, gauges, FLOAT32)),
  ];
}

/** A machine whose steps are watched. */
class ObservedMachine implements Machine {
  readonly shape;
  onModulator: (modulator: number) => void = () => undefined;

  constructor(
    private readonly machine: Machine,
    private readonly watchers: readonly Watcher[],
  ) {
    this.shape = machine.shape;
  }

  get learning(): boolean {
    return this.machine.learning;
  }

  set learning(learning: boolean) {
    this.machine.learning = learning;
  }

  reset(options: { readonly seed: number }): void {
    this.machine.reset(options);
    for (const watcher of this.watchers) watcher.reset();
  }

  step(inputs: Inputs): Outputs {
    for (const watcher of this.watchers) watcher.before();
    const outputs = this.machine.step(inputs);
    for (const watcher of this.watchers) watcher.after(inputs.modulator);
    this.onModulator(inputs.modulator);
    return outputs;
  }

  read(probe: Probe): Float64Array {
    return this.machine.read(probe);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    this.machine.write(probe, values);
  }
}
