import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  FixedUpdate,
} from '../../compiler/levels/fixed/fixed.js';
import { decodeOutput, encodeInput } from '../../compiler/levels/numbers/codec.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { type Format, toReal } from '../../compiler/levels/numbers/format.js';
import { overflowTo, toInteger } from '../../compiler/levels/numbers/rounding.js';
import type { Inputs, Machine, MachineShape, Outputs, Probe } from '../../src/network/machine.js';
import { checkInputs } from '../../src/network/ports.js';
import { findProbe } from '../../src/network/probes.js';
import { type IntegerStore, integersToWrite } from '../probes.js';
import { evaluateFixed, type FixedEnvironment } from './evaluate.js';

/**
 * The obviously right machine of the integer level: walks the expression trees of a FixedNetwork, one neuron and
 * one synapse after the other, in exact integers.
 */
export function createFixedMachine(fixed: FixedNetwork): FixedMachine {
  return new FixedMachine(fixed);
}

type Store = Map<string, Float64Array>;

export class FixedMachine implements Machine {
  readonly shape: MachineShape;
  learning = true;
  private readonly stores: readonly IntegerStore[];
  private readonly neurons = new Map<string, Store>();
  private readonly synapses = new Map<string, Store>();
  /** Payloads of the last delay + 1 steps (`arrival`) or accumulated currents still under way (`send`). */
  private readonly lines = new Map<string, Float64Array[]>();
  private readonly outputs: Record<string, Float64Array> = {};
  private modulator = 0;
  private seed = 0;
  private stepIndex = 0;
  private saturationCount = 0;

  constructor(private readonly fixed: FixedNetwork) {
    for (const population of fixed.populations) {
      this.neurons.set(population.name, makeStore(population.fields, population.size));
    }
    for (const projection of fixed.projections) this.allocateProjection(projection);
    for (const port of fixed.outputs) {
      this.outputs[port.population] = new Float64Array(this.population(port.population).size);
    }
    this.stores = this.collectStores();
    this.shape = {
      machine: 'fixed',
      inputs: fixed.inputs.map((p) => ({ name: p.population, size: this.sizeOf(p.population) })),
      outputs: fixed.outputs.map((p) => ({ name: p.population, size: this.sizeOf(p.population) })),
      probes: this.stores.map((s) => ({
        probe: s.probe,
        length: s.values.length,
        format: s.format,
        writable: s.writable,
      })),
    };
    this.reset({ seed: 0 });
  }

  reset({ seed }: { readonly seed: number }): void {
    this.seed = seed >>> 0;
    this.stepIndex = 0;
    this.saturationCount = 0;
    this.modulator = this.fixed.modulator?.offset ?? 0;
    for (const { name, fields } of this.fixed.populations) {
      for (const field of fields) fill(this.neurons.get(name)!.get(field.name)!, field.initial);
    }
    for (const { name, weights, fields } of this.fixed.projections) {
      for (const field of [weights, ...fields]) {
        fill(this.synapses.get(name)!.get(field.name)!, field.initial);
      }
    }
    for (const line of this.lines.values()) for (const slot of line) slot.fill(0);
  }

  step(inputs: Inputs): Outputs {
    this.encode(inputs);
    const byPhase = [...this.fixed.populations].sort((a, b) => a.phase - b.phase);
    for (const population of byPhase) {
      for (const projection of this.fixed.projections) {
        if (projection.post === population.name) this.deliver(projection);
      }
      this.runNeurons(population);
      for (const projection of this.fixed.projections) {
        if (projection.pre === population.name) this.send(projection);
      }
    }
    for (const projection of this.fixed.projections) {
      const every = projection.rule?.every ?? 1;
      if (this.learning && projection.rule && (this.stepIndex + 1) % every === 0) {
        this.learn(projection);
      }
    }
    this.stepIndex++;
    for (const port of this.fixed.outputs) {
      const values = this.neurons.get(port.population)!.get(port.field)!;
      const out = this.outputs[port.population]!;
      for (let i = 0; i < out.length; i++) out[i] = decodeOutput(port, values[i]!);
    }
    return this.outputs;
  }

  read(probe: Probe): Float64Array {
    if (probe.kind === 'counter' && probe.name === 'step') return Float64Array.of(this.stepIndex);
    if (probe.kind === 'counter' && probe.name === 'saturations') {
      return Float64Array.of(this.saturationCount);
    }
    const store = findProbe(this.stores, probe);
    return store.values.map((value) => toReal(value, store.format));
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    store.values.set(integersToWrite(store, values));
  }

  private encode(inputs: Inputs): void {
    checkInputs(inputs, this.shape.inputs);
    for (const port of this.fixed.inputs) {
      const given = inputs.values[port.population]!;
      const target = this.neurons.get(port.population)!.get(port.field)!;
      for (let i = 0; i < target.length; i++) target[i] = encodeInput(port, i, given[i]!);
    }
    const { modulator } = this.fixed;
    if (modulator)
      this.modulator = toInteger(inputs.modulator, modulator.format) + modulator.offset;
  }

  private deliver(projection: FixedProjection): void {
    const accumulator = this.neurons.get(projection.post)!.get(projection.accumulator)!;
    const { format } = this.population(projection.post).fields.find(
      (f) => f.name === projection.accumulator,
    )!;
    if (projection.weight === 'send' && projection.delay > 0) {
      const line = this.lines.get(projection.name)!;
      const slot = line[this.stepIndex % line.length]!;
      accumulator.set(slot);
      slot.fill(0);
      return;
    }
    this.accumulate(projection, this.arriving(projection), accumulator, format);
  }

