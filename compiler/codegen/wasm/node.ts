import { OPCODES, type OpcodeName, type ValueType } from './opcodes.js';

/** A local variable of a function. */
export interface Local {
  readonly name: string;
  readonly type: ValueType;
}

/** A function of the module or one that the embedder gives. */
export interface FunctionReference {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** A value: an instruction over values, in the order in which they are computed. */
export type Node = { readonly type: ValueType } & (
  | { readonly kind: 'constant'; readonly value: number | bigint }
  | { readonly kind: 'lanes'; readonly bytes: readonly number[] }
  | { readonly kind: 'get'; readonly local: Local }
  | {
      readonly kind: 'operation';
      readonly name: OpcodeName;
      readonly operands: readonly Node[];
      /** Offset of a memory access, lane, or the lanes of a shuffle. */
      readonly immediates: readonly number[];
    }
  | {
      readonly kind: 'call';
      readonly callee: FunctionReference;
      readonly operands: readonly Node[];
    }
);

/** What a function does. */
export type Statement =
  | { readonly kind: 'set'; readonly local: Local; readonly value: Node }
  | {
      readonly kind: 'store';
      readonly name: OpcodeName;
      readonly address: Node;
      readonly value: Node;
      readonly offset: number;
    }
  | { readonly kind: 'if'; readonly condition: Node; readonly body: readonly Statement[] }
  /** Runs the body once, and again while the condition holds after it. */
  | { readonly kind: 'repeat'; readonly body: readonly Statement[]; readonly condition: Node }
  | {
      readonly kind: 'call';
      readonly callee: FunctionReference;
      readonly operands: readonly Node[];
    };

/** A node of an instruction; operands of other types are a bug of the generator. */
export function operation(
  name: OpcodeName,
  operands: readonly Node[],
  immediates: readonly number[] = [],
): Node {
  const { operands: types, result } = OPCODES[name];
  const given = operands.map((o) => o.type);
  if (given.join() !== types.join() || result === undefined) {
    throw new Error(`${name} takes (${types.join(' ')}), not (${given.join(' ')})`);
  }
  return { kind: 'operation', type: result, name, operands, immediates };
}

export const get = (local: Local): Node => ({ kind: 'get', type: local.type, local });

export const i32 = (value: number): Node => ({ kind: 'constant', type: 'i32', value });
export const i64 = (value: number | bigint): Node => ({ kind: 'constant', type: 'i64', value });
export const f32 = (value: number): Node => ({ kind: 'constant', type: 'f32', value });

/** A vector of four equal float32 numbers. */
export function f32x4(value: number): Node {
  const view = new DataView(new ArrayBuffer(16));
  for (let lane = 0; lane < 4; lane++) view.setFloat32(4 * lane, value, true);
  return lanes(view);
}

/** A vector of two equal float64 numbers. */
export function f64x2(value: number): Node {
  const view = new DataView(new ArrayBuffer(16));
  for (let lane = 0; lane < 2; lane++) view.setFloat64(8 * lane, value, true);
  return lanes(view);
}

/** A vector of eight 16-bit integers. */
export function lanesOf16(values: readonly number[]): Node {
  const view = new DataView(new ArrayBuffer(16));
  for (const [lane, value] of values.entries()) view.setInt16(2 * lane, value, true);
  return lanes(view);
}

/** A vector of four 32-bit integers. */
export function lanesOf32(values: readonly number[]): Node {
  const view = new DataView(new ArrayBuffer(16));
  for (const [lane, value] of values.entries()) view.setInt32(4 * lane, value, true);
  return lanes(view);
}

/** A vector of eight equal 16-bit integers. */
export const i16x8 = (value: number): Node => lanesOf16(Array.from({ length: 8 }, () => value));

/** A vector of four equal 32-bit integers. */
export const i32x4 = (value: number): Node => lanesOf32([value, value, value, value]);

/** A vector of two equal 64-bit integers. */
export function i64x2(value: number): Node {
  const view = new DataView(new ArrayBuffer(16));
  for (let lane = 0; lane < 2; lane++) view.setBigInt64(8 * lane, BigInt(value), true);
  return lanes(view);
}

const lanes = (view: DataView): Node => ({
  kind: 'lanes',
  type: 'v128',
  bytes: Array.from({ length: 16 }, (_, i) => view.getUint8(i)),
});

export function load(name: OpcodeName, address: Node, offset = 0): Node {
  return operation(name, [address], [offset]);
}

export function call(callee: FunctionReference, operands: readonly Node[]): Node {
  if (callee.result === undefined) throw new Error(`${callee.name} has no result`);
  return { kind: 'call', type: callee.result, callee, operands };
}

export const set = (local: Local, value: Node): Statement => {
  if (local.type !== value.type)
    throw new Error(`${local.name} is ${local.type}, not ${value.type}`);
  return { kind: 'set', local, value };
};

export const store = (name: OpcodeName, address: Node, value: Node, offset = 0): Statement => ({
  kind: 'store',
  name,
  address,
  value,
  offset,
});

/** Counts `counter` from 0 to `count` in steps; `count` is above 0. */
export function loop(
  counter: Local,
  count: Node,
  body: readonly Statement[],
  step = 1,
): Statement[] {
  const next = operation('i32.add', [get(counter), i32(step)]);
  return [
    set(counter, i32(0)),
    {
      kind: 'repeat',
      body: [...body, set(counter, next)],
      condition: operation('i32.lt_s', [get(counter), count]),
    },
  ];
}
