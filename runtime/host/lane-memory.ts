import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import { assemble, type WasmModule } from '../../compiler/codegen/wasm/module.js';
import { exp } from '../../src/equations/functions/exp.js';
import { log } from '../../src/equations/functions/log.js';
import { tanh } from '../../src/equations/functions/tanh.js';

/** Members that run side by side: the lanes of a 128-bit vector. */
export const LANES = 4;
const PAGE = 65536;

/** A function of a module; its parameters are addresses and words. */
export type Kernel = (...words: number[]) => number | undefined;

/** What modules may take beside each other's functions. */
const FUNCTIONS = { exp, log, tanh };

/** Modules at work in one memory, which grows with what is added to it. */
export class LaneMemory {
  /** The memory as it is now: views are made anew when it grows. */
  floats: Float32Array;
  words: Int32Array;
  doubles: Float64Array;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: Readonly<Record<string, unknown>>;

  constructor(module: WasmModule) {
    this.memory = new WebAssembly.Memory({ initial: module.pages });
    this.floats = new Float32Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.doubles = new Float64Array(this.memory.buffer);
    this.exports = this.instantiate(module, FUNCTIONS);
  }

  /** An exported function of the first module; one that is not there is a bug. */
  kernel(name: string): Kernel {
    return kernelOf(this.exports, name);
  }

  /** A function of a module that is put beside the first one, whose functions it may take, with `bytes` of memory in all. */
  add(module: WasmModule, bytes: number, name: string): Kernel {
    this.reserve(bytes);
    return kernelOf(this.instantiate(module, { ...FUNCTIONS, ...this.exports }), name);
  }

  /** Makes room for `bytes` in all. */
  reserve(bytes: number): void {
    const missing = Math.ceil(bytes / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    this.memory.grow(missing);
    this.floats = new Float32Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.doubles = new Float64Array(this.memory.buffer);
  }

  private instantiate(module: WasmModule, functions: object): Readonly<Record<string, unknown>> {
    const compiled = new WebAssembly.Module(assemble(module));
    const env = { memory: this.memory, ...functions };
    return new WebAssembly.Instance(compiled, { env }).exports;
  }
}

function kernelOf(exports: Readonly<Record<string, unknown>>, name: string): Kernel {
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`the module exports no ${name}`);
  return found as Kernel;
}

/** The index of one lane of an element among the 32-bit words of the memory. */
export const at = ({ offset, stride }: Placed, index: number, lane: number): number =>
  (offset + index * stride) / 4 + lane;
