import type { Arithmetic } from '../../src/equations/evaluate.js';
import type { NeuronModel } from '../../src/equations/model.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { Population } from '../../src/network/network.js';
import { type Assignments, repeatAssignments, type Values } from './assignments.js';
import type { Gauge, Gauges } from './ranges.js';

/** Follows one owner of values through the steps of a machine. */
export interface Watcher {
  /** After a reset. */
  reset(): void;
  /** Before a step, after writes to the machine. */
  before(): void;
  /** After a step; `modulator` is the one that it was given. */
  after(modulator: number): void;
}

/** Watches an input population: the values that it receives. */
export function watchInput(machine: Machine, { name }: Population, gauges: Gauges): Watcher {
  const gauge = gauges.gauge('variable', name, 'value');
  const probe: Probe = { kind: 'variable', population: name, name: 'value' };
  return {
    reset: () => undefined,
    before: () => undefined,
    after: () => {
      for (const value of machine.read(probe)) gauge.take(value);
    },
  };
}

/** Watches neurons: currents, variables (also where a later statement overwrites them), locals. */
export function watchNeurons(
  machine: Machine,
  population: Population,
  neuron: NeuronModel,
  gauges: Gauges,
  arithmetic: Arithmetic,
): Watcher {
  return new NeuronWatcher(machine, population, neuron, gauges, arithmetic);
}

class NeuronWatcher implements Watcher {
  private readonly current: Gauge;
  private readonly variables: ReadonlyMap<string, Gauge>;
  private readonly locals: ReadonlyMap<string, Gauge>;
  private state = new Map<string, Float64Array>();
  private readonly values: Values = new Map();

  constructor(
    private readonly machine: Machine,
    private readonly population: Population,
    private readonly neuron: NeuronModel,
    gauges: Gauges,
    private readonly arithmetic: Arithmetic,
  ) {
    const owner = population.name;
    this.current = gauges.gauge('current', owner, 'I');
    this.variables = new Map(
      neuron.variables.map(({ name }) => [name, gauges.gauge('variable', owner, name)]),
    );
    const locals = new Set(neuron.updates.filter((u) => u.local).map((u) => u.target));
    this.locals = new Map([...locals].map((name) => [name, gauges.gauge('local', owner, name)]));
  }

  reset(): void {
    for (const [name, gauge] of this.variables) for (const v of this.read(name)) gauge.widen(v);
  }

  before(): void {
    const { variables, parameters } = this.neuron;
    this.state = new Map([...variables, ...parameters].map(({ name }) => [name, this.read(name)]));
  }

  after(): void {
    const current = this.machine.read({ kind: 'current', population: this.population.name });
    let i = 0;
    const read = (name: string): number => {
      const array = name === 'I' ? current : this.state.get(name)!;
      return array.length === 1 ? array[0]! : array[i]!;
    };
    const assignments: Assignments = {
      updates: this.neuron.updates,
      variables: this.neuron.variables,
      assigned: ({ target, local }, value) => {
        if (local) this.locals.get(target)!.take(value);
        else this.variables.get(target)!.widen(value);
      },
    };
    for (; i < current.length; i++) {
      this.current.take(current[i]!);
      this.values.clear();
      repeatAssignments(assignments, this.values, read, this.arithmetic);
    }
    for (const [name, gauge] of this.variables) for (const v of this.read(name)) gauge.take(v);
  }

  private read(name: string): Float64Array {
    return this.machine.read({ kind: 'variable', population: this.population.name, name });
  }
}
