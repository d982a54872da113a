import type { FunctionBuilder } from './function-builder.js';
import { get, i32, i32x4, type Local, type Node, operation } from './node.js';

const KEY = 0x9e3779b9;

/** The two words that the draws of a row share: `drawRow` of levels/numbers/draw.ts, in scalars. */
export function emitDrawRow(
  f: FunctionBuilder,
  words: { readonly seed: Node; readonly step: Node; readonly pre: Node },
  projection: number,
  draw: number,
): { readonly a: Local; readonly b: Local } {
  const a = f.keep(i32(0x243f6a88), 'a');
  const b = f.keep(i32(0x85a308d3 | 0), 'b');
  const absorbed = [words.seed, i32(projection), i32(draw), words.step, words.pre];
  for (const [i, word] of absorbed.entries()) {
    f.set(b, operation('i32.xor', [get(b), word]));
    scalarRounds(f, a, b, 3, i + 1);
  }
  scalarRounds(f, a, b, 4, 6);
  return { a, b };
}

function scalarRounds(f: FunctionBuilder, a: Local, b: Local, count: number, key: number): void {
  for (let i = 0; i < count; i++) {
    const sum = operation('i32.add', [operation('i32.rotr', [get(a), i32(8)]), get(b)]);
    f.set(a, operation('i32.xor', [sum, i32((KEY + key * 16 + i) | 0)]));
    f.set(b, operation('i32.xor', [operation('i32.rotl', [get(b), i32(3)]), get(a)]));
  }
}

/** The draws of four synapses of a row at once: `drawPost` for four postsynaptic neurons. */
export function emitDrawPost(
  f: FunctionBuilder,
  { a: rowA, b: rowB }: { readonly a: Local; readonly b: Local },
  posts: Node,
): Node {
  const a = f.keep(operation('i32x4.splat', [get(rowA)]), 'a');
  const b = f.keep(operation('v128.xor', [operation('i32x4.splat', [get(rowB)]), posts]), 'b');
  const rotate = (value: Local, right: number): Node =>
    operation('v128.or', [
      operation('i32x4.shr_u', [get(value), i32(right)]),
      operation('i32x4.shl', [get(value), i32(32 - right)]),
    ]);
  for (let i = 0; i < 6; i++) {
    const sum = operation('i32x4.add', [rotate(a, 8), get(b)]);
    f.set(a, operation('v128.xor', [sum, i32x4(KEY | 0)]));
    f.set(b, operation('v128.xor', [rotate(b, 29), get(a)]));
  }
  return operation('i32x4.add', [get(a), get(b)]);
}

/**
 * Writes the draws of `count` synapses of a row from the address `into` on, in vectors: up to three words beyond are written
 * too. `columns` is the address of their postsynaptic neurons.
 */
export function emitDraws(
  f: FunctionBuilder,
  row: { readonly a: Local; readonly b: Local },
  columns: Node,
  count: Node,
  into: Node,
): void {
  const from = f.keep(columns, 'from');
  const at = f.keep(into, 'at');
  const end = operation('i32.add', [get(at), operation('i32.shl', [count, i32(2)])]);
  const last = f.keep(end, 'end');
  const more = (): Node => operation('i32.lt_s', [get(at), get(last)]);
  f.if(more(), () => {
    f.repeat(() => {
      const posts = operation('v128.load', [get(from)], [0]);
      f.store(get(at), emitDrawPost(f, row, posts), 0);
      f.advance(from, 16);
      f.advance(at, 16);
    }, more);
  });
}
