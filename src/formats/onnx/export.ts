import type { NeuronModel, RuleModel } from '../../equations/model.js';
import { checkNetwork } from '../../network/check.js';
import type { Network } from '../../network/network.js';
import { printNetwork } from '../../network/text.js';
import { neuronFunction, opsets, ruleFunction } from './functions.js';
import {
  floatTensor,
  graphAttribute,
  integerAttribute,
  NodeWriter,
  onnx,
  valueInfo,
} from './graph.js';
import { finalName, initialName, inputName, MODULATOR, outputName, RESET } from './names.js';
import { stepGraph } from './step.js';

/** The key of the metadata that holds the network's own text, equations included. */
export const NETWORK_KEY = 'plastron.network';

/**
 * A network as an ONNX model that runs without plug-ins: neurons and rules are local functions of standard operators, a Scan
 * runs over time.
 *
 * Inputs: `IN:port` [T, size] per input port, in port units; `modulator` [T, 1]; every state by name; `reset` [1]: where it is not 0,
 * the run starts from the declared initial values and the states given do not matter. Outputs: `OUT:port` [T, size] and
 * `final:state`, which a next call takes as states. The exact network text stands in the metadata. float32.
 */
export function exportOnnx(network: Network): Uint8Array {
  checkNetwork(network);
  const { graph: body, states, initializers, outputs } = stepGraph(network);
  const size = (name: string): number => network.populations.find((p) => p.name === name)!.size;
  const writer = new NodeWriter();
  const resets = writer.holds(RESET);
  const starts = states.map(({ name }) => writer.op('Where', [resets, initialName(name), name]));
  const scanned = [...network.inputs.map((p) => inputName(p.population)), MODULATOR];
  const finals = states.map((s) => finalName(s.name));
  const traces = network.outputs.map((p) => outputName(p.population));
  writer.node(
    'Scan',
    [...starts, ...scanned],
    [...finals, ...traces],
    [graphAttribute('body', body), integerAttribute('num_scan_inputs', scanned.length)],
  );
  const graph = onnx.GraphProto.create({
    name: network.name,
    node: writer.nodes,
    initializer: [
      ...initializers,
      ...states.map((s) => floatTensor(initialName(s.name), s.dims, s.values)),
    ],
    input: [
      ...network.inputs.map((p) => valueInfo(inputName(p.population), ['T', size(p.population)])),
      valueInfo(MODULATOR, ['T', 1]),
      valueInfo(RESET, [1]),
      ...states.map((s) => valueInfo(s.name, s.dims)),
    ],
    output: [
      ...states.map((s, i) => valueInfo(finals[i]!, s.dims)),
      ...outputs.map((o, i) => valueInfo(traces[i]!, ['T', o.size])),
    ],
  });
  const model = onnx.ModelProto.create({
    irVersion: 8,
    producerName: 'plastron',
    opsetImport: opsets(),
    graph,
    functions: functionsOf(network),
    metadataProps: [
      onnx.StringStringEntryProto.create({ key: NETWORK_KEY, value: printNetwork(network) }),
    ],
  });
  return onnx.ModelProto.encode(model).finish();
}

/** One function per neuron and rule that occurs, in the order of the network. */
function functionsOf(network: Network) {
  const neurons = new Map<string, NeuronModel>();
  for (const { neuron } of network.populations) if (neuron) neurons.set(neuron.name, neuron);
  const rules = new Map<string, { rule: RuleModel; sparse: boolean }>();
  for (const { rule, connectivity } of network.projections) {
    const sparse = connectivity.kind === 'sparse';
    if (rule) rules.set(`${rule.name} ${sparse}`, { rule, sparse });
  }
  return [
    ...[...neurons.values()].map(neuronFunction),
    ...[...rules.values()].map(({ rule, sparse }) => ruleFunction(rule, sparse)),
  ];
}
