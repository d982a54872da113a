import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { uniform } from '../../compiler/levels/numbers/draw.js';
import { neuronModel, ruleModel } from '../equations/load.js';
import type { NeuronModel, RuleModel } from '../equations/model.js';
import { defaultBindings, resolveVariable, sentVariable } from './bind.js';
import { checkNetwork, isSize } from './check.js';
import type {
  Connectivity,
  InputPort,
  Network,
  OutputPort,
  ParameterValue,
  Population,
  Projection,
  SignalBinding,
} from './network.js';

/** One number for all, or one per neuron or synapse. */
export type Values = number | ArrayLike<number>;

/** An input port; absent: mean 0, deviation 1, scale 1, no clip. */
export interface InputOptions {
  readonly mean?: Values;
  readonly deviation?: Values;
  readonly scale?: number;
  readonly clip?: number;
}

/** An output port; absent: what the population sends, scale 1, no clip. */
export interface OutputOptions {
  readonly variable?: string;
  readonly scale?: number;
  readonly clip?: number;
}

/**
 * Which synapses exist: all; the listed `[pre, post]` pairs, in any order; or each pair with probability
 * `density`, drawn from `seed`, the projection's index and the pair.
 */
export type ConnectivityOptions =
  | 'dense'
  | readonly (readonly [pre: number, post: number])[]
  | { readonly density: number; readonly seed: number }
  | Connectivity;

/** A projection; absent: fixed, dense, delay 0, every step, weights 0 at reset, default bindings. */
export interface ProjectionOptions {
  readonly name?: string;
  /** The name or text of a rule, or a rule; absent is a fixed projection. */
  readonly rule?: string | RuleModel;
  readonly parameters?: Readonly<Record<string, Values>>;
  readonly delay?: number;
  readonly weight?: 'arrival' | 'send';
  readonly every?: number;
  readonly connectivity?: ConnectivityOptions;
  /** `{ x: 'pre.trace', y: 'post.value' }`; signals left out are bound as `defaultBindings` says. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** One number, or one per synapse in synapse order. */
  readonly initialWeights?: Values;
}

/** Puts a network together, population by population; `build` checks it. */
export class NetworkBuilder {
  private readonly populations: Population[] = [];
  private readonly projections: Projection[] = [];
  private readonly inputs: InputPort[] = [];
  private readonly outputs: OutputPort[] = [];

  constructor(private readonly name: string) {}

  /** Adds an input population and its port. */
  input(name: string, size: number, options: InputOptions = {}): this {
    const { mean = 0, deviation = 1, scale = 1, clip = Infinity } = options;
    this.populations.push({ name, size, neuron: undefined, parameters: {} });
    this.inputs.push({
      population: name,
      mean: toValue(mean),
      deviation: toValue(deviation),
      scale,
      clip,
    });
    return this;
  }

  /** Adds a population of a neuron given by name, text or model. */
  population(
    name: string,
    size: number,
    neuron: string | NeuronModel,
    parameters: Readonly<Record<string, Values>> = {},
  ): this {
    const model = typeof neuron === 'string' ? neuronModel(neuron) : neuron;
    this.populations.push({ name, size, neuron: model, parameters: toValues(parameters) });
    return this;
  }

  /**
   * Adds a projection between two populations already added; its name is `pre->post` unless given.
   *
   * @throws DiagnosticsError PL1201 (no such population), PL1209 (a binding of another form than `pre.NAME` or
   * `post.NAME`), PL1210 (a pair outside the populations or given twice; a density outside [0, 1]).
   */
  projection(pre: string, post: string, options: ProjectionOptions = {}): this {
    const { name = `${pre}->${post}`, rule, delay = 0, weight = 'arrival', every = 1 } = options;
    const from = this.find(name, pre);
    const to = this.find(name, post);
    const model = typeof rule === 'string' ? ruleModel(rule) : rule;
    const index = this.projections.length;
    this.projections.push({
      name,
      pre,
      post,
      connectivity: toConnectivity(
        name,
        options.connectivity ?? 'dense',
        index,
        from.size,
        to.size,
      ),
      delay,
      weight,
      every,
      rule: model,
      bindings: toBindings(name, model, options.bindings ?? {}, from, to),
      parameters: toValues(options.parameters ?? {}),
      initialWeights: toValue(options.initialWeights ?? 0),
    });
    return this;
  }

  /**
   * Adds an output port of a population already added.
   *
   * @throws DiagnosticsError PL1201 (no such population).
   */
  output(population: string, options: OutputOptions = {}): this {
    const { variable, scale = 1, clip = Infinity } = options;
    const from = this.find(`output ${population}`, population);
    this.outputs.push({
      population,
      variable: variable === undefined ? sentVariable(from) : resolveVariable(from, variable),
      scale,
      clip,
    });
    return this;
  }

