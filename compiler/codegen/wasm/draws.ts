import type { FunctionBuilder } from './function-builder.js';
import type { Placed } from './layout.js';
import { get, i32, i32x4, type Local, type Node, operation } from './node.js';

const KEY = 0x9e3779b9;

/** The two words of a state of `drawRow`, levels/numbers/draw.ts. */
export interface DrawState {
  readonly a: Local;
  readonly b: Local;
}

/** What the draws of a step share, in scalars: all words but the row's are absorbed. */
export function emitDrawStep(
  f: FunctionBuilder,
  words: { readonly seed: Node; readonly step: Node },
  projection: number,
  draw: number,
): DrawState {
  const a = f.keep(i32(0x243f6a88), 'a');
  const b = f.keep(i32(0x85a308d3 | 0), 'b');
  const absorbed = [words.seed, i32(projection), i32(draw), words.step];
  for (const [i, word] of absorbed.entries()) absorb(f, a, b, word, i + 1);
  return { a, b };
}

/** What the draws of a row share. */
export function emitDrawRow(f: FunctionBuilder, step: DrawState, pre: Node): DrawState {
  const a = f.keep(get(step.a), 'a');
  const b = f.keep(get(step.b), 'b');
  absorb(f, a, b, pre, 5);
  scalarRounds(f, a, b, 4, 6);
  return { a, b };
}

function absorb(f: FunctionBuilder, a: Local, b: Local, word: Node, key: number): void {
  f.set(b, operation('i32.xor', [get(b), word]));
  scalarRounds(f, a, b, 3, key);
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
  { a: rowA, b: rowB }: DrawState,
  posts: Node,
): Node {
  const a = f.keep(operation('i32x4.splat', [get(rowA)]), 'a');
  const b = f.keep(operation('v128.xor', [operation('i32x4.splat', [get(rowB)]), posts]), 'b');
  for (let i = 0; i < 6; i++) {
    const sum = operation('i32x4.add', [rotateByte(a), get(b)]);
    f.set(a, operation('v128.xor', [sum, get(f.constant(i32x4(KEY | 0)))]));
    const turned = operation('v128.or', [
      operation('i32x4.shl', [get(b), i32(3)]),
      operation('i32x4.shr_u', [get(b), i32(29)]),
    ]);
    f.set(b, operation('v128.xor', [turned, get(a)]));
  }
  return operation('i32x4.add', [get(a), get(b)]);
}

/** Every word turned right by 8 bits: its bytes change places. */
function rotateByte(words: Local): Node {
  const bytes = [0, 4, 8, 12].flatMap((w) => [w + 1, w + 2, w + 3, w]);
  return operation('i8x16.shuffle', [get(words), get(words)], bytes);
}

/** Fills `draws` with the draws of `count` synapses of a row; `columns` is the address of their postsynaptic neurons. */
export function emitDraws(
  f: FunctionBuilder,
  row: DrawState,
  columns: Node,
  count: Node,
  draws: Placed,
): void {
  const from = f.keep(columns, 'from');
  const at = f.keep(i32(0), 'at');
  const end = f.keep(operation('i32.shl', [count, i32(2)]), 'end');
  const more = (): Node => operation('i32.lt_s', [get(at), get(end)]);
  f.if(more(), () => {
    f.repeat(() => {
      const posts = operation('v128.load', [get(from)], [0]);
      f.store(get(at), emitDrawPost(f, row, posts), draws.offset);
      f.advance(from, 16);
      f.advance(at, 16);
    }, more);
  });
}
