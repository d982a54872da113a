import { resolveVariable, sentVariable } from '../../network/bind.js';
import type { Network, ParameterValue, Population, Projection } from '../../network/network.js';
import { populationOrder } from '../../network/order.js';
import { parameterValue } from '../../network/reference-state.js';
import { columnsOf, expand, rowStarts } from '../../network/synapses.js';
import { neuronSignature, ruleSignature } from './functions.js';
import {
  booleanTensor,
  DOMAIN,
  floatTensor,
  integerAttribute,
  NodeWriter,
  onnx,
  valueInfo,
} from './graph.js';
import {
  inputName,
  lineState,
  MODULATOR,
  neuronState,
  nextName,
  nowName,
  outputName,
  STEPS,
  synapseState,
} from './names.js';

/** A state tensor that the scan carries: its name, shape and initial values. */
export interface StateTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The body of the scan: one network step, the state that it carries, and tensors that it reads from outside. */
export interface StepGraph {
  readonly graph: InstanceType<typeof onnx.GraphProto>;
  readonly states: readonly StateTensor[];
  readonly initializers: readonly ReturnType<typeof floatTensor>[];
  /** Names of the outputs of the body after the states, with their sizes. */
  readonly outputs: readonly { readonly name: string; readonly size: number }[];
}

/** Writes one network step (ARCHITECTURE.md, "One step") with calls of the neurons' and rules' functions. */
export function stepGraph(network: Network): StepGraph {
  return new StepWriter(network).write();
}

class StepWriter {
  private readonly writer = new NodeWriter('s');
  private readonly states: StateTensor[] = [];
  private readonly initializers: ReturnType<typeof floatTensor>[] = [];
  /** The tensor that holds a state now. */
  private readonly now = new Map<string, string>();

  constructor(private readonly network: Network) {}

  write(): StepGraph {
    this.declareStates();
    for (const port of this.network.inputs) this.takeInput(port.population);
    for (const population of populationOrder(this.network)) {
      if (population.neuron) this.runNeurons(population);
    }
    for (const projection of this.network.projections)
      if (projection.delay > 0) this.send(projection);
    this.learnAll();
    const outputs = this.network.outputs.map((port) => {
      const value = this.get(variableState(this.population(port.population), port.variable));
      let result = this.writer.op('Mul', [value, this.writer.constant(port.scale)]);
      result = this.clip(result, port.clip);
      const name = nextName(outputName(port.population));
      this.writer.op('Identity', [result], [], name);
      return { name, size: this.population(port.population).size };
    });
    for (const { name } of this.states)
      this.writer.op('Identity', [this.get(name)], [], nextName(name));
    const inputs = this.network.inputs.map((p) =>
      valueInfo(nowName(inputName(p.population)), [this.population(p.population).size]),
    );
    const graph = onnx.GraphProto.create({
      name: 'step',
      node: this.writer.nodes,
      input: [
        ...this.states.map((s) => valueInfo(nowName(s.name), s.dims)),
        ...inputs,
        valueInfo(nowName(MODULATOR), [1]),
      ],
      output: [
        ...this.states.map((s) => valueInfo(nextName(s.name), s.dims)),
        ...outputs.map((o) => valueInfo(o.name, [o.size])),
      ],
    });
    return { graph, states: this.states, initializers: this.initializers, outputs };
  }

  private get(name: string): string {
    return this.now.get(name)!;
  }

  private state(name: string, dims: readonly number[], values: ArrayLike<number>): void {
    this.states.push({ name, dims, values });
    this.now.set(name, nowName(name));
  }

  private declareStates(): void {
    for (const { name, size, neuron } of this.network.populations) {
      for (const v of neuron?.variables ?? []) {
        this.state(neuronState(name, v.name), [size], new Float64Array(size).fill(v.initial));
      }
    }
    for (const p of this.network.projections) {
      const [pre, post] = [this.population(p.pre).size, this.population(p.post).size];
      this.state(synapseState(p.name, 'w'), [pre, post], this.dense(p, p.initialWeights));
      for (const v of p.rule?.variables ?? [])
        this.state(synapseState(p.name, v.name), [pre, post], this.dense(p, v.initial));
      if (p.delay > 0) {
        const size = p.weight === 'send' ? post : pre;
        this.state(lineState(p.name), [p.delay, size], new Float64Array(p.delay * size));
      }
    }
    if (this.network.projections.some((p) => p.every > 1)) this.state(STEPS, [1], [0]);
  }

