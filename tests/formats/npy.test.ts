import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printNpy, readNpy } from '../../src/formats/npy.js';
import { failureOf } from './failure.js';

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const MAGIC = [0x93, ...ascii('NUMPY')];

/** A file with this header of version 1.0, and these bytes behind it. */
function fileOf(header: string, elements: readonly number[] = []): Uint8Array {
  const length = header.length + 1;
  return Uint8Array.from([
    ...MAGIC,
    1,
    0,
    length & 255,
    length >> 8,
    ...ascii(`${header}\n`),
    ...elements,
  ]);
}

const HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }";
const ONE = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
const MINUS_TWO = [0, 0, 0, 0, 0, 0, 0, 0xc0];

/** numpy.save of numpy.array([[1, -2]]) by NumPy 2.4: 128 bytes of header, then the elements. */
const BY_HAND = Uint8Array.from([
  ...MAGIC,
  1,
  0,
  0x76,
  0,
  ...ascii(HEADER.padEnd(0x75)),
  0x0a,
  ...ONE,
  ...MINUS_TWO,
]);

describe('NPY files', () => {
  it('are read from bytes written by hand, and written as those bytes', () => {
    expect(readNpy(BY_HAND, 'a.npy')).toEqual({
      shape: [1, 2],
      values: Float64Array.of(1, -2),
    });
    expect(printNpy({ shape: [1, 2], values: Float64Array.of(1, -2) })).toEqual(BY_HAND);
  });

  it('hold float32, too, and headers of version 2.0 with keys in any order', () => {
    const header = '{"shape" : (2,) , "descr":"<f4","fortran_order":False}'.replaceAll('"', "'");
    const elements = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0];
    const bytes = Uint8Array.from([
      ...MAGIC,
      2,
      0,
      header.length,
      0,
      0,
      0,
      ...ascii(header),
      ...elements,
    ]);
    expect(readNpy(bytes, 'a.npy')).toEqual({ shape: [2], values: Float64Array.of(1, -2) });
    // In the middle of another buffer, at an odd address.
    const odd = new Uint8Array(bytes.length + 3);
    odd.set(bytes, 3);
    expect(readNpy(odd.subarray(3), 'a.npy').values).toEqual(Float64Array.of(1, -2));
  });

  const SEED = 20_260_802;
  it(`come back as they were written (seed ${SEED})`, () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    const property = fc.property(shapes, fc.infiniteStream(fc.double()), (shape, stream) => {
      const length = shape.reduce((a, b) => a * b, 1);
      const values = Float64Array.from([...stream.take(length)]);
      const bytes = printNpy({ shape, values });
      expect((bytes.length - 8 * length) % 64).toBe(0);
      expect(readNpy(bytes, 'a.npy')).toEqual({ shape, values });
    });
    fc.assert(property, { numRuns: 200, seed: SEED });
  });

  it('with a header beyond 65,535 bytes are of version 2.0', () => {
    const shape = Array.from({ length: 40_000 }, () => 1);
    const bytes = printNpy({ shape, values: Float64Array.of(3) });
    expect([bytes[6], bytes[7]]).toEqual([2, 0]);
    expect(readNpy(bytes, 'a.npy').shape).toEqual(shape);
  });
});

describe('what is no NPY file of numbers', () => {
  const wrong: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', new Uint8Array(0), 'PL4405 `a` is no NPY file: it does not begin with \\x93NUMPY'],
    [
      'a text',
      Uint8Array.from(ascii('observation[0],observation[1]\n')),
      'PL4405 `a` is no NPY file: it does not begin with \\x93NUMPY',
    ],
    [
      'a header cut short',
      BY_HAND.subarray(0, 40),
      'PL4405 `a` is no NPY file: its header is cut short',
    ],
    [
      'a header of version 2.0 cut short',
      Uint8Array.from([...MAGIC, 2, 0, 1, 1]),
      'PL4405 `a` is no NPY file: its header is cut short',
    ],
    [
      'elements cut short',
      BY_HAND.subarray(0, 143),
      'PL4405 `a` is no NPY file: a <f8 array of shape (1, 2) has 16 bytes, the file holds 15',
    ],
    [
      'more elements than the shape says',
      fileOf(HEADER, [...ONE, ...ONE, ...ONE]),
      'PL4405 `a` is no NPY file: a <f8 array of shape (1, 2) has 16 bytes, the file holds 24',
    ],
    [
      'a shape that no memory holds',
      fileOf(HEADER.replace('(1, 2)', '(9007199254740991, 2)'), ONE),
      'PL4405 `a` is no NPY file: a <f8 array of shape (9007199254740991, 2) has 144115188075855860 bytes, the file holds 8',
    ],
    [
      'a shape beyond integers',
      fileOf(HEADER.replace('(1, 2)', '(99999999999999999999,)')),
      'PL4405 `a` is no NPY file: its shape is (99999999999999999999,)',
    ],
    [
      'a header without a shape',
      fileOf("{'descr': '<f8', 'fortran_order': False}"),
      "PL4405 `a` is no NPY file: its header has no shape: {'descr': '<f8', 'fortran_order': False}",
    ],
    [
      'a header with more than belongs there',
      fileOf(HEADER.replace("'shape'", "'x': 1, 'shape'")),
      `PL4405 \`a\` is no NPY file: its header is no such dict: ${HEADER.replace("'shape'", "'x': 1, 'shape'")}`,
    ],
    [
      'another version',
      Uint8Array.from([...MAGIC, 3, 0, 0, 0, 0, 0]),
      'PL4406 `a` cannot be used: it is of version 3.0',
    ],
    [
      'integers',
      fileOf(HEADER.replace('<f8', '<i8'), [...ONE, ...ONE]),
      'PL4406 `a` cannot be used: its elements are <i8',
    ],
    [
      'big-endian numbers',
      fileOf(HEADER.replace('<f8', '>f8'), [...ONE, ...ONE]),
      'PL4406 `a` cannot be used: its elements are >f8',
    ],
    [
      'records',
      fileOf(HEADER.replace("'<f8'", "[('x', '<f8')]"), [...ONE, ...ONE]),
      'PL4406 `a` cannot be used: its elements are [(x, <f8)]',
    ],
    [
      'Fortran order',
      fileOf(HEADER.replace('False', 'True'), [...ONE, ...ONE]),
      'PL4406 `a` cannot be used: it is in Fortran order',
    ],
  ];

  it.each(wrong)('%s', (_, bytes, complaint) => {
    expect(failureOf(() => readNpy(bytes, 'a'))).toEqual([complaint]);
  });

  const SEED = 20_260_803;
  it(`damaged files are refused or read, and never a bug (seed ${SEED})`, () => {
    const property = fc.property(
      fc.nat({ max: BY_HAND.length - 1 }),
      fc.nat({ max: 255 }),
      fc.nat({ max: BY_HAND.length }),
      (at, byte, length) => {
        const bytes = BY_HAND.slice();
        bytes[at] = byte;
        for (const code of failureOf(() => readNpy(bytes.subarray(0, length), 'a'))) {
          expect(code).toMatch(/^PL440[56] /);
        }
      },
    );
    fc.assert(property, { numRuns: 2000, seed: SEED });
  });
});
