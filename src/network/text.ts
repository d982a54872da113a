import type { NeuronModel, RuleModel } from '../equations/model.js';
import { checkNetwork } from './check.js';
import type {
  Connectivity,
  InputPort,
  Network,
  OutputPort,
  ParameterValue,
  Population,
  Projection,
} from './network.js';
import { printNumber, printValue, printWords } from './text-values.js';

/**
 * A network as text: its name, the definitions of its neurons and rules in their own language, then populations,
 * projections and ports as blocks of `key = value` lines. Exact: `parseNetwork` gives the same network back.
 *
 * @throws DiagnosticsError PL12xx when the network does not pass `checkNetwork`.
 */
export function printNetwork(network: Network): string {
  checkNetwork(network);
  const blocks = [
    `network ${network.name}`,
    ...definitionsOf(network).map((text) => text.trimEnd()),
    ...network.populations.map(printPopulation),
    ...network.projections.map(printProjection),
    ...network.inputs.map(printInput),
    ...network.outputs.map(printOutput),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The texts of the definitions in use, neurons first, each once, in order of first use. */
function definitionsOf(network: Network): readonly string[] {
  const neurons = network.populations.map((p) => p.neuron);
  const rules = network.projections.map((p) => p.rule);
  const used: (NeuronModel | RuleModel | undefined)[] = [...neurons, ...rules];
  return [...new Set(used.flatMap((model) => (model ? [model.text] : [])))];
}

const block = (heading: string, lines: readonly string[]): string =>
  [heading, ...lines.map((line) => `  ${line}`)].join('\n');

const printParameters = (parameters: Readonly<Record<string, ParameterValue>>): string[] =>
  Object.keys(parameters)
    .sort()
    .map((name) => `parameter ${name} = ${printValue(parameters[name]!)}`);

function printPopulation({ name, size, neuron, parameters }: Population): string {
  const heading = `population ${name}[${size}]${neuron ? ` ${neuron.name}` : ''}`;
  return block(heading, printParameters(parameters));
}

function printProjection(projection: Projection): string {
  const { name, pre, post, rule } = projection;
  return block(`projection ${name}: ${pre} -> ${post}`, [
    `delay = ${projection.delay}`,
    `weight = ${projection.weight}`,
    `every = ${projection.every}`,
    ...printConnectivity(projection.connectivity),
    `initial = ${printValue(projection.initialWeights)}`,
    ...(rule ? [`rule = ${rule.name}`] : []),
    ...projection.bindings.map((b) => `signal ${b.signal} = ${b.side}.${b.variable}`),
    ...printParameters(projection.parameters),
  ]);
}

function printConnectivity(connectivity: Connectivity): readonly string[] {
  if (connectivity.kind === 'dense') return [];
  return [
    `rows = ${printWords(connectivity.rowStart)}`,
    `columns = ${printWords(connectivity.columns)}`,
  ];
}

function printInput(port: InputPort): string {
  return block(`input ${port.population}`, [
    `mean = ${printValue(port.mean)}`,
    `deviation = ${printValue(port.deviation)}`,
    ...printScale(port),
  ]);
}

function printOutput(port: OutputPort): string {
  return block(`output ${port.population}`, [`variable = ${port.variable}`, ...printScale(port)]);
}

function printScale(port: { readonly scale: number; readonly clip: number }): readonly string[] {
  const clip = port.clip === Infinity ? [] : [`clip = ${printNumber(port.clip)}`];
  return [`scale = ${printNumber(port.scale)}`, ...clip];
}
