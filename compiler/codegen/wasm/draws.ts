import type { MicroKernel } from '../../levels/micro/micro.js';
import { SHARED_BITS } from '../../levels/numbers/draw.js';
import type { FunctionBuilder } from './function-builder.js';
import { get, i32, i32x4, type Local, lanesOf32, type Node, operation } from './node.js';
import type { Packed } from './packed.js';

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
  const absorbed = [words.seed, i32(projection | 0), i32(draw | 0), words.step];
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

/** The state of a row in every lane. */
export interface RowVectors {
  readonly a: Node;
  readonly b: Node;
}

export const splatRow = ({ a, b }: DrawState): RowVectors => ({
  a: operation('i32x4.splat', [get(a)]),
  b: operation('i32x4.splat', [get(b)]),
});

/** Stochastic roundings of a kernel: the bits that they drop, by the number of their draws. */
export function roundingsOf({ operations }: MicroKernel): ReadonlyMap<number, number> {
  return new Map(
    operations.flatMap((o): [number, number][] =>
      o.kind === 'shift' && o.rounding === 'stochastic' ? [[o.operation, o.bits]] : [],
    ),
  );
}

/** The states of all rows, four at a time: `drawRow` for pre = 0 … rows − 1, into two arrays of words. */
export function emitDrawRows(
  f: FunctionBuilder,
  step: DrawState,
  rows: number,
  into: { readonly a: Packed; readonly b: Packed },
): void {
  const pre = f.keep(lanesOf32([0, 1, 2, 3]), 'pre');
  const at = f.keep(i32(0), 'at');
  const splat = splatRow(step);
  f.loop(Math.ceil(rows / 4), () => {
    const a = f.keep(splat.a, 'a');
    const b = f.keep(operation('v128.xor', [splat.b, get(pre)]), 'b');
    vectorRounds(f, a, b, 3, 5);
    vectorRounds(f, a, b, 4, 6);
    f.store(get(at), get(a), into.a.offset);
    f.store(get(at), get(b), into.b.offset);
    f.advance(at, 16);
    f.set(pre, operation('i32x4.add', [get(pre), get(f.constant(i32x4(4)))]));
  });
}

/** `drawPost` of a row for four postsynaptic neurons. */
export function emitDrawPost(f: FunctionBuilder, row: RowVectors, posts: Node): Node {
  const a = f.keep(row.a, 'a');
  const b = f.keep(operation('v128.xor', [row.b, posts]), 'b');
  vectorRounds(f, a, b, 6, 0, 0);
  return operation('i32x4.add', [get(a), get(b)]);
}

/** `drawRounding` of a row for four postsynaptic neurons: the top bits count. */
export function emitDrawRounding(
  f: FunctionBuilder,
  row: RowVectors,
  posts: Node,
  bits: number,
): Node {
  if (bits > SHARED_BITS) return emitDrawPost(f, row, posts);
  const post = f.keep(posts, 'post');
  const words = emitDrawPost(f, row, operation('i32x4.shr_u', [get(post), i32(2)]));
  // Turned left by 24 − 8 · (post mod 4) bits: a product with one of four powers.
  const odd = isSet(f, post, 1);
  const power = operation('v128.bitselect', [
    operation('v128.bitselect', [i32x4(1), i32x4(2 ** 8), get(odd)]),
    operation('v128.bitselect', [i32x4(2 ** 16), i32x4(2 ** 24), get(odd)]),
    get(isSet(f, post, 2)),
  ]);
  return operation('i32x4.mul', [words, power]);
}

function isSet(f: FunctionBuilder, words: Local, bit: number): Local {
  const mask = i32x4(bit);
  return f.keep(operation('i32x4.eq', [operation('v128.and', [get(words), mask]), mask]), 'set');
}

