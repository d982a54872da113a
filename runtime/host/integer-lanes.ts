import {
  emitLaneIntegers,
  type LaneIntegers,
} from '../../compiler/codegen/wasm/integer-network.js';
import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import type { FixedNetwork, FixedProjection } from '../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { decodeOutputs, encodeInputs } from '../../compiler/levels/numbers/codec.js';
import { type Format, toReal } from '../../compiler/levels/numbers/format.js';
import { toInteger } from '../../compiler/levels/numbers/rounding.js';
import type { CoefficientArrays } from '../../compiler/passes/quantise/coefficients.js';
import type {
  Inputs,
  LaneMachine,
  MachineShape,
  Outputs,
  Probe,
} from '../../src/network/machine.js';
import { checkInputs } from '../../src/network/ports.js';
import { findProbe } from '../../src/network/probes.js';
import { integersToWrite } from '../probes.js';
import { at, type Kernel, LANES, LaneMemory, type Work } from './lane-memory.js';

/** A lane machine whose coefficients can be replaced lane by lane: what `train --on` runs. */
export interface IntegerLanes extends LaneMachine {
  /** Replaces the coefficients of a projection in one lane, from the next reset on. */
  initialiseCoefficients(projection: string, arrays: CoefficientArrays, lane: number): void;
}

/** Runs a quantised network on WebAssembly generated from its micro-operations; `lanesRefuse` says which it cannot. */
export function createIntegerLanes(micro: MicroProgram): IntegerLanes {
  return new GeneratedIntegers(micro);
}

/** Lanes count no saturations. */
const uncounted = (): void => undefined;

interface LaneStore {
  readonly probe: Probe;
  readonly length: number;
  readonly format: Format;
  readonly writable: boolean;
  readonly placed: Placed;
}

class GeneratedIntegers implements IntegerLanes {
  readonly shape: MachineShape;
  readonly lanes = LANES;
  learning = true;
  private readonly fixed: FixedNetwork;
  private readonly placed: LaneIntegers;
  private readonly memory: LaneMemory;
  private readonly words: Int32Array;
  /** What `reset` puts into the memory. */
  private readonly initial: Int32Array;
  private readonly neurons: readonly Work[];
  private readonly sends: readonly Work[];
  private readonly rules: readonly { readonly every: number; readonly learn: Kernel }[];
  private readonly stores: readonly LaneStore[];
  private readonly given: readonly Readonly<Record<string, Float64Array>>[];
  private seed = 0;
  private steps = 0;

  constructor(micro: MicroProgram) {
    const { fixed } = micro;
    this.fixed = fixed;
    this.placed = emitLaneIntegers(micro);
    this.memory = new LaneMemory(this.placed.module, {});
    this.words = this.memory.words;
    this.neurons = this.planNeurons();
    this.sends = this.planSends();
    this.rules = fixed.projections.flatMap(({ rule }, q) =>
      rule ? [{ every: rule.every, learn: this.memory.kernel(`learn${q}`) }] : [],
    );
    this.stores = this.collectStores();
    const port = ({ population: name }: { population: string }) => ({
      name,
      size: fixed.populations.find((p) => p.name === name)!.size,
    });
    this.given = Array.from({ length: LANES }, () =>
      Object.fromEntries(fixed.outputs.map((o) => [o.population, new Float64Array(port(o).size)])),
    );
    this.shape = {
      machine: 'host (integers, lanes)',
      inputs: fixed.inputs.map(port),
      outputs: fixed.outputs.map(port),
      probes: this.stores.map(({ placed: _, ...shape }) => shape),
    };
    this.declareInitial();
    this.initial = this.words.slice();
    this.declareCoefficients();
    this.reset({ seed: 0 });
  }

  initialise(probe: Probe, lane: number, values: ArrayLike<number>): void {
    const { placed, ...store } = findProbe(this.stores, probe);
    const integers = integersToWrite({ ...store, values: placed }, values);
    for (let i = 0; i < integers.length; i++) this.initial[at(placed, i, lane)] = integers[i]!;
  }

  initialiseCoefficients(projection: string, arrays: CoefficientArrays, lane: number): void {
    const own = this.placed.coefficients.get(projection)!;
    const powers = this.placed.powers.get(projection)!;
    for (const [name, values] of arrays) {
      const placed = own.get(name)!;
      const power = powers.has(name);
      for (let k = 0; k < values.length; k++) {
        this.initial[at(placed, k, lane)] = power ? 1 << values[k]! : values[k]!;
      }
    }
  }

  reset({ seed }: { readonly seed: number }): void {
    this.seed = seed | 0;
    this.steps = 0;
    this.words.set(this.initial);
  }

  step(inputs: readonly Inputs[]): void {
    const { fixed, steps } = this;
    for (let lane = 0; lane < LANES; lane++) this.encode(inputs[lane]!, lane);
    for (const work of this.neurons) work(steps);
    for (const work of this.sends) work(steps);
    if (this.learning) {
      for (const { every, learn } of this.rules) {
        if ((steps + 1) % every === 0) learn(this.seed, steps);
      }
    }
    this.steps++;
    for (const port of fixed.outputs) {
      const placed = this.placed.neurons.get(port.population)!.get(port.field)!;
      for (let lane = 0; lane < LANES; lane++) {
        const output = this.given[lane]![port.population]!;
        decodeOutputs(port, this.words, output, at(placed, 0, lane), placed.stride / 4);
      }
    }
  }

