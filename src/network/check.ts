import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  DiagnosticBag,
  type DiagnosticPlace,
  didYouMean,
} from '../../compiler/diagnostics/diagnostic.js';
import { variablesOf } from './bind.js';
import { checkParameters, checkValue, checkWhole, report, type Subject } from './check-values.js';
import type { InputPort, Network, OutputPort, Population, Projection } from './network.js';
import { findCycle } from './order.js';
import { synapseCount } from './synapses.js';

/** Names of populations: a letter or `_`, then letters, digits, `_` and `.`. */
const POPULATION_NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;
/** Names of projections and networks: printable, no spaces, quotes or backslashes. */
const ELEMENT_NAME = /^[^\s"\\\p{C}]+$/u;

/** Most neurons of a population, so that no text can ask for more memory than a machine has. */
const MOST_NEURONS = 2 ** 20;
/** Most synapses of a projection, and most values under way on its delay line. */
const MOST_SYNAPSES = 2 ** 27;

/** Where an element (`population hidden`, `projection a->b`, `input a`, `output b`) is written. */
export type Locate = (element: string) => DiagnosticPlace;

/**
 * Checks a network as a whole and returns it: names, sizes, parameters, weights, bindings, connectivity, ports
 * and delays. All faults at once, each naming its element.
 *
 * @throws DiagnosticsError PL1201 to PL1213.
 */
export function checkNetwork(network: Network, locate: Locate = () => ({})): Network {
  const bag = new DiagnosticBag();
  const subject = (name: string): Subject => ({ name, place: locate(name), bag });
  const whole = subject(`network ${network.name}`);
  checkName(whole, network.name, ELEMENT_NAME);
  if (network.populations.length === 0) report(whole, 'PL1204', 'it has no population');
  const unique = (kind: string, names: readonly string[]): void => {
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    for (const name of twice)
      report(subject(`${kind} ${name}`), 'PL1202', 'this name is given twice');
  };
  const names = (list: readonly { readonly name: string }[]) => list.map((e) => e.name);
  const owners = (ports: readonly { readonly population: string }[]) =>
    ports.map((p) => p.population);
  unique('population', names(network.populations));
  unique('projection', names(network.projections));
  unique('input', owners(network.inputs));
  unique('output', owners(network.outputs));
  checkDefinitions(whole, network);

  const populations = new Map(network.populations.map((p) => [p.name, p]));
  for (const population of network.populations) {
    checkPopulation(subject(`population ${population.name}`), population, network.inputs);
  }
  for (const projection of network.projections) {
    checkProjection(subject(`projection ${projection.name}`), projection, populations);
  }
  for (const port of network.inputs) {
    checkInput(subject(`input ${port.population}`), port, populations);
  }
  for (const port of network.outputs) {
    checkOutput(subject(`output ${port.population}`), port, populations);
  }
  const cycle = findCycle(network);
  if (cycle) {
    const [pre, post] = cycle;
    const { name } = network.projections.find(
      (p) => p.pre === pre && p.post === post && p.delay === 0,
    )!;
    bag.add(
      diagnostic('PL1212', `projections without a delay form a cycle: ${cycle.join(' -> ')}`, {
        ...locate(`projection ${name}`),
        help: 'give one of them `delay = 1`',
      }),
    );
  }
  bag.finish();
  return network;
}

/** Whether a number can be a population's size. */
export const isSize = (size: number): boolean =>
  Number.isInteger(size) && size >= 1 && size <= MOST_NEURONS;

function checkName(subject: Subject, name: string, form: RegExp): void {
  if (!form.test(name)) report(subject, 'PL1203', `${JSON.stringify(name)} is not a name`);
}

/** Two definitions of one name could not be told apart in the text form or in a report. */
function checkDefinitions(subject: Subject, network: Network): void {
  const texts = new Map<string, string>();
  const models = [
    ...network.populations.map((p) => p.neuron),
    ...network.projections.map((p) => p.rule),
  ];
  for (const model of models) {
    if (!model) continue;
    const key = `${model.kind} ${model.name}`;
    if ((texts.get(key) ?? model.text) !== model.text) {
      report(subject, 'PL1202', `two different definitions are named \`${key}\``);
    }
    texts.set(key, model.text);
  }
}

function checkPopulation(
  subject: Subject,
  population: Population,
  inputs: readonly InputPort[],
): void {
  const { name, size, neuron, parameters } = population;
  checkName(subject, name, POPULATION_NAME);
  checkWhole(subject, 'its size', size, 1, MOST_NEURONS);
  checkParameters(
    subject,
    neuron ? `the neuron ${neuron.name}` : 'an input population',
    neuron?.parameters ?? [],
    parameters,
    { scalar: undefined, neuron: size, synapse: undefined },
  );
  const hasPort = inputs.some((port) => port.population === name);
  if (!neuron && !hasPort) {
    report(subject, 'PL1211', 'it has neither a neuron nor an input port');
  }
  if (neuron && hasPort) report(subject, 'PL1211', 'it has a neuron and an input port');
}

function checkProjection(
  subject: Subject,
  projection: Projection,
  populations: ReadonlyMap<string, Population>,
): void {
  checkName(subject, projection.name, ELEMENT_NAME);
  const pre = end(subject, projection.pre, populations);
  const post = end(subject, projection.post, populations);
  checkWhole(subject, 'its delay', projection.delay, 0, 65535);
  checkWhole(subject, 'every', projection.every, 1, 2 ** 31 - 1);
  if (!projection.rule && projection.every !== 1) {
    report(subject, 'PL1204', `every is ${projection.every}, but there is no rule that could run`);
  }
  if (!pre || !post) return;
  if (!post.neuron) report(subject, 'PL1213', `${post.name} is an input and takes no current`);
  if (projection.delay * Math.max(pre.size, post.size) > MOST_SYNAPSES) {
    report(subject, 'PL1204', `its delay line holds more than ${MOST_SYNAPSES} values`);
  }
  // Where a size is wrong, every count made from it would be reported as well.
  if (![pre.size, post.size].every(isSize)) return;
  if (!checkConnectivity(subject, projection, pre.size, post.size)) return;
  const synapses = synapseCount(projection, pre.size, post.size);
  checkValue(subject, 'its initial weights', projection.initialWeights, synapses);
  checkParameters(
    subject,
    projection.rule ? `the rule ${projection.rule.name}` : 'a fixed projection',
    projection.rule?.parameters ?? [],
    projection.parameters,
    { scalar: undefined, neuron: post.size, synapse: synapses },
  );
  checkBindings(subject, projection, pre, post);
}

function end(
  subject: Subject,
  name: string,
  populations: ReadonlyMap<string, Population>,
): Population | undefined {
  const population = populations.get(name);
  if (!population) {
    report(
      subject,
      'PL1201',
      `there is no population \`${name}\``,
      didYouMean(name, [...populations.keys()]),
    );
  }
  return population;
}

/** True when the synapses can be counted; PL1210 otherwise. */
function checkConnectivity(
  subject: Subject,
  { connectivity }: Projection,
  preSize: number,
  postSize: number,
): boolean {
  const wrong = (what: string): false => {
    report(subject, 'PL1210', what);
    return false;
  };
  if (connectivity.kind === 'dense') {
    if (preSize * postSize <= MOST_SYNAPSES) return true;
    return wrong(`it has more than ${MOST_SYNAPSES} synapses`);
  }
  const { rowStart, columns } = connectivity;
  if (columns.length > MOST_SYNAPSES) return wrong(`it has more than ${MOST_SYNAPSES} synapses`);
  if (rowStart.length !== preSize + 1) {
    return wrong(`rowStart has ${rowStart.length} entries, ${preSize + 1} are needed`);
  }
  if (rowStart[0] !== 0 || rowStart[preSize] !== columns.length) {
    return wrong(
      `rowStart runs from ${rowStart[0]} to ${rowStart[preSize]}, not from 0 to ${columns.length}`,
    );
  }
  for (let pre = 0; pre < preSize; pre++) {
    if (rowStart[pre + 1]! < rowStart[pre]!) return wrong(`rowStart falls after row ${pre}`);
  }
  for (let pre = 0; pre < preSize; pre++) {
    for (let k = rowStart[pre]!; k < rowStart[pre + 1]!; k++) {
      const post = columns[k]!;
      if (post >= postSize) return wrong(`row ${pre} ends on neuron ${post} of ${postSize}`);
      if (k > rowStart[pre]! && post <= columns[k - 1]!) {
        return wrong(`the columns of row ${pre} do not ascend at ${post}`);
      }
    }
  }
  return true;
}

function checkBindings(
  subject: Subject,
  { rule, bindings }: Projection,
  pre: Population,
  post: Population,
): void {
  const signals = rule?.signals ?? [];
  for (const { signal, side, variable } of bindings) {
    const declared = signals.find((s) => s.name === signal);
    if (!declared) {
      const names = signals.map((s) => s.name);
      const whose = rule ? `the rule ${rule.name}` : 'a fixed projection';
      report(subject, 'PL1209', `${whose} has no signal \`${signal}\``, didYouMean(signal, names));
      continue;
    }
    if (declared.side !== side) {
      report(
        subject,
        'PL1209',
        `the signal \`${signal}\` is ${declared.side}synaptic; bind it to \`${declared.side}.NAME\``,
      );
      continue;
    }
    const population = side === 'pre' ? pre : post;
    const known = variablesOf(population);
    if (!known.includes(variable)) {
      report(
        subject,
        'PL1209',
        `the signal \`${signal}\` is bound to \`${variable}\`, which ${population.name} does not have`,
        didYouMean(variable, known),
        declared.origin,
      );
    }
  }
  for (const { name, side, origin } of signals) {
    const count = bindings.filter((b) => b.signal === name).length;
    if (count === 0) {
      const known = variablesOf(side === 'pre' ? pre : post);
      const help = `bind it to ${known.map((v) => `\`${side}.${v}\``).join(' or ')}`;
      report(subject, 'PL1209', `the signal \`${name}\` is not bound`, help, origin);
    } else if (count > 1)
      report(subject, 'PL1209', `the signal \`${name}\` is bound ${count} times`);
  }
}

function checkInput(
  subject: Subject,
  port: InputPort,
  populations: ReadonlyMap<string, Population>,
): void {
  const population = end(subject, port.population, populations);
  if (!population) return;
  checkValue(subject, 'its mean', port.mean, population.size);
  checkValue(subject, 'its deviation', port.deviation, population.size);
  const deviations = typeof port.deviation === 'number' ? [port.deviation] : port.deviation;
  if (deviations.some((d) => d <= 0)) report(subject, 'PL1211', 'its deviation is not above 0');
  checkScale(subject, port);
}

function checkOutput(
  subject: Subject,
  port: OutputPort,
  populations: ReadonlyMap<string, Population>,
): void {
  const population = end(subject, port.population, populations);
  checkScale(subject, port);
  if (!population) return;
  const known = variablesOf(population);
  if (known.includes(port.variable)) return;
  const help = didYouMean(port.variable, known);
  report(subject, 'PL1201', `${population.name} has no variable \`${port.variable}\``, help);
}

function checkScale(
  subject: Subject,
  port: { readonly scale: number; readonly clip: number },
): void {
  checkValue(subject, 'its scale', port.scale, undefined);
  if (!(port.clip > 0)) report(subject, 'PL1211', `its clip is ${port.clip}, not above 0`);
}
