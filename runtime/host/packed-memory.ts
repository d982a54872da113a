import { extremesOf } from '../../compiler/analysis/extremes.js';
import { assemble, MOST_PAGES, type WasmFunction } from '../../compiler/codegen/wasm/module.js';
import {
  OVERREAD,
  type Packed,
  type PackedBytes,
  packedBytes,
} from '../../compiler/codegen/wasm/packed.js';
import { type Format, formatOfRange } from '../../compiler/levels/numbers/format.js';

/** A function of a module; its parameters are addresses and words. What has no result gives undefined. */
export type Kernel = (...words: number[]) => number;

export type PackedArray = Int8Array | Int16Array | Int32Array;

const PAGE = 65536;
const ARRAYS = { 1: Int8Array, 2: Int16Array, 4: Int32Array } as const;

/** What `allocate` throws when a memory cannot grow any more. */
export class MemoryFull extends Error {
  constructor() {
    super('the state does not fit the 4 GiB of a WebAssembly memory');
  }
}

/**
 * A memory of packed integers that grows by one array after the other, and the functions that work on it. It is shared, so that
 * arrays stay where they are when it grows, and so that several threads can work on it.
 */
export class PackedMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  private next = 0;

  /** An array of zeros. Throws MemoryFull beyond 4 GiB. */
  allocate(length: number, bytes: PackedBytes): PackedArray {
    const offset = this.next;
    const end = offset + length * bytes + OVERREAD;
    this.next = Math.ceil(end / 16) * 16;
    const missing = Math.ceil(this.next / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.grow(missing);
    return new ARRAYS[bytes](this.memory.buffer, offset, length);
  }

  /** An array for integers of a format of at most 32 bits. */
  integers(length: number, format: Format): PackedArray {
    const bytes = packedBytes(format);
    if (bytes === undefined) throw new Error(`${format.width} bits are no packed integer`);
    return this.allocate(length, bytes);
  }

  /** An array with values, in the bytes that they need. */
  constants(values: ArrayLike<number>, least: PackedBytes = 1): PackedArray {
    const [low, high] = values.length === 0 ? [0, 0] : extremesOf(values);
    const bytes = packedBytes(formatOfRange(low, high, 0)) ?? 4;
    const array = this.allocate(values.length, bytes < least ? least : bytes);
    array.set(values);
    return array;
  }

  /** A module of functions on this memory as it is now. */
  compile(functions: readonly WasmFunction[]): WebAssembly.Module {
    const pages = this.memory.buffer.byteLength / PAGE;
    return new WebAssembly.Module(assemble({ imports: [], functions, pages, shared: true }));
  }

  private grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      throw new MemoryFull();
    }
  }
}

/** Where an array of the memory lies. */
export function packedOf(array: PackedArray): Packed {
  const { byteOffset: offset, length } = array;
  return { offset, length, bytes: array.BYTES_PER_ELEMENT as PackedBytes };
}

/** The functions of a module on a memory, by name; one that is not there is a bug. */
export function kernelsOf(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): (name: string) => Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return (name) => {
    const found = exports[name];
    if (typeof found !== 'function') throw new Error(`the module exports no ${name}`);
    return found as Kernel;
  };
}