  /** The payload of `delay` steps ago. */
  private arriving(projection: FixedProjection): Float64Array {
    const current = this.neurons.get(projection.pre)!.get(projection.payload)!;
    if (projection.delay === 0) return current;
    const line = this.lines.get(projection.name)!;
    return line[this.stepIndex % line.length]!;
  }

  private accumulate(
    projection: FixedProjection,
    payload: Float64Array,
    into: Float64Array,
    format: Format,
  ): void {
    const weights = this.synapses.get(projection.name)!.get('weight')!;
    for (let pre = 0; pre < payload.length; pre++) {
      if (payload[pre] === 0) continue;
      for (let k = projection.rowStart[pre]!; k < projection.rowStart[pre + 1]!; k++) {
        const post = projection.columns[k]!;
        const sum = into[post]! + weights[k]! * payload[pre]!;
        into[post] = overflowTo(sum, format, 'wrap');
        if (into[post] !== sum) this.saturationCount++;
      }
    }
  }

  private runNeurons(population: FixedPopulation): void {
    const store = this.neurons.get(population.name)!;
    for (let i = 0; i < population.size; i++) {
      this.runUpdates(
        population.updates,
        (name) => store.get(name)![i]!,
        noRandom,
        (name, value) => {
          store.get(name)![i] = value;
        },
      );
    }
    for (const field of population.fields) {
      if (field.role === 'current') store.get(field.name)!.fill(0);
    }
  }

  /** Puts this step's payload under way, with this step's weights for `send`. */
  private send(projection: FixedProjection): void {
    if (projection.delay === 0) return;
    const line = this.lines.get(projection.name)!;
    const payload = this.neurons.get(projection.pre)!.get(projection.payload)!;
    const slot = line[(this.stepIndex + projection.delay) % line.length]!;
    if (projection.weight === 'arrival') {
      slot.set(payload);
      return;
    }
    const field = this.population(projection.post).fields.find(
      (f) => f.name === projection.accumulator,
    )!;
    this.accumulate(projection, payload, slot, field.format);
  }

  private learn(projection: FixedProjection): void {
    const rule = projection.rule!;
    const own = this.synapses.get(projection.name)!;
    const pre = this.neurons.get(projection.pre)!;
    const post = this.neurons.get(projection.post)!;
    for (let i = 0; i + 1 < projection.rowStart.length; i++) {
      for (let k = projection.rowStart[i]!; k < projection.rowStart[i + 1]!; k++) {
        const j = projection.columns[k]!;
        const profile = rule.profiles[k]!;
        const read = (name: string): number => {
          if (name.startsWith('pre.')) return pre.get(name.slice(4))![i]!;
          if (name.startsWith('post.')) return post.get(name.slice(5))![j]!;
          if (name === 'modulator') return this.modulator;
          const coefficient = rule.coefficients.find((c) => c.name === name);
          return coefficient ? coefficient.values[profile]! : own.get(name)![k]!;
        };
        const random = (operation: number): number =>
          draw(this.seed, projection.index, i, j, this.stepIndex, operation);
        this.runUpdates(rule.updates, read, random, (name, value) => {
          own.get(name)![k] = value;
        });
      }
    }
  }

  /** Runs assignments in order. */
  private runUpdates(
    updates: readonly FixedUpdate[],
    read: (name: string) => number,
    random: (operation: number) => number,
    write: (name: string, value: number) => void,
  ): void {
    const env: FixedEnvironment = {
      read,
      random,
      saturated: () => {
        this.saturationCount++;
      },
    };
    for (const { target, value } of updates) write(target, evaluateFixed(value, env));
  }

  private population(name: string): FixedPopulation {
    return this.fixed.populations.find((p) => p.name === name)!;
  }

  private sizeOf(name: string): number {
    return this.population(name).size;
  }

  private allocateProjection(projection: FixedProjection): void {
    const { name, columns, weights, fields, delay, weight } = projection;
    this.synapses.set(name, makeStore([weights, ...fields], columns.length));
    const length = this.sizeOf(weight === 'send' ? projection.post : projection.pre);
    this.lines.set(
      name,
      Array.from({ length: delay + 1 }, () => new Float64Array(length)),
    );
  }

  private collectStores(): IntegerStore[] {
    const stores: IntegerStore[] = [];
    for (const { name: population, fields } of this.fixed.populations) {
      for (const { name, symbol, format, role } of fields) {
        if (symbol === undefined) continue;
        const values = this.neurons.get(population)!.get(name)!;
        const probe = { kind: 'variable', population, name: symbol } as const;
        stores.push({ probe, values, format, writable: role !== 'payload' });
      }
    }
    for (const { name: projection, weights, fields } of this.fixed.projections) {
      const own = this.synapses.get(projection)!;
      const weight = { kind: 'weight', projection } as const;
      stores.push({
        probe: weight,
        values: own.get('weight')!,
        format: weights.format,
        writable: true,
      });
      for (const { name, symbol, format } of fields) {
        if (symbol === undefined) continue;
        const probe = { kind: 'synapse', projection, name: symbol } as const;
        stores.push({ probe, values: own.get(name)!, format, writable: true });
      }
    }
    return stores;
  }
}

function noRandom(): number {
  throw new Error('a neuron draws no random numbers');
}

function makeStore(fields: readonly FixedField[], length: number): Store {
  return new Map(fields.map((field) => [field.name, new Float64Array(length)]));
}

function fill(target: Float64Array, initial: number | readonly number[]): void {
  if (typeof initial === 'number') target.fill(initial);
  else target.set(initial);
}
