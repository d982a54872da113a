import type { WasmFunction } from './module.js';
import {
  type FunctionReference,
  get,
  i32,
  type Local,
  load,
  loop,
  type Node,
  operation,
  type Statement,
  set,
  store,
} from './node.js';
import type { ValueType } from './opcodes.js';

/** Elements of a row that a loop does before it looks whether there are more. */
const UNROLLED = 4;

/** Collects the statements of a function; nested blocks are collected by `inside`. */
export class FunctionBuilder {
  private statements: Statement[] = [];
  private readonly parameterLocals: Local[] = [];
  /** Set once, before everything else. */
  private readonly constants: Statement[] = [];
  private readonly known = new Map<string, Local>();

  constructor(private readonly name: string) {}

  parameter(name: string, type: ValueType = 'i32'): Local {
    const local = { name, type };
    this.parameterLocals.push(local);
    return local;
  }

  add(...statements: readonly Statement[]): void {
    this.statements.push(...statements);
  }

  /** A new local with a value. */
  keep(value: Node, name = 't'): Local {
    const local = { name, type: value.type };
    this.add(set(local, value));
    return local;
  }

  /** A local that holds a constant from the start of the function on; equal constants share one. */
  constant(value: Node): Local {
    const key = JSON.stringify(value);
    const found = this.known.get(key);
    if (found) return found;
    const local: Local = { name: 'c', type: value.type };
    this.constants.push(set(local, value));
    this.known.set(key, local);
    return local;
  }

  set(local: Local, value: Node): void {
    this.add(set(local, value));
  }

  /** Adds a number to an integer local. */
  advance(local: Local, by: number | Node): void {
    const step = typeof by === 'number' ? i32(by) : by;
    this.set(local, operation('i32.add', [get(local), step]));
  }

  load(address: Node, offset: number): Node {
    return load('v128.load', address, offset);
  }

  store(address: Node, value: Node, offset: number): void {
    this.add(store('v128.store', address, value, offset));
  }

  /** The statements that `build` adds. */
  inside(build: () => void): readonly Statement[] {
    const outer = this.statements;
    this.statements = [];
    build();
    const { statements } = this;
    this.statements = outer;
    return statements;
  }

  /** Runs `body` for a counter from 0 to `count`, in steps; nothing for a count of 0. */
  loop(count: number, body: (counter: Local) => void, step = 1): void {
    if (count === 0) return;
    const counter: Local = { name: 'n', type: 'i32' };
    const statements = this.inside(() => body(counter));
    this.add(...loop(counter, i32(count), statements, step));
  }

  /**
   * Runs `body` for every element of a row, some at a time: `ahead` is how many elements it stands behind the locals of
   * `pointers`, each of which moves on by `stride` bytes per element.
   */
  unrolled(
    count: number,
    pointers: readonly { readonly local: Local; readonly stride: number }[],
    body: (ahead: number) => void,
  ): void {
    const some = (width: number): void => {
      for (let ahead = 0; ahead < width; ahead++) body(ahead);
      for (const { local, stride } of pointers) this.advance(local, width * stride);
    };
    this.loop(Math.floor(count / UNROLLED), () => some(UNROLLED));
    if (count % UNROLLED > 0) some(count % UNROLLED);
  }

  if(condition: Node, body: () => void): void {
    this.add({ kind: 'if', condition, body: this.inside(body) });
  }

  /** Runs `body`, and again while `condition` holds after it. */
  repeat(body: () => void, condition: () => Node): void {
    let last: Node = i32(0);
    const statements = this.inside(() => {
      body();
      last = condition();
    });
    this.add({ kind: 'repeat', body: statements, condition: last });
  }

  /** Calls a function that gives nothing. */
  call(callee: FunctionReference, ...operands: readonly Node[]): void {
    this.add({ kind: 'call', callee, operands });
  }

  /** The function, and the value that it returns, if any. */
  finish(returns?: Node): WasmFunction {
    return {
      name: this.name,
      parameters: this.parameterLocals.map((l) => l.type),
      result: returns?.type,
      ...(returns ? { returns } : {}),
      parameterLocals: this.parameterLocals,
      body: [...this.constants, ...this.statements],
    };
  }
}
