import proto from 'onnx-proto';

export const { onnx } = proto;
export type NodeProto = InstanceType<typeof onnx.NodeProto>;
type Attribute = ReturnType<typeof integerAttribute>;

/** The domain of our functions, and the version of the standard operators that their bodies use. */
export const DOMAIN = 'plastron';
export const OPSET = 16;

const { BOOL, FLOAT, INT64 } = onnx.TensorProto.DataType;
const Kind = onnx.AttributeProto.AttributeType;

const named = (name: string, type: number) => ({ name, type });
/** Attributes: `type` is required by every reader although the schema calls it optional. */
export const integerAttribute = (name: string, i: number) =>
  onnx.AttributeProto.create({ ...named(name, Kind.INT), i });
export const graphAttribute = (name: string, g: InstanceType<typeof onnx.GraphProto>) =>
  onnx.AttributeProto.create({ ...named(name, Kind.GRAPH), g });
export const tensorAttribute = (name: string, t: InstanceType<typeof onnx.TensorProto>) =>
  onnx.AttributeProto.create({ ...named(name, Kind.TENSOR), t });

/** A float32 tensor as raw little-endian bytes. */
export function floatTensor(name: string, dims: readonly number[], values: ArrayLike<number>) {
  const rawData = new Uint8Array(4 * values.length);
  const view = new DataView(rawData.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  return onnx.TensorProto.create({ name, dims: [...dims], dataType: FLOAT, rawData });
}

/** A boolean tensor: true where a value is not 0. */
export function booleanTensor(name: string, dims: readonly number[], values: ArrayLike<number>) {
  const rawData = Uint8Array.from(values, (value) => Number(value !== 0));
  return onnx.TensorProto.create({ name, dims: [...dims], dataType: BOOL, rawData });
}

/** An int64 tensor of small integers. */
export function integerTensor(name: string, values: readonly number[]) {
  const rawData = new Uint8Array(8 * values.length);
  const view = new DataView(rawData.buffer);
  for (const [i, value] of values.entries()) view.setBigInt64(8 * i, BigInt(value), true);
  return onnx.TensorProto.create({ name, dims: [values.length], dataType: INT64, rawData });
}

/** The type of a float32 input or output; a text is a dimension that is known at run time. */
export function valueInfo(name: string, dims: readonly (number | string)[]) {
  const dim = dims.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  const type = { tensorType: { elemType: FLOAT, shape: { dim } } };
  return onnx.ValueInfoProto.fromObject({ name, type });
}

/** Collects nodes, naming results by number (`t:0`): the same calls give the same bytes. */
export class NodeWriter {
  readonly nodes: NodeProto[] = [];
  private readonly constants = new Map<number, string>();
  private count = 0;

  /** `prefix` keeps the names of a subgraph apart from those around it. */
  constructor(private readonly prefix = 't') {}

  /** Appends a node with one result and gives its name. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: readonly Attribute[] = [],
    output?: string,
  ): string {
    const name = output ?? `${this.prefix}:${this.count++}`;
    this.node(opType, inputs, [name], attributes);
    return name;
  }

  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: readonly Attribute[] = [],
    domain = '',
  ): void {
    const attribute = [...attributes];
    this.nodes.push(
      onnx.NodeProto.create({
        opType,
        domain,
        input: [...inputs],
        output: [...outputs],
        attribute,
      }),
    );
  }

  /** A float32 scalar. */
  constant(value: number): string {
    const known = this.constants.get(value);
    if (known) return known;
    const name = this.op('Constant', [], [tensorAttribute('value', floatTensor('', [], [value]))]);
    this.constants.set(value, name);
    return name;
  }

  /** A list of int64: axes, splits, shapes. */
  integers(values: readonly number[]): string {
    return this.op('Constant', [], [tensorAttribute('value', integerTensor('', values))]);
  }

  /** 1.0 where a boolean tensor holds, else 0.0. */
  number(condition: string): string {
    return this.op('Cast', [condition], [integerAttribute('to', FLOAT)]);
  }

  /** Whether a number is not 0. */
  holds(value: string): string {
    return this.op('Not', [this.op('Equal', [value, this.constant(0)])]);
  }

  /** The value within [low, high]; NaN stays. */
  clip(value: string, low: number, high: number): string {
    const [least, most] = [this.constant(low), this.constant(high)];
    const raised = this.op('Where', [this.op('Less', [value, least]), least, value]);
    return this.op('Where', [this.op('Greater', [raised, most]), most, raised]);
  }
}
