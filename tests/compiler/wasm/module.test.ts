import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { FunctionBuilder } from '../../../compiler/codegen/wasm/function-builder.js';
import { assemble, type WasmModule } from '../../../compiler/codegen/wasm/module.js';
import {
  f32,
  f32x4,
  get,
  i32,
  i32x4,
  i64x2,
  type Local,
  type Node,
  operation,
  set,
  store,
} from '../../../compiler/codegen/wasm/node.js';
import {
  OPCODES,
  type OpcodeName,
  type ValueType,
} from '../../../compiler/codegen/wasm/opcodes.js';
import { printModule } from '../../../compiler/codegen/wasm/text.js';

const NAMES = Object.keys(OPCODES) as OpcodeName[];

const sample: Readonly<Record<ValueType, Node>> = {
  i32: i32(3),
  i64: { kind: 'constant', type: 'i64', value: -5n },
  f32: f32(1.5),
  f64: { kind: 'constant', type: 'f64', value: -0.75 },
  v128: i32x4(7),
};

/** A module with one function that performs an instruction. */
function moduleOf(name: OpcodeName): WasmModule {
  const { operands, result, immediate } = OPCODES[name];
  const given = operands.map((type) => sample[type]);
  const f = new FunctionBuilder('run');
  if (result === undefined) f.add(store(name, given[0]!, given[1]!, 16));
  else {
    const immediates =
      immediate === 'memory'
        ? [32]
        : immediate === 'lane'
          ? [1]
          : immediate === 'shuffle'
            ? SWAP
            : [];
    f.keep(operation(name, given, immediates));
  }
  return { imports: [], functions: [f.finish()], pages: 1 };
}
const SWAP = [16, 17, 18, 19, 4, 5, 6, 7, 24, 25, 26, 27, 12, 13, 14, 15];

function run(build: (f: FunctionBuilder, address: Local) => void): Int32Array {
  const f = new FunctionBuilder('run');
  const address = f.parameter('address');
  build(f, address);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const bytes = assemble({ imports: [], functions: [f.finish()], pages: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { run: kernel } = exports;
  if (typeof kernel !== 'function') throw new Error('no function');
  kernel(64);
  return new Int32Array(memory.buffer, 64, 8);
}

describe('the table of instructions', () => {
  it.each(NAMES)('%s is valid with its operands', (name) => {
    expect(WebAssembly.validate(assemble(moduleOf(name)))).toBe(true);
  });

  it('has the bytes that another assembler gives', async () => {
    const other = await wabt();
    for (const name of NAMES) {
      const text = printModule(moduleOf(name));
      const parsed = other.parseWat('m.wat', text, { simd: true });
      const { buffer } = parsed.toBinary({ canonicalize_lebs: true });
      parsed.destroy();
      expect(Buffer.from(buffer).toString('hex'), name).toBe(
        Buffer.from(assemble(moduleOf(name))).toString('hex'),
      );
    }
  });
});

describe('a module', () => {
  it('loops, branches and stores', () => {
    const result = run((f, address) => {
      const sum = f.keep(i32(0), 'sum');
      f.loop(10, (n) => {
        f.if(operation('i32.and', [get(n), i32(1)]), () => f.advance(sum, get(n)));
      });
      f.add(store('i32.store', get(address), get(sum)));
    });
    expect(result[0]).toBe(1 + 3 + 5 + 7 + 9);
  });

  it('repeats while a condition holds, and once at least', () => {
    const result = run((f, address) => {
      const n = f.keep(i32(40), 'n');
      f.repeat(
        () => f.set(n, operation('i32.add', [get(n), i32(7)])),
        () => operation('i32.lt_s', [get(n), i32(40)]),
      );
      f.add(store('i32.store', get(address), get(n)));
    });
    expect(result[0]).toBe(47);
  });

  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, -8193, 2 ** 31 - 1, -(2 ** 31)])(
    'holds the constant %i',
    (value) => {
      const result = run((f, address) => {
        f.add(store('i32.store', get(address), i32(value)));
        f.store(get(address), i32x4(value), 16);
      });
      expect([result[0], result[4], result[7]]).toEqual([value, value, value]);
    },
  );

  it('holds vectors of 64-bit and float lanes', () => {
    const result = run((f, address) => {
      f.store(get(address), i64x2(-3), 0);
      f.store(get(address), f32x4(-0.5), 16);
    });
    expect(Array.from(result.subarray(0, 4))).toEqual([-3, -1, -3, -1]);
    expect(new Float32Array(result.slice(4, 8).buffer)).toEqual(new Float32Array(4).fill(-0.5));
  });

  it('refuses operands of other types when it is built', () => {
    expect(() => operation('i32.add', [i32(1), f32(1)])).toThrow(
      'i32.add takes (i32 i32), not (i32 f32)',
    );
    const local: Local = { name: 'x', type: 'f32' };
    expect(() => set(local, i32(1))).toThrow('x is f32, not i32');
  });
});
