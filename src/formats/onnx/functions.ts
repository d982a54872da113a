import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Normalization } from '../../equations/ast.js';
import type { ModelVariable, NeuronModel, RuleModel, Update } from '../../equations/model.js';
import { writeExpression } from './expression.js';
import { DOMAIN, graphAttribute, NodeWriter, OPSET, onnx, valueInfo } from './graph.js';

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
    name: `neuron_${neuron.name}`,
    inputs: ['I', ...neuron.variables.map((v) => v.name), ...neuron.parameters.map((p) => p.name)],
    outputs: neuron.variables.map((v) => `new_${v.name}`),
  };
}

/** One step of a neuron, for any number of neurons at once. */
export function neuronFunction(neuron: NeuronModel) {
  const signature = neuronSignature(neuron);
  const writer = new NodeWriter();
  const values = writeUpdates(neuron.updates, neuron.variables, writer);
  for (const v of neuron.variables) {
    // A variable that is only an event takes its shape from the current.
    const shaped = writer.op('Add', [
      values.get(v.name)!,
      writer.op('Mul', ['I', writer.constant(0)]),
    ]);
    writer.op('Identity', [shaped], [], `new_${v.name}`);
  }
  return functionProto(signature, writer);
}

/** In: `w`, `mask`, `m`, signals, variables, parameters. Out: the weight, then the variables. */
export function ruleSignature(rule: RuleModel, sparse: boolean): FunctionSignature {
  return {
    name: `rule_${rule.name}${sparse ? '_sparse' : ''}`,
    inputs: [
      'w',
      ...(sparse ? ['mask'] : []),
      'm',
      ...rule.signals.map((s) => s.name),
      ...rule.variables.map((v) => v.name),
      ...rule.parameters.map((p) => p.name),
    ],
    outputs: ['new_w', ...rule.variables.map((v) => `new_${v.name}`)],
  };
}

/** One step of a rule with its normalisations, for a whole projection: weights [pre, post], signals [pre, 1] and [1, post]. */
export function ruleFunction(rule: RuleModel, sparse: boolean) {
  const signature = ruleSignature(rule, sparse);
  const writer = new NodeWriter();
  const values = writeUpdates(rule.updates, rule.variables, writer);
  const change = rule.dw && writeExpression(rule.dw, writer, (n) => values.get(n) ?? n);
  let weight = change ? writer.op('Add', ['w', change]) : 'w';
  if (sparse) weight = writer.op('Mul', [weight, 'mask']);
  for (const n of rule.normalizations) weight = writeNormalization(n, weight, writer);
  writer.op('Identity', [weight], [], 'new_w');
  for (const v of rule.variables) {
    const shaped = writer.op('Add', [
      values.get(v.name)!,
      writer.op('Mul', ['w', writer.constant(0)]),
    ]);
    writer.op('Identity', [shaped], [], `new_${v.name}`);
  }
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
    case 'clip': {
      const [low, high] = [writer.constant(n.low), writer.constant(n.high)];
      const raised = writer.op('Where', [writer.op('Less', [weight, low]), low, weight]);
      return writer.op('Where', [writer.op('Greater', [raised, high]), high, raised]);
    }
    case 'decay':
      return writer.op('Sub', [weight, writer.op('Mul', [writer.constant(n.rate), 'w'])]);
    case 'max': {
      const largest = writer.op('ReduceMax', [writer.op('Abs', [weight])]);
      const none = writer.op('Equal', [largest, writer.constant(0)]);
      return writer.op('Where', [none, weight, writer.op('Div', [weight, largest])]);
    }
    case 'pow2':
      return writeHalving(weight, writer);
    default:
      return unreachable(n);
  }
}

/** Halves while the largest magnitude is above 1. */
function writeHalving(weight: string, writer: NodeWriter): string {
  const above = (w: NodeWriter, tensor: string): string => {
    const largest = w.op('ReduceMax', [w.op('Abs', [tensor])]);
    return w.op('Reshape', [w.op('Greater', [largest, w.constant(1)]), w.integers([1])]);
  };
  const body = new NodeWriter('loop_t');
  const half = body.op('Div', ['loop_w', body.constant(2)], [], 'loop_half');
  body.op('Identity', [above(body, half)], [], 'loop_again');
  const { BOOL, INT64 } = onnx.TensorProto.DataType;
  const plain = (name: string, elemType: number, dim: readonly { dimValue: number }[]) =>
    onnx.ValueInfoProto.fromObject({ name, type: { tensorType: { elemType, shape: { dim } } } });
  const one = [{ dimValue: 1 }];
  const graph = onnx.GraphProto.create({
    name: 'halve',
    node: body.nodes,
    input: [
      plain('loop_count', INT64, []),
      plain('loop_condition', BOOL, one),
      valueInfo('loop_w', ['pre', 'post']),
    ],
    output: [plain('loop_again', BOOL, one), valueInfo('loop_half', ['pre', 'post'])],
  });
  return writer.op('Loop', ['', above(writer, weight), weight], [graphAttribute('body', graph)]);
}
