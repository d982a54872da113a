import type { Calibration, CalibrationRange } from '../../compiler/analysis/calibration.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { episodeSeed, Rollout } from '../../src/tasks/rollout.js';
import type { EpisodeSpec, Task } from '../../src/tasks/task.js';

export interface CalibrationOptions {
  /** 32 bits; episode i runs with `episodeSeed(seed, i)`. */
  readonly seed: number;
  /** The task's training episodes when absent. */
  readonly episodes?: readonly EpisodeSpec[];
}

/**
 * Ranges of every variable, weight and per-synapse variable over rollouts of a task on the reference machine
 * (float32), every step observed. The same arguments give the same record.
 */
export function calibrate(network: Network, task: Task, options: CalibrationOptions): Calibration {
  const { seed, episodes = task.episodes.train } = options;
  const machine = createReferenceMachine(network, { precision: 'float32' });
  const observer = new Observer(network, machine);
  const rollout = new Rollout(machine, task);
  for (const [i, spec] of episodes.entries()) {
    rollout.start(spec, { seed: episodeSeed(seed, i) });
    while (!rollout.done) {
      const reward = rollout.step();
      observer.observe(Number.isFinite(reward) ? reward : 0);
    }
  }
  const source = `${task.name}, ${episodes.length} episodes, seed ${seed}`;
  return { schema: 'plastron-calibration-1', source, ranges: observer.ranges() };
}

interface Watched {
  readonly kind: CalibrationRange['kind'];
  readonly owner: string;
  readonly name: string;
  readonly probe: Probe | undefined;
  minimum: number;
  maximum: number;
  squares: number;
  samples: number;
}

class Observer {
  private readonly watched: Watched[] = [];

  constructor(
    network: Network,
    private readonly machine: Machine,
  ) {
    for (const { name: owner, neuron } of network.populations) {
      for (const name of neuron?.variables.map((v) => v.name) ?? ['value']) {
        this.watch('variable', owner, name, { kind: 'variable', population: owner, name });
      }
    }
    for (const { name: owner, rule } of network.projections) {
      this.watch('weight', owner, 'w', { kind: 'weight', projection: owner });
      for (const { name } of rule?.variables ?? []) {
        this.watch('synapse', owner, name, { kind: 'synapse', projection: owner, name });
      }
    }
    this.watch('variable', 'modulator', 'm', undefined);
  }

  /** Takes the state after a step; `reward` becomes the modulator of the next one. */
  observe(reward: number): void {
    for (const watched of this.watched) {
      if (!watched.probe) this.take(watched, reward);
      else for (const value of this.machine.read(watched.probe)) this.take(watched, value);
    }
  }

  ranges(): CalibrationRange[] {
    return this.watched
      .filter((w) => w.samples > 0)
      .map(({ kind, owner, name, minimum, maximum, squares, samples }) => {
        const rms = Math.sqrt(squares / samples);
        return { kind, owner, name, minimum, maximum, rms, samples };
      });
  }

  private watch(
    kind: Watched['kind'],
    owner: string,
    name: string,
    probe: Probe | undefined,
  ): void {
    const empty = { minimum: Infinity, maximum: -Infinity, squares: 0, samples: 0 };
    this.watched.push({ kind, owner, name, probe, ...empty });
  }

  private take(watched: Watched, value: number): void {
    watched.minimum = Math.min(watched.minimum, value);
    watched.maximum = Math.max(watched.maximum, value);
    watched.squares += value * value;
    watched.samples++;
  }
}
