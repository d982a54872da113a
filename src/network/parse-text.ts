import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticBag,
  DiagnosticsError,
} from '../../compiler/diagnostics/diagnostic.js';
import { loadModels, neuronModel, ruleModel } from '../equations/load.js';
import type { NeuronModel, RuleModel } from '../equations/model.js';
import { defaultBindings, resolveVariable, sentVariable } from './bind.js';
import { checkNetwork } from './check.js';
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
import { cutBlocks, Fields, type TextBlock, type TextPlace } from './text-blocks.js';
import { readNumber, readValue, readWords } from './text-values.js';

/**
 * Reads what `printNetwork` prints, and the same written by hand: fields may be left out (the builder's
 * defaults), and neurons and rules without a definition in the text are those of the library. Warnings about
 * the definitions go to `report`.
 *
 * @throws DiagnosticsError PL1220 to PL1222 for the text, PL10xx and PL11xx for the definitions in it, PL1201 to
 * PL1213 for the network.
 */
export function parseNetwork(
  text: string,
  file: string,
  report: (warning: Diagnostic) => void = () => undefined,
): Network {
  const bag = new DiagnosticBag();
  const blocks = cutBlocks(text, file, bag);
  const reader = new NetworkReader(file, bag);
  for (const block of blocks) if (isDefinition(block)) reader.definition(block);
  bag.finish();
  for (const block of blocks) if (!isDefinition(block)) reader.block(block);
  const network = reader.finish();
  for (const warning of bag.list) report(warning);
  return network;
}

const isDefinition = (block: TextBlock): boolean => /^(neuron|rule)\b/.test(block.heading.text);

type Definition<Model> = { readonly model: Model; readonly place: TextPlace; used: boolean };

class NetworkReader {
  private name: string | undefined;
  private readonly neurons = new Map<string, Definition<NeuronModel>>();
  private readonly rules = new Map<string, Definition<RuleModel>>();
  private readonly populations: Population[] = [];
  private readonly projections: Projection[] = [];
  private readonly inputs: InputPort[] = [];
  private readonly outputs: OutputPort[] = [];
  private readonly places = new Map<string, TextPlace>();

  constructor(
    private readonly file: string,
    private readonly bag: DiagnosticBag,
  ) {}

  definition(block: TextBlock): void {
    const { place } = block.heading;
    // The lines before it are replaced by empty ones, so that every span fits the whole text.
    const text = `${'\n'.repeat(block.from - 1)}${block.raw}\n`;
    const models = this.attempt(() => loadModels(text, this.file, (d) => this.bag.add(d))) ?? [];
    if (models.length > 1) {
      this.bag.add(
        diagnostic(
          'PL1220',
          'this block holds a second definition; each one begins at the margin, without spaces before it',
          place,
        ),
      );
    }
    for (const model of models) {
      if (model.kind === 'neuron') this.define(this.neurons, model, place);
      else this.define(this.rules, model, place);
    }
  }

  block(block: TextBlock): void {
    const { text, place } = block.heading;
    const fields = new Fields(block, this.bag);
    const [kind] = text.split(' ', 1);
    const match = (form: RegExp): string[] | undefined => form.exec(text)?.slice(1);
    const network = match(/^network (\S+)$/);
    const population = match(/^population (\S+?)\[(\d+)\](?: (\w+))?$/);
    const projection = match(/^projection (\S+): (\S+) -> (\S+)$/);
    const port = match(/^(?:input|output) (\S+)$/);
    if (network && this.name === undefined) {
      this.name = network[0]!;
      this.places.set(`network ${this.name}`, place);
    } else if (population) this.population(population, fields, place);
    else if (projection) this.projection(projection, fields, place);
    else if (port && kind === 'input') this.input(port[0]!, fields, place);
    else if (port) this.output(port[0]!, fields, place);
    else {
      const what = network
        ? 'the network has a name already'
        : `this is not a heading of a network: \`${text}\``;
      this.bag.add(diagnostic('PL1220', what, { ...place, help: HEADINGS }));
      return;
    }
    fields.finish();
  }

  finish(): Network {
    if (this.name === undefined) {
      this.bag.add(diagnostic('PL1220', `\`${this.file}\` has no line \`network NAME\``));
    }
    for (const { model, place, used } of [...this.neurons.values(), ...this.rules.values()]) {
      if (used) continue;
      this.bag.add(diagnostic('PL1222', `nothing uses the ${model.kind} \`${model.name}\``, place));
    }
    this.bag.finish();
    const network: Network = {
      name: this.name ?? '',
      populations: this.populations,
      projections: this.projections,
      inputs: this.inputs,
      outputs: this.outputs,
    };
    return checkNetwork(network, (element) => this.places.get(element) ?? {});
  }

  private population(
    [name, size, neuron]: readonly string[],
    fields: Fields,
    place: TextPlace,
  ): void {
    this.places.set(`population ${name}`, place);
    this.populations.push({
      name: name!,
      size: Number(size),
      neuron: neuron === undefined ? undefined : this.use(this.neurons, neuron, neuronModel, place),
      parameters: takeParameters(fields),
    });
  }

