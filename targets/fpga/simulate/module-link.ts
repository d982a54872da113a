import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { HarnessLink } from './queued-simulator.js';

/** What harness/cxxrtl.cpp exports. */
interface HarnessExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  message(words: number): number;
  work(): number;
  answer(): number;
}

/** Throws PL5503. */
function died(why: string): never {
  return fail(diagnostic('PL5503', 'the module of the circuit has ended', { notes: [why] }));
}

/**
 * The system that a C++ library asks for, and a circuit does not need: nothing can be opened, and what would be printed is
 * dropped. A module that ends its own run, as `abort` does, has died.
 */
function systemOf(
  module: WebAssembly.Module,
): Readonly<Record<string, Readonly<Record<string, () => number>>>> {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    const ends = name === 'proc_exit';
    // 8 is `badf` of WASI: no such file is open.
    imports[from][name] = ends ? () => died('it ended itself') : () => 8;
  }
  return imports;
}

/** A harness in a WebAssembly module, reached by calls. When it traps, `exchange` throws PL5503, then and ever after. */
export class ModuleLink implements HarnessLink {
  private readonly harness: HarnessExports;
  private dead = false;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, systemOf(module));
    this.harness = instance.exports as unknown as HarnessExports;
    this.harness._initialize();
  }

  exchange(message: Uint32Array): Uint32Array {
    if (this.dead) died('it had ended before');
    try {
      const { harness } = this;
      const count = message.length - 1;
      // The memory may grow in either call, which takes earlier views of it away.
      const at = harness.message(count) >>> 0;
      new Uint32Array(harness.memory.buffer, at, count).set(message.subarray(1));
      const words = harness.work() >>> 0;
      return new Uint32Array(harness.memory.buffer, harness.answer() >>> 0, words);
    } catch (error) {
      this.dead = true;
      if (error instanceof WebAssembly.RuntimeError) died(error.message);
      throw error;
    }
  }

  close(): void {
    this.dead = true;
  }
}
