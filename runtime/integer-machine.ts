import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../compiler/levels/fixed/fixed.js';
import { decodeOutputs, encodeInputs } from '../compiler/levels/numbers/codec.js';
import { type Format, toReal } from '../compiler/levels/numbers/format.js';
import { toInteger } from '../compiler/levels/numbers/rounding.js';
import type { Inputs, Machine, MachineShape, Outputs, Probe } from '../src/network/machine.js';
import { checkInputs } from '../src/network/ports.js';
import { findProbe } from '../src/network/probes.js';
import { type IntegerArray, type IntegerStore, integersToWrite } from './probes.js';
import { WorkingScale } from './scales.js';

/** Named arrays of one population (one integer per neuron) or projection (one per synapse). */
export type Store = ReadonlyMap<string, IntegerArray>;

/** The state of a FixedNetwork at work: what kernels read and write. */
export interface IntegerState {
  readonly fixed: FixedNetwork;
  readonly neurons: ReadonlyMap<string, Store>;
  readonly synapses: ReadonlyMap<string, Store>;
  /** Of the projections that are normalised lazily. */
  readonly scales: ReadonlyMap<string, WorkingScale>;
  seed: number;
  step: number;
  /** The stored modulator, offset included. */
  modulator: number;
  saturations: number;
}

/** The work of a step: `fixed` walks trees, `host` runs generated code. */
export interface IntegerKernels {
  /** Adds weight · payload of every synapse whose payload is not 0, wrapping at the accumulator's format. */
  accumulate(projection: FixedProjection, payload: IntegerArray, into: IntegerArray): void;
  /** Runs the updates of every neuron. */
  neurons(population: FixedPopulation): void;
  /** Runs the rule of every synapse. */
  learn(projection: FixedProjection): void;
}

/** How a machine holds integers and does the work. */
export interface IntegerDesign {
  readonly name: string;
  allocate(length: number, format: Format): IntegerArray;
  kernels(state: IntegerState): IntegerKernels;
}

/**
 * The order of a step over a FixedNetwork (ARCHITECTURE.md, "One step"): inputs, populations by phase, messages under
 * way, learning, outputs. Arithmetic is the kernels' business.
 */
export class IntegerMachine implements Machine {
  readonly shape: MachineShape;
  learning = true;
  protected readonly state: IntegerState;
  private readonly kernels: IntegerKernels;
  private readonly order: readonly FixedPopulation[];
  private readonly stores: readonly IntegerStore[];
  /** Payloads (`arrival`) or accumulated currents (`send`) under way: slot (step mod delay + 1) arrives now. */
  private readonly lines = new Map<string, IntegerArray[]>();
  private readonly outputs: Record<string, Float64Array> = {};

  constructor(
    protected readonly fixed: FixedNetwork,
    design: IntegerDesign,
  ) {
    const makeStore = (fields: readonly FixedField[], length: number): Store =>
      new Map(fields.map((f) => [f.name, design.allocate(length, f.format)]));
    const neurons = new Map(fixed.populations.map((p) => [p.name, makeStore(p.fields, p.size)]));
    const synapses = new Map(
      fixed.projections.map((p) => [p.name, makeStore([p.weights, ...p.fields], p.columns.length)]),
    );
    const scales = new Map(
      fixed.projections.flatMap(({ name, weights, scale }) => {
        const stored = synapses.get(name)!.get(weights.name)!;
        return scale ? [[name, new WorkingScale(scale, weights.format, stored)] as const] : [];
      }),
    );
    const counts = { seed: 0, step: 0, modulator: 0, saturations: 0 };
    this.state = { fixed, neurons, synapses, scales, ...counts };
    for (const projection of fixed.projections) this.allocateLine(projection, design);
    const port = ({ population }: { population: string }) => ({
      name: population,
      size: this.population(population).size,
    });
    for (const { population } of fixed.outputs) {
      this.outputs[population] = new Float64Array(this.population(population).size);
    }
    this.order = [...fixed.populations].sort((a, b) => a.phase - b.phase);
    this.stores = this.collectStores();
    this.shape = {
      machine: design.name,
      inputs: fixed.inputs.map(port),
      outputs: fixed.outputs.map(port),
      probes: this.stores.map(({ probe, values, format, writable }) => ({
        probe,
        length: values.length,
        format,
        writable,
      })),
    };
    this.kernels = design.kernels(this.state);
    this.reset({ seed: 0 });
  }

  reset({ seed }: { readonly seed: number }): void {
    const { state } = this;
    state.seed = seed >>> 0;
    state.step = 0;
    state.saturations = 0;
    state.modulator = this.fixed.modulator?.offset ?? 0;
    for (const { name, fields } of this.fixed.populations) {
      for (const field of fields) fill(state.neurons.get(name)!.get(field.name)!, field.initial);
    }
    for (const { name, weights, fields } of this.fixed.projections) {
      for (const field of [weights, ...fields])
        fill(state.synapses.get(name)!.get(field.name)!, field.initial);
    }
    for (const scale of state.scales.values()) scale.toUnit();
    for (const line of this.lines.values()) for (const slot of line) slot.fill(0);
  }

