import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import { assemble, type WasmModule } from '../../compiler/codegen/wasm/module.js';

/** Members that run side by side: the lanes of a 128-bit vector. */
export const LANES = 4;

/** A function of a module; its parameters are addresses and words. */
export type Kernel = (...words: number[]) => void;
/** A part of a network step. */
export type Work = (step: number) => void;

/** A module at work: its memory and its functions. */
export class LaneMemory {
  readonly floats: Float32Array;
  readonly words: Int32Array;
  private readonly exports: Readonly<Record<string, unknown>>;

  constructor(module: WasmModule, functions: Readonly<Record<string, (value: number) => number>>) {
    const memory = new WebAssembly.Memory({ initial: module.pages });
    this.floats = new Float32Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    const compiled = new WebAssembly.Module(assemble(module));
    this.exports = new WebAssembly.Instance(compiled, { env: { memory, ...functions } }).exports;
  }

  /** An exported function; one that is not there is a bug. */
  kernel(name: string): Kernel {
    const found = this.exports[name];
    if (typeof found !== 'function') throw new Error(`the module exports no ${name}`);
    return found as Kernel;
  }

  /** Whether a function is exported. */
  has(name: string): boolean {
    return typeof this.exports[name] === 'function';
  }

  copy({ offset, length, stride }: Placed, to: Placed): void {
    this.words.copyWithin(to.offset / 4, offset / 4, (offset + length * stride) / 4);
  }
}

/** The index of one lane of an element among the 32-bit words of the memory. */
export const at = ({ offset, stride }: Placed, index: number, lane: number): number =>
  (offset + index * stride) / 4 + lane;