  outputs(lane: number): Outputs {
    return this.given[lane]!;
  }

  read(probe: Probe, lane: number): Float64Array {
    const { placed, format } = findProbe(this.stores, probe);
    return Float64Array.from({ length: placed.length }, (_, i) =>
      toReal(this.words[at(placed, i, lane)]!, format),
    );
  }

  /** Populations by phase, each after what arrives at it. */
  private planNeurons(): Work[] {
    const { fixed, memory } = this;
    const order = [...fixed.populations.entries()].sort(([, a], [, b]) => a.phase - b.phase);
    return order.flatMap(([index, { name }]) => {
      const currents = fixed.projections.flatMap((p, q): Work[] =>
        p.post === name ? [this.planDelivery(p, q)] : [],
      );
      if (!memory.has(`neurons${index}`)) return currents;
      const run = memory.kernel(`neurons${index}`);
      return [...currents, () => run()];
    });
  }

  private planDelivery(p: FixedProjection, index: number): Work {
    const { memory } = this;
    const into = this.placed.neurons.get(p.post)!.get(p.accumulator)!;
    const line = this.placed.lines.get(p.name)!;
    if (p.weight === 'send' && line.length > 0) {
      return (step) => memory.copy(line[step % line.length]!, into);
    }
    const deliver = memory.kernel(`deliver${index}`);
    const { offset } = this.payload(p);
    if (line.length === 0) return () => deliver(offset, into.offset);
    return (step) => deliver(line[step % line.length]!.offset, into.offset);
  }

  /** Puts a step's payloads, or its currents, where they arrive `delay` steps later. */
  private planSends(): Work[] {
    const { memory } = this;
    return this.fixed.projections.flatMap((p, q): Work[] => {
      if (p.delay === 0) return [];
      const line = this.placed.lines.get(p.name)!;
      const payload = this.payload(p);
      const slot = (step: number): Placed => line[(step + p.delay) % line.length]!;
      if (p.weight !== 'send') return [(step) => memory.copy(payload, slot(step))];
      const deliver = memory.kernel(`deliver${q}`);
      return [(step) => deliver(payload.offset, slot(step).offset)];
    });
  }

  private payload(p: FixedProjection): Placed {
    return this.placed.neurons.get(p.pre)!.get(p.payload)!;
  }

  private encode(inputs: Inputs, lane: number): void {
    checkInputs(inputs, this.shape.inputs);
    for (const port of this.fixed.inputs) {
      const given = inputs.values[port.population]!;
      const placed = this.placed.neurons.get(port.population)!.get(port.field)!;
      encodeInputs(port, given, this.words, uncounted, at(placed, 0, lane), placed.stride / 4);
    }
    const { modulator } = this.fixed;
    if (!modulator) return;
    this.words[at(this.placed.modulator, 0, lane)] =
      toInteger(inputs.modulator, modulator.format) + modulator.offset;
  }

  private declareInitial(): void {
    const { fixed, placed } = this;
    for (const { placed: words, values } of placed.words) this.words.set(values, words.offset / 4);
    for (const { name, fields } of fixed.populations) {
      for (const f of fields) this.fill(placed.neurons.get(name)!.get(f.name)!, f.initial);
    }
    for (const { name, weights, fields } of fixed.projections) {
      const own = placed.synapses.get(name)!;
      for (const f of [weights, ...fields]) this.fill(own.get(f.name)!, f.initial);
    }
    this.fill(placed.modulator, fixed.modulator?.offset ?? 0);
  }

  private declareCoefficients(): void {
    for (const { name, rule } of this.fixed.projections) {
      const arrays = new Map(
        (rule?.coefficients ?? []).map((c) => [
          c.name,
          Int32Array.from(rule!.profiles, (profile) => c.values[profile]!),
        ]),
      );
      for (let lane = 0; lane < LANES; lane++) this.initialiseCoefficients(name, arrays, lane);
    }
  }

  private fill(placed: Placed, value: number | ArrayLike<number>): void {
    for (let i = 0; i < placed.length; i++) {
      const start = at(placed, i, 0);
      this.words.fill(typeof value === 'number' ? value : value[i]!, start, start + LANES);
    }
  }

  private collectStores(): LaneStore[] {
    const stores: LaneStore[] = [];
    const add = (probe: Probe, placed: Placed, format: Format, writable: boolean): void => {
      stores.push({ probe, placed, length: placed.length, format, writable });
    };
    for (const { name: population, fields } of this.fixed.populations) {
      for (const { name, symbol, format, role } of fields) {
        if (symbol === undefined) continue;
        const placed = this.placed.neurons.get(population)!.get(name)!;
        add({ kind: 'variable', population, name: symbol }, placed, format, role !== 'payload');
      }
    }
    for (const { name: projection, weights, fields } of this.fixed.projections) {
      const own = this.placed.synapses.get(projection)!;
      add({ kind: 'weight', projection }, own.get('weight')!, weights.format, true);
      for (const { name, symbol, format } of fields) {
        if (symbol === undefined) continue;
        add({ kind: 'synapse', projection, name: symbol }, own.get(name)!, format, true);
      }
    }
    return stores;
  }
}