  step(inputs: Inputs): Outputs {
    const { state, kernels } = this;
    const { projections } = this.fixed;
    this.encode(inputs);
    for (const population of this.order) {
      for (const p of projections) if (p.post === population.name) this.deliver(p);
      kernels.neurons(population);
      for (const { name, role } of population.fields) {
        if (role === 'current') state.neurons.get(population.name)!.get(name)!.fill(0);
      }
    }
    for (const p of projections) if (p.delay > 0) this.send(p);
    for (const p of projections) {
      if (!this.learning || !p.rule || (state.step + 1) % p.rule.every !== 0) continue;
      kernels.learn(p);
      state.scales.get(p.name)?.follow();
    }
    state.step++;
    for (const port of this.fixed.outputs) {
      const values = state.neurons.get(port.population)!.get(port.field)!;
      decodeOutputs(port, values, this.outputs[port.population]!);
    }
    return this.outputs;
  }

  read(probe: Probe): Float64Array {
    if (probe.kind === 'counter') return Float64Array.of(this.counter(probe));
    const { values, format } = findProbe(this.stores, probe);
    const scale = probe.kind === 'weight' ? this.state.scales.get(probe.projection) : undefined;
    const r = scale?.real() ?? 1;
    return Float64Array.from(values, (value) => r * toReal(value, format));
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    const scale = 'projection' in probe ? this.state.scales.get(probe.projection) : undefined;
    if (scale && probe.kind === 'scale') return scale.write(store, values);
    store.values.set(integersToWrite(store, values));
    if (probe.kind === 'weight') scale?.toUnit();
  }

  private counter(probe: Probe & { readonly kind: 'counter' }): number {
    const { step, saturations } = this.state;
    const counters = Object.entries({ step, saturations }).map(([name, value]) => ({
      probe: { kind: 'counter', name } as const,
      value,
    }));
    return findProbe(counters, probe).value;
  }

  private readonly saturated = (): void => {
    this.state.saturations++;
  };

  private encode(inputs: Inputs): void {
    checkInputs(inputs, this.shape.inputs);
    for (const port of this.fixed.inputs) {
      const given = inputs.values[port.population]!;
      const target = this.state.neurons.get(port.population)!.get(port.field)!;
      encodeInputs(port, given, target, this.saturated);
    }
    const { modulator } = this.fixed;
    if (modulator)
      this.state.modulator = toInteger(inputs.modulator, modulator.format) + modulator.offset;
  }

  private deliver(projection: FixedProjection): void {
    const into = this.state.neurons.get(projection.post)!.get(projection.accumulator)!;
    const line = this.lines.get(projection.name);
    if (!line) return this.kernels.accumulate(projection, this.payload(projection), into);
    const slot = line[this.state.step % line.length]!;
    if (projection.weight === 'arrival') return this.kernels.accumulate(projection, slot, into);
    into.set(slot);
    slot.fill(0);
  }

  /** Puts this step's payload under way, with this step's weights for `send`. */
  private send(projection: FixedProjection): void {
    const line = this.lines.get(projection.name)!;
    const slot = line[(this.state.step + projection.delay) % line.length]!;
    if (projection.weight === 'arrival') slot.set(this.payload(projection));
    else this.kernels.accumulate(projection, this.payload(projection), slot);
  }

  private payload({ pre, payload }: FixedProjection): IntegerArray {
    return this.state.neurons.get(pre)!.get(payload)!;
  }

  private population(name: string): FixedPopulation {
    return this.fixed.populations.find((p) => p.name === name)!;
  }

  private allocateLine(projection: FixedProjection, design: IntegerDesign): void {
    const { name, delay, weight, pre, post, payload, accumulator } = projection;
    if (delay === 0) return;
    const [owner, field] = weight === 'send' ? [post, accumulator] : [pre, payload];
    const { size, fields } = this.population(owner);
    const { format } = fields.find((f) => f.name === field)!;
    this.lines.set(
      name,
      Array.from({ length: delay + 1 }, () => design.allocate(size, format)),
    );
  }

  private collectStores(): IntegerStore[] {
    const stores: IntegerStore[] = [];
    for (const { name: population, fields } of this.fixed.populations) {
      for (const { name, symbol, format, role } of fields) {
        if (symbol === undefined) continue;
        const values = this.state.neurons.get(population)!.get(name)!;
        const probe = { kind: 'variable', population, name: symbol } as const;
        stores.push({ probe, values, format, writable: role !== 'payload' });
      }
    }
    for (const { name: projection, weights, fields } of this.fixed.projections) {
      const own = this.state.synapses.get(projection)!;
      const values = own.get('weight')!;
      const { format } = weights;
      const scale = this.state.scales.get(projection);
      if (scale) stores.push(...scale.stores(projection));
      stores.push({ probe: { kind: 'weight', projection }, values, format, writable: true });
      for (const { name, symbol, format } of fields) {
        if (symbol === undefined) continue;
        const probe = { kind: 'synapse', projection, name: symbol } as const;
        stores.push({ probe, values: own.get(name)!, format, writable: true });
      }
    }
    return stores;
  }
}

function fill(target: IntegerArray, initial: number | ArrayLike<number>): void {
  if (typeof initial === 'number') target.fill(initial);
  else target.set(initial);
}
