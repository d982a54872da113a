import type { FunctionReference, Local, Node, Statement } from './node.js';
import { OPCODES, type ValueType } from './opcodes.js';

/** A function of a module. Parameters are its first locals. */
export interface WasmFunction extends FunctionReference {
  readonly parameterLocals: readonly Local[];
  readonly body: readonly Statement[];
  /** The value that it returns. */
  readonly returns?: Node;
}

/** A module: functions that it takes, functions that it exports under their names, and one memory that it takes. */
export interface WasmModule {
  /** Taken from `env`. */
  readonly imports: readonly FunctionReference[];
  readonly functions: readonly WasmFunction[];
  /** Pages of 64 KiB of the memory `env.memory`. */
  readonly pages: number;
  /** Whether the memory is shared between threads; it can then grow to `MOST_PAGES`. */
  readonly shared?: boolean;
}

/** Pages that a memory can have: 4 GiB. */
export const MOST_PAGES = 65536;

const TYPES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
const FUNCTION_TYPE = 0x60;
const EXTERNAL = { function: 0, memory: 2 } as const;
const EMPTY_BLOCK = 0x40;

/** The bytes of a module in the binary format (WebAssembly core specification 2.0, chapter 5). */
export function assemble(module: WasmModule): Uint8Array<ArrayBuffer> {
  const all: readonly FunctionReference[] = [...module.imports, ...module.functions];
  const indexOf = (callee: FunctionReference): number => {
    const index = all.findIndex((f) => f.name === callee.name);
    if (index < 0) throw new Error(`there is no function ${callee.name}`);
    return index;
  };
  const signatures = all.map((f) => [
    FUNCTION_TYPE,
    ...list(f.parameters.map((t) => [TYPES[t]])),
    ...list(f.result === undefined ? [] : [[TYPES[f.result]]]),
  ]);
  const imports = module.imports.map((f, i) => [
    ...name('env'),
    ...name(f.name),
    EXTERNAL.function,
    ...unsigned(i),
  ]);
  const limits = module.shared
    ? [3, ...unsigned(module.pages), ...unsigned(MOST_PAGES)]
    : [0, ...unsigned(module.pages)];
  const memory = [...name('env'), ...name('memory'), EXTERNAL.memory, ...limits];
  const first = module.imports.length;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(signatures)),
    ...section(2, list([...imports, memory])),
    ...section(3, list(module.functions.map((_, i) => unsigned(first + i)))),
    ...section(
      7,
      list(
        module.functions.map((f, i) => [
          ...name(f.name),
          EXTERNAL.function,
          ...unsigned(first + i),
        ]),
      ),
    ),
    ...section(10, list(module.functions.map((f) => code(f, indexOf)))),
  ]);
}

function code(f: WasmFunction, indexOf: (callee: FunctionReference) => number): number[] {
  const locals = localsOf(f).slice(f.parameterLocals.length);
  const numbers = new Map(localsOf(f).map((local, i) => [local, i]));
  const bytes: number[] = [...list(locals.map((l) => [1, TYPES[l.type]]))];
  const emitter = new Emitter(bytes, (local) => numbers.get(local)!, indexOf);
  for (const statement of f.body) emitter.statement(statement);
  if (f.returns) emitter.node(f.returns);
  bytes.push(0x0b);
  return [...unsigned(bytes.length), ...bytes];
}

/** Every local of a function: parameters, then others in the order of their first use. */
export function localsOf({ parameterLocals, body, returns }: WasmFunction): readonly Local[] {
  const found = new Set<Local>(parameterLocals);
  const visit = (node: Node): void => {
    if (node.kind === 'get') found.add(node.local);
    else if (node.kind === 'operation' || node.kind === 'call') node.operands.forEach(visit);
  };
  const walk = (statement: Statement): void => {
    switch (statement.kind) {
      case 'set':
        visit(statement.value);
        found.add(statement.local);
        return;
      case 'store':
        visit(statement.address);
        visit(statement.value);
        return;
      case 'if':
      case 'repeat':
        visit(statement.condition);
        statement.body.forEach(walk);
        return;
      case 'call':
        statement.operands.forEach(visit);
    }
  };
  body.forEach(walk);
  if (returns) visit(returns);
  return [...found];
}

class Emitter {
  constructor(
    private readonly bytes: number[],
    private readonly numberOf: (local: Local) => number,
    private readonly indexOf: (callee: FunctionReference) => number,
  ) {}

  statement(statement: Statement): void {
    switch (statement.kind) {
      case 'set':
        this.node(statement.value);
        this.push(0x21, ...unsigned(this.numberOf(statement.local)));
        return;
      case 'store': {
        const { bytes, alignment, immediate } = OPCODES[statement.name];
        this.node(statement.address);
        this.node(statement.value);
        this.push(...bytes, alignment, ...unsigned(statement.offset));
        // Of a vector the first lane is stored.
        if (immediate === 'memory-lane') this.push(0);
        return;
      }
      case 'if':
        this.node(statement.condition);
        this.push(0x04, EMPTY_BLOCK);
        for (const inner of statement.body) this.statement(inner);
        this.push(0x0b);
        return;
      case 'repeat':
        this.push(0x03, EMPTY_BLOCK);
        for (const inner of statement.body) this.statement(inner);
        this.node(statement.condition);
        // Branches to the start of the innermost loop.
        this.push(0x0d, 0, 0x0b);
        return;
      case 'call':
        for (const operand of statement.operands) this.node(operand);
        this.push(0x10, ...unsigned(this.indexOf(statement.callee)));
    }
  }

  node(node: Node): void {
    switch (node.kind) {
      case 'constant':
        this.constant(node.type, node.value);
        return;
      case 'lanes':
        this.push(0xfd, 12, ...node.bytes);
        return;
      case 'get':
        this.push(0x20, ...unsigned(this.numberOf(node.local)));
        return;
      case 'call':
        for (const operand of node.operands) this.node(operand);
        this.push(0x10, ...unsigned(this.indexOf(node.callee)));
        return;
      case 'operation': {
        const { bytes, immediate, alignment } = OPCODES[node.name];
        for (const operand of node.operands) this.node(operand);
        this.push(...bytes);
        if (immediate === 'memory') this.push(alignment, ...unsigned(node.immediates[0] ?? 0));
        else this.push(...node.immediates);
      }
    }
  }

  private constant(type: ValueType, value: number | bigint): void {
    const view = new DataView(new ArrayBuffer(8));
    switch (type) {
      case 'i32':
        this.push(0x41, ...signed(BigInt(value)));
        return;
      case 'i64':
        this.push(0x42, ...signed(BigInt(value)));
        return;
      case 'f32':
        view.setFloat32(0, Number(value), true);
        this.push(0x43, ...bytesOf(view, 4));
        return;
      case 'f64':
        view.setFloat64(0, Number(value), true);
        this.push(0x44, ...bytesOf(view, 8));
        return;
      case 'v128':
        throw new Error('a vector constant is given by its lanes');
    }
  }

  private push(...bytes: readonly number[]): void {
    for (const byte of bytes) this.bytes.push(byte);
  }
}

const bytesOf = (view: DataView, count: number): number[] =>
  Array.from({ length: count }, (_, i) => view.getUint8(i));

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];

const name = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
};

/** LEB128 of a number from 0. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const done = (rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}
