import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Normalization } from '../../equations/ast.js';
import type { ModelVariable, NeuronModel, RuleModel, Update } from '../../equations/model.js';
import { writeExpression } from './expression.js';
import { DOMAIN, graphAttribute, NodeWriter, OPSET, onnx, valueInfo } from './graph.js';
import { newName, PRESENT } from './names.js';

/** Names of inputs and outputs of a function, in order. */
export interface FunctionSignature {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const functionProto = ({ name, inputs, outputs }: FunctionSignature, writer: NodeWriter) =>
  onnx.FunctionProto.create({
    name,
    domain: DOMAIN,
    input: [...inputs],
    output: [...outputs],
    node: writer.nodes,
    opsetImport: opsets(),
  });

/** The operator sets of the model and of each function: both must name our domain. */
export const opsets = () => [
  onnx.OperatorSetIdProto.create({ domain: '', version: OPSET }),
  onnx.OperatorSetIdProto.create({ domain: DOMAIN, version: 1 }),
];

/** In: `I`, variables, parameters. Out: the variables after the step. */
export function neuronSignature(neuron: NeuronModel): FunctionSignature {
  return {
    name: `neuron.${neuron.name}`,
    inputs: ['I', ...neuron.variables.map((v) => v.name), ...neuron.parameters.map((p) => p.name)],
    outputs: neuron.variables.map((v) => newName(v.name)),
  };
}

/** One step of a neuron, for any number of neurons at once. */
export function neuronFunction(neuron: NeuronModel) {
  const signature = neuronSignature(neuron);
  const writer = new NodeWriter();
  const values = writeUpdates(neuron.updates, neuron.variables, writer);
  // A variable that is only an event takes its shape from the current.
  const shape = writer.op('Shape', ['I']);
  for (const v of neuron.variables) {
    writer.op('Expand', [values.get(v.name)!, shape], [], newName(v.name));
  }
  return functionProto(signature, writer);
}

/** In: `w`, where there are synapses (sparse only), `m`, signals, variables, parameters. Out: the weight, then the variables. */
export function ruleSignature(rule: RuleModel, sparse: boolean): FunctionSignature {
  return {
    name: `rule.${rule.name}${sparse ? '.sparse' : ''}`,
    inputs: [
      'w',
      ...(sparse ? [PRESENT] : []),
      'm',
      ...rule.signals.map((s) => s.name),
      ...rule.variables.map((v) => v.name),
      ...rule.parameters.map((p) => p.name),
    ],
    outputs: ['w', ...rule.variables.map((v) => v.name)].map(newName),
  };
}

/** One step of a rule with its normalisations, for a whole projection: weights [pre, post], signals [pre, 1] and [1, post]. */
export function ruleFunction(rule: RuleModel, sparse: boolean) {
  const signature = ruleSignature(rule, sparse);
  const writer = new NodeWriter();
  const values = writeUpdates(rule.updates, rule.variables, writer);
  const change = rule.dw && writeExpression(rule.dw, writer, (n) => values.get(n) ?? n);
  let weight = change ? writer.op('Add', ['w', change]) : 'w';
  // Where there is no synapse, whatever was computed (NaN even) gives way to 0, which no maximum sees.
  const present = (value: string): string =>
    sparse ? writer.op('Where', [PRESENT, value, writer.constant(0)]) : value;
  weight = present(weight);
  for (const n of rule.normalizations) weight = present(writeNormalization(n, weight, writer));
  writer.op('Identity', [weight], [], newName('w'));
  const shape = writer.op('Shape', ['w']);
  for (const v of rule.variables)
    writer.op('Expand', [present(values.get(v.name)!), shape], [], newName(v.name));
  return functionProto(signature, writer);
}

/** Assignments in order; gives the tensor that each name stands for at the end. */
function writeUpdates(
  updates: readonly Update[],
  variables: readonly ModelVariable[],
  writer: NodeWriter,
): Map<string, string> {
  const persistent = new Set(variables.filter((v) => v.persistent).map((v) => v.name));
  const values = new Map(variables.map((v) => [v.name, v.name]));
  const assigned = new Set<string>();
  const name = (n: string): string => values.get(n) ?? n;
  for (const { target, value, condition } of updates) {
    let result = writeExpression(value, writer, name);
    if (condition) {
      const holds = writer.holds(writeExpression(condition, writer, name));
      const kept = assigned.has(target) || persistent.has(target);
      result = writer.op('Where', [holds, result, kept ? name(target) : writer.constant(0)]);
    }
    assigned.add(target);
    values.set(target, result);
  }
  return values;
}

function writeNormalization(n: Normalization, weight: string, writer: NodeWriter): string {
  switch (n.kind) {
    case 'clip':
      return writer.clip(weight, n.low, n.high);
    case 'decay':
      return writer.op('Sub', [weight, writer.op('Mul', [writer.constant(n.rate), 'w'])]);
    case 'max': {
      const largest = writeLargest(weight, writer);
      const none = writer.op('Equal', [largest, writer.constant(0)]);
      return writer.op('Where', [none, weight, writer.op('Div', [weight, largest])]);
    }
    case 'pow2':
      return writeHalving(weight, writer);
    default:
      return unreachable(n);
  }
}

/** The largest magnitude; NaN counts as 0. */
function writeLargest(weight: string, writer: NodeWriter): string {
  const [size, zero] = [writer.op('Abs', [weight]), writer.constant(0)];
  const known = writer.op('Where', [writer.op('Greater', [size, zero]), size, zero]);
  return writer.op('ReduceMax', [known]);
}

/** Halves while the largest magnitude is above 1 and finite: an overflowed weight stays infinite however often it is halved. */
function writeHalving(weight: string, writer: NodeWriter): string {
  const above = (w: NodeWriter, tensor: string): string => {
    const largest = writeLargest(tensor, w);
    const large = w.op('Greater', [largest, w.constant(1)]);
    const finite = w.op('Less', [largest, w.constant(Infinity)]);
    return w.op('Reshape', [w.op('And', [large, finite]), w.integers([1])]);
  };
  const body = new NodeWriter('loop');
  const half = body.op('Div', ['loop:w', body.constant(2)], [], 'loop:half');
  body.op('Identity', [above(body, half)], [], 'loop:again');
  const { BOOL, INT64 } = onnx.TensorProto.DataType;
  const plain = (name: string, elemType: number, dim: readonly { dimValue: number }[]) =>
    onnx.ValueInfoProto.fromObject({ name, type: { tensorType: { elemType, shape: { dim } } } });
  const one = [{ dimValue: 1 }];
  const graph = onnx.GraphProto.create({
    name: 'halve',
    node: body.nodes,
    input: [
      plain('loop:count', INT64, []),
      plain('loop:condition', BOOL, one),
      valueInfo('loop:w', ['pre', 'post']),
    ],
    output: [plain('loop:again', BOOL, one), valueInfo('loop:half', ['pre', 'post'])],
  });
  return writer.op('Loop', ['', above(writer, weight), weight], [graphAttribute('body', graph)]);
}