function vectorRounds(
  f: FunctionBuilder,
  a: Local,
  b: Local,
  count: number,
  key: number,
  step = 1,
): void {
  for (let i = 0; i < count; i++) {
    const sum = operation('i32x4.add', [rotateByte(a), get(b)]);
    const round = f.constant(i32x4((KEY + key * 16 + i * step) | 0));
    f.set(a, operation('v128.xor', [sum, get(round)]));
    const turned = operation('v128.or', [
      operation('i32x4.shl', [get(b), i32(3)]),
      operation('i32x4.shr_u', [get(b), i32(29)]),
    ]);
    f.set(b, operation('v128.xor', [turned, get(a)]));
  }
}

/** Every word turned right by 8 bits: its bytes change places. */
function rotateByte(words: Local): Node {
  const bytes = [0, 4, 8, 12].flatMap((w) => [w + 1, w + 2, w + 3, w]);
  return operation('i8x16.shuffle', [get(words), get(words)], bytes);
}

/**
 * Writes the draws of the synapses of a row from the address `into` on, in vectors: up to three words beyond are written too.
 * `columns` is the address of their postsynaptic neurons.
 */
export function emitDraws(
  f: FunctionBuilder,
  row: DrawState,
  bits: number,
  synapses: { readonly columns: Node; readonly count: Node },
  into: Node,
): void {
  const from = f.keep(synapses.columns, 'from');
  const at = f.keep(into, 'at');
  const end = operation('i32.add', [get(at), operation('i32.shl', [synapses.count, i32(2)])]);
  const last = f.keep(end, 'end');
  const more = (): Node => operation('i32.lt_s', [get(at), get(last)]);
  f.if(more(), () => {
    f.repeat(() => {
      const posts = operation('v128.load', [get(from)], [0]);
      f.store(get(at), emitDrawRounding(f, splatRow(row), posts, bits), 0);
      f.advance(from, 16);
      f.advance(at, 16);
    }, more);
  });
}

/** Fills bytes with `drawRounding` for neurons from `first` on, sixteen at a time; `first` is a multiple of 4. */
export function emitDrawBytes(
  f: FunctionBuilder,
  row: RowVectors,
  first: number,
  count: number,
  bytes: Packed,
): void {
  const start = first / 4;
  const words = f.keep(lanesOf32([start, start + 1, start + 2, start + 3]), 'words');
  const at = f.keep(i32(0), 'at');
  f.loop(Math.ceil(count / 16), () => {
    f.store(get(at), emitDrawPost(f, row, get(words)), bytes.offset);
    f.advance(at, 16);
    f.set(words, operation('i32x4.add', [get(words), get(f.constant(i32x4(4)))]));
  });
}

/**
 * Fills bytes with `drawRounding` for the eight neurons from `first` on of every row, row after row; `first` is a multiple of 4.
 * Four rows are drawn at a time, a word of each in a vector.
 */
export function emitDrawPairs(
  f: FunctionBuilder,
  { a, b, rows }: { readonly a: Packed; readonly b: Packed; readonly rows: number },
  first: number,
  bytes: Packed,
): void {
  const at = f.keep(i32(0), 'at');
  const into = f.keep(i32(0), 'into');
  // Words 0 and 1 of one row, then of the next.
  const pairs = (row: number): number[] =>
    [row, row + 4, row + 1, row + 5].flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
  f.loop(Math.ceil(rows / 4), () => {
    const state = {
      a: get(f.keep(f.load(get(at), a.offset), 'a')),
      b: get(f.keep(f.load(get(at), b.offset), 'b')),
    };
    const words = [0, 1].map((word) => {
      const post = get(f.constant(i32x4(first / 4 + word)));
      return f.keep(emitDrawPost(f, state, post), 'words');
    });
    const both = words.map((word) => get(word));
    f.store(get(into), operation('i8x16.shuffle', both, pairs(0)), bytes.offset);
    f.store(get(into), operation('i8x16.shuffle', both, pairs(2)), bytes.offset + 16);
    f.advance(at, 16);
    f.advance(into, 32);
  });
}