  private projection([name, pre, post]: readonly string[], fields: Fields, place: TextPlace): void {
    this.places.set(`projection ${name}`, place);
    const ruleName = fields.take('rule', 'a name', (t) => (/^\w+$/.test(t) ? t : undefined), '');
    const rule = ruleName === '' ? undefined : this.use(this.rules, ruleName, ruleModel, place);
    this.projections.push({
      name: name!,
      pre: pre!,
      post: post!,
      connectivity: takeConnectivity(fields),
      delay: fields.take('delay', 'a number', readNumber, 0),
      weight: fields.take('weight', 'arrival or send', readWeight, 'arrival'),
      every: fields.take('every', 'a number', readNumber, 1),
      rule,
      bindings: this.bindings(fields, rule, pre!, post!),
      parameters: takeParameters(fields),
      initialWeights: fields.take('initial', VALUE, readValue, 0),
    });
  }

  /** The bindings as written, then the default ones of signals that are not. */
  private bindings(
    fields: Fields,
    rule: RuleModel | undefined,
    pre: string,
    post: string,
  ): readonly SignalBinding[] {
    const from = this.populations.find((p) => p.name === pre);
    const to = this.populations.find((p) => p.name === post);
    const written = fields
      .takeAll('signal', 'pre.NAME or post.NAME', readSignal)
      .map(([signal, { side, variable }]): SignalBinding => {
        const population = side === 'pre' ? from : to;
        const name = population ? resolveVariable(population, variable) : variable;
        return { signal, side, variable: name };
      });
    if (!rule || !from || !to) return written;
    const open = defaultBindings(rule, from, to).filter(
      (b) => !written.some((w) => w.signal === b.signal),
    );
    return [...written, ...open];
  }

  private input(population: string, fields: Fields, place: TextPlace): void {
    this.places.set(`input ${population}`, place);
    this.inputs.push({
      population,
      mean: fields.take('mean', VALUE, readValue, 0),
      deviation: fields.take('deviation', VALUE, readValue, 1),
      ...takeScale(fields),
    });
  }

  private output(population: string, fields: Fields, place: TextPlace): void {
    this.places.set(`output ${population}`, place);
    const from = this.populations.find((p) => p.name === population);
    const sent = from ? sentVariable(from) : 'value';
    const variable = fields.take('variable', 'a name', readName, sent);
    this.outputs.push({
      population,
      variable: from ? resolveVariable(from, variable) : variable,
      ...takeScale(fields),
    });
  }

  private define<Model extends NeuronModel | RuleModel>(
    definitions: Map<string, Definition<Model>>,
    model: Model,
    place: TextPlace,
  ): void {
    if (definitions.has(model.name)) {
      const what = `the ${model.kind} \`${model.name}\` is defined twice`;
      this.bag.add(diagnostic('PL1202', what, place));
    }
    definitions.set(model.name, { model, place, used: false });
  }

  private use<Model>(
    definitions: ReadonlyMap<string, Definition<Model>>,
    name: string,
    load: (name: string) => Model,
    place: TextPlace,
  ): Model | undefined {
    const definition = definitions.get(name);
    if (!definition) return this.attempt(() => load(name), place);
    definition.used = true;
    return definition.model;
  }

  /** What `make` gives; its diagnostics go into the bag, at `place` where they have none of this text. */
  private attempt<T>(make: () => T, place?: TextPlace): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      for (const d of error.diagnostics) this.bag.add({ ...d, ...place });
      return undefined;
    }
  }
}

const HEADINGS =
  'headings are: network NAME, neuron …, rule …, population NAME[SIZE] NEURON, ' +
  'projection NAME: PRE -> POST, input NAME, output NAME';
const VALUE = 'a number, [numbers] or f64"base64"';

const readWeight = (text: string): 'arrival' | 'send' | undefined =>
  text === 'arrival' || text === 'send' ? text : undefined;

const readName = (text: string): string | undefined => (/^\w+$/.test(text) ? text : undefined);

function readSignal(
  text: string,
): { readonly side: 'pre' | 'post'; readonly variable: string } | undefined {
  const [, side, variable] = /^(pre|post)\.(\w+)$/.exec(text) ?? [];
  if (variable === undefined) return undefined;
  return { side: side === 'pre' ? 'pre' : 'post', variable };
}

function takeParameters(fields: Fields): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(fields.takeAll('parameter', VALUE, readValue));
}

function takeScale(fields: Fields): { readonly scale: number; readonly clip: number } {
  return {
    scale: fields.take('scale', 'a number', readNumber, 1),
    clip: fields.take('clip', 'a number', readNumber, Infinity),
  };
}

function takeConnectivity(fields: Fields): Connectivity {
  if (!fields.has('rows') && !fields.has('columns')) {
    fields.take('rows', WORDS, readWords, NO_WORDS);
    fields.take('columns', WORDS, readWords, NO_WORDS);
    return { kind: 'dense' };
  }
  return {
    kind: 'sparse',
    rowStart: fields.take('rows', WORDS, readWords, NO_WORDS),
    columns: fields.take('columns', WORDS, readWords, NO_WORDS),
  };
}

const WORDS = '[whole numbers] or u32"base64"';
const NO_WORDS = new Uint32Array(0);