  private takeInput(population: string): void {
    const { writer } = this;
    const port = this.network.inputs.find((p) => p.population === population)!;
    const vector = (value: ParameterValue, name: string): string =>
      typeof value === 'number'
        ? writer.constant(value)
        : this.initializer(`${name}:${population}`, [value.length], value);
    const centred = writer.op('Sub', [nowName(inputName(population)), vector(port.mean, 'mean')]);
    const normal = writer.op('Div', [centred, vector(port.deviation, 'deviation')]);
    const scaled = writer.op('Mul', [normal, writer.constant(port.scale)]);
    this.now.set(neuronState(population, 'value'), this.clip(scaled, port.clip));
  }

  private clip(value: string, limit: number): string {
    return Number.isFinite(limit) ? this.writer.clip(value, -limit, limit) : value;
  }

  private runNeurons(population: Population): void {
    const { writer } = this;
    const { name, size, neuron, parameters } = population;
    let current = this.initializer(`zeros:${name}`, [size], new Float64Array(size));
    for (const p of this.network.projections) {
      if (p.post === name) current = writer.op('Add', [current, this.arriving(p)]);
    }
    const given = neuron!.parameters.map((p) => {
      const value = parameterValue(p, parameters);
      return typeof value === 'number'
        ? writer.constant(value)
        : this.initializer(`parameter:${neuronState(name, p.name)}`, [size], value);
    });
    const { name: called } = neuronSignature(neuron!);
    const keys = neuron!.variables.map((v) => neuronState(name, v.name));
    const states = keys.map((k) => this.get(k));
    const results = keys.map((k) => `after:${k}`);
    writer.node(called, [current, ...states, ...given], results, [], DOMAIN);
    for (const [i, key] of keys.entries()) this.now.set(key, results[i]!);
  }

  private payload(p: Projection): string {
    const pre = this.population(p.pre);
    return this.get(variableState(pre, sentVariable(pre)));
  }

  /** Sums for the postsynaptic neurons: [post]. */
  private arriving(p: Projection): string {
    if (p.delay === 0) return this.product(p, this.payload(p));
    const line = this.get(lineState(p.name));
    const slot = this.row(line, 0, 1);
    return p.weight === 'send' ? slot : this.product(p, slot);
  }

  /** Sums of weight · payload over the synapses whose payload is not 0: MatMul would let 0 · ∞ through. */
  private product(p: Projection, payload: string): string {
    const { writer } = this;
    const column = writer.op('Unsqueeze', [payload, writer.integers([1])]);
    let counts = writer.holds(column);
    if (p.connectivity.kind === 'sparse') counts = writer.op('And', [counts, this.present(p)]);
    const terms = writer.op('Mul', [this.get(synapseState(p.name, 'w')), column]);
    const counted = writer.op('Where', [counts, terms, writer.constant(0)]);
    return writer.op('ReduceSum', [counted, writer.integers([0])], [dropAxis]);
  }

  private row(line: string, from: number, to: number): string {
    const { writer } = this;
    const cut = writer.op('Slice', [
      line,
      writer.integers([from]),
      writer.integers([to]),
      writer.integers([0]),
    ]);
    return to - from === 1 ? writer.op('Squeeze', [cut, writer.integers([0])]) : cut;
  }

  /** Drops what has arrived and appends what is sent now. */
  private send(p: Projection): void {
    const { writer } = this;
    const key = lineState(p.name);
    const sent = p.weight === 'send' ? this.product(p, this.payload(p)) : this.payload(p);
    const last = writer.op('Unsqueeze', [sent, writer.integers([0])]);
    if (p.delay === 1) {
      this.now.set(key, last);
      return;
    }
    const cut = writer.op('Slice', [
      this.get(key),
      writer.integers([1]),
      writer.integers([p.delay]),
      writer.integers([0]),
    ]);
    const name = writer.op('Concat', [cut, last], [concatAxis]);
    this.now.set(key, name);
  }