  /**
   * The network, checked.
   *
   * @throws DiagnosticsError PL12xx with every fault.
   */
  build(): Network {
    return checkNetwork({
      name: this.name,
      populations: [...this.populations],
      projections: [...this.projections],
      inputs: [...this.inputs],
      outputs: [...this.outputs],
    });
  }

  private find(user: string, name: string): Population {
    const found = this.populations.find((p) => p.name === name);
    return found ?? fail(diagnostic('PL1201', `${user}: there is no population ${name} yet`));
  }
}

const toValue = (values: Values): ParameterValue =>
  typeof values === 'number' ? values : Float64Array.from(values);

const toValues = (record: Readonly<Record<string, Values>>): Record<string, ParameterValue> =>
  Object.fromEntries(Object.entries(record).map(([name, values]) => [name, toValue(values)]));

/** The default bindings with those given in their place; the rule's signals in the rule's order, then unknown ones. */
function toBindings(
  projection: string,
  rule: RuleModel | undefined,
  given: Readonly<Record<string, string>>,
  pre: Population,
  post: Population,
): SignalBinding[] {
  const defaults = rule ? defaultBindings(rule, pre, post) : [];
  const signals = rule?.signals.map((s) => s.name) ?? [];
  const extra = Object.keys(given).filter((signal) => !signals.includes(signal));
  return [...signals, ...extra].flatMap((signal) => {
    const text = Object.hasOwn(given, signal) ? given[signal] : undefined;
    if (text === undefined) return defaults.filter((b) => b.signal === signal);
    const [, side, variable] = /^(pre|post)\.(\w+)$/.exec(text) ?? [];
    if (side === undefined || variable === undefined) {
      return fail(
        diagnostic('PL1209', `projection ${projection}: ${signal} is bound to ${text}`, {
          help: 'write pre.NAME or post.NAME',
        }),
      );
    }
    const resolved = resolveVariable(side === 'pre' ? pre : post, variable);
    return [{ signal, side: side === 'pre' ? 'pre' : 'post', variable: resolved }];
  });
}

function toConnectivity(
  projection: string,
  options: ConnectivityOptions,
  index: number,
  preSize: number,
  postSize: number,
): Connectivity {
  if (options === 'dense') return { kind: 'dense' };
  if ('kind' in options) return options;
  // A wrong size is reported by the check of the whole; no synapse can be placed with it.
  if (!isSize(preSize) || !isSize(postSize)) return { kind: 'dense' };
  return 'density' in options
    ? drawnPairs(projection, options, index, preSize, postSize)
    : listedPairs(projection, options, preSize, postSize);
}

function drawnPairs(
  projection: string,
  { density, seed }: { readonly density: number; readonly seed: number },
  index: number,
  preSize: number,
  postSize: number,
): Connectivity {
  if (!(density >= 0 && density <= 1)) {
    fail(diagnostic('PL1210', `projection ${projection}: the density is ${density}`));
  }
  const pairs: [number, number][] = [];
  for (let pre = 0; pre < preSize; pre++) {
    for (let post = 0; post < postSize; post++) {
      if (uniform(seed, index, pre, post, 0, 0) < density) pairs.push([pre, post]);
    }
  }
  return sparse(pairs, preSize);
}

function listedPairs(
  projection: string,
  pairs: readonly (readonly [number, number])[],
  preSize: number,
  postSize: number,
): Connectivity {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  sorted.forEach(([pre, post], k) => {
    const refuse = (what: string): never =>
      fail(diagnostic('PL1210', `projection ${projection}: the pair [${pre}, ${post}] ${what}`));
    if (!isIndex(pre, preSize) || !isIndex(post, postSize)) {
      refuse(`is outside ${preSize} by ${postSize} neurons`);
    }
    const next = sorted[k + 1];
    if (next && next[0] === pre && next[1] === post) refuse('is given twice');
  });
  return sparse(sorted, preSize);
}

const isIndex = (index: number, size: number): boolean =>
  Number.isInteger(index) && index >= 0 && index < size;

/** Sorted pairs as rows. */
function sparse(pairs: readonly (readonly [number, number])[], preSize: number): Connectivity {
  const rowStart = new Uint32Array(preSize + 1);
  for (const [pre] of pairs) rowStart[pre + 1]! += 1;
  for (let pre = 0; pre < preSize; pre++) rowStart[pre + 1]! += rowStart[pre]!;
  return { kind: 'sparse', rowStart, columns: Uint32Array.from(pairs, ([, post]) => post) };
}