  private learnAll(): void {
    const { writer } = this;
    const counted = this.now.has(STEPS);
    if (counted) this.now.set(STEPS, writer.op('Add', [this.get(STEPS), writer.constant(1)]));
    // Rules read this step's values; none of them sees what another one wrote.
    const results = this.network.projections.filter((p) => p.rule).flatMap((p) => this.learn(p));
    for (const [key, value] of results) this.now.set(key, value);
  }

  private learn(p: Projection): [string, string][] {
    const { writer } = this;
    const rule = p.rule!;
    const sparse = p.connectivity.kind === 'sparse';
    const { name } = ruleSignature(rule, sparse);
    const [pre, post] = [this.population(p.pre).size, this.population(p.post).size];
    const signals = rule.signals.map(({ name, side }) => {
      const binding = p.bindings.find((b) => b.signal === name)!;
      const value = this.get(variableState(this.population(p[side]), binding.variable));
      return writer.op('Unsqueeze', [value, writer.integers([side === 'pre' ? 1 : 0])]);
    });
    const parameters = rule.parameters.map((q) => {
      const value = parameterValue(q, p.parameters);
      if (typeof value === 'number') return writer.constant(value);
      const name = `parameter:${synapseState(p.name, q.name)}`;
      if (q.scope === 'neuron') return this.initializer(name, [post], value);
      return this.initializer(name, [pre, post], this.dense(p, value));
    });
    const present = sparse ? [this.present(p)] : [];
    const keys = ['w', ...rule.variables.map((v) => v.name)].map((v) => synapseState(p.name, v));
    const [weight, ...variables] = keys.map((k) => this.get(k)) as [string, ...string[]];
    const results = keys.map((k) => `after:${k}`);
    writer.node(
      name,
      [weight, ...present, nowName(MODULATOR), ...signals, ...variables, ...parameters],
      results,
      [],
      DOMAIN,
    );
    return keys.map((key, i) => [key, this.inTime(p, results[i]!, this.get(key))]);
  }

  /** The new value where (step + 1) mod every = 0, else the old one. */
  private inTime(p: Projection, changed: string, old: string): string {
    if (p.every === 1) return changed;
    const { writer } = this;
    const period = writer.constant(p.every);
    const turns = writer.op('Floor', [writer.op('Div', [this.get(STEPS), period])]);
    const due = writer.op('Equal', [writer.op('Mul', [turns, period]), this.get(STEPS)]);
    return writer.op('Where', [due, changed, old]);
  }

  private initializer(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.initializers.push(floatTensor(name, dims, values));
    return name;
  }

  /** Where a sparse projection has synapses, as a boolean [pre, post] table. */
  private present(p: Projection): string {
    const name = `present:${p.name}`;
    if (!this.initializers.some((tensor) => tensor.name === name)) {
      const dims = [this.population(p.pre).size, this.population(p.post).size];
      this.initializers.push(booleanTensor(name, dims, this.dense(p, 1)));
    }
    return name;
  }

  /** A value per synapse as a [pre, post] table; 0 where there is no synapse. */
  private dense(p: Projection, value: ParameterValue): Float64Array {
    const [pre, post] = [this.population(p.pre).size, this.population(p.post).size];
    const starts = rowStarts(p, pre, post);
    const columns = columnsOf(p, pre, post);
    const values = expand(value, columns.length);
    const table = new Float64Array(pre * post);
    for (let i = 0; i < pre; i++) {
      for (let k = starts[i]!; k < starts[i + 1]!; k++) table[i * post + columns[k]!] = values[k]!;
    }
    return table;
  }

  private population(name: string): Population {
    return this.network.populations.find((p) => p.name === name)!;
  }
}

const concatAxis = integerAttribute('axis', 0);
const dropAxis = integerAttribute('keepdims', 0);

const variableState = (population: Population, variable: string): string =>
  neuronState(population.name, resolveVariable(population, variable));
