import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';

/**
 * The NPY file format of NumPy, versions 1.0 and 2.0: NEP 1 (https://numpy.org/neps/nep-0001-npy-format.html) and
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 *
 *   \x93 N U M P Y | major minor | length of the header: u16 (1.0) or u32 (2.0), little-endian |
 *   header: a Python dict of descr, fortran_order and shape, padded with spaces, ended by \n | the elements
 */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** Bytes before the elements are a multiple of this. */
const ALIGNMENT = 64;

/** An array in C order: the last index runs fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** What is read: little-endian numbers of 4 or 8 bytes. */
const SIZES: Readonly<Record<string, number>> = { '<f4': 4, '<f8': 8 };

/**
 * Reads an array of float32 or float64; `file` is named in errors.
 *
 * @throws DiagnosticsError PL4405 (no NPY file, damaged or cut short), PL4406 (an array of another kind).
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = headerOf(bytes, view, file);
  const { type, fortran, shape } = parseHeader(header, file);
  const size = Object.hasOwn(SIZES, type) ? SIZES[type]! : 0;
  if (size === 0) {
    failKind(file, `its elements are ${type}`, "save it with array.astype('<f8')");
  }
  if (fortran) failKind(file, 'it is in Fortran order', 'save it with numpy.ascontiguousarray');
  const count = shape.reduce((product, length) => product * length, 1);
  const there = bytes.length - start;
  if (there !== count * size) {
    failNpy(
      file,
      `a ${type} array of shape ${printShape(shape)} has ${count * size} bytes, the file holds ${there}`,
    );
  }
  const read = size === 4 ? view.getFloat32.bind(view) : view.getFloat64.bind(view);
  return {
    shape,
    values: Float64Array.from({ length: count }, (_, i) => read(start + i * size, true)),
  };
}

/** The file of an array as float64, byte for byte as `numpy.save` writes it. */
export function printNpy({ shape, values }: NpyArray): Uint8Array {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${printShape(shape)}, }`;
  const wide = text.length + 1 + ALIGNMENT > 0xffff;
  const prefix = MAGIC.length + 2 + (wide ? 4 : 2);
  const padding = (ALIGNMENT - ((prefix + text.length + 1) % ALIGNMENT)) % ALIGNMENT;
  const header = `${text}${' '.repeat(padding)}\n`;
  const bytes = new Uint8Array(prefix + header.length + values.length * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes.set([wide ? 2 : 1, 0], MAGIC.length);
  if (wide) view.setUint32(MAGIC.length + 2, header.length, true);
  else view.setUint16(MAGIC.length + 2, header.length, true);
  bytes.set(new TextEncoder().encode(header), prefix);
  for (const [i, value] of values.entries()) {
    view.setFloat64(prefix + header.length + i * 8, value, true);
  }
  return bytes;
}

/** A shape as Python writes a tuple. */
export const printShape = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;

function headerOf(
  bytes: Uint8Array,
  view: DataView,
  file: string,
): { readonly header: string; readonly start: number } {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    failNpy(file, 'it does not begin with \\x93NUMPY');
  }
  const [major, minor] = [bytes[6]!, bytes[7]!];
  if ((major !== 1 && major !== 2) || minor !== 0) {
    failKind(file, `it is of version ${major}.${minor}`, 'save a plain array of numbers');
  }
  const prefix = major === 1 ? 10 : 12;
  if (bytes.length < prefix) failNpy(file, 'its header is cut short');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = prefix + length;
  if (start > bytes.length) failNpy(file, 'its header is cut short');
  return { header: new TextDecoder('latin1').decode(bytes.subarray(prefix, start)), start };
}

/** The three entries of the dict in any order, and nothing else: as much of Python as the format needs. */
const ENTRIES = [
  ['descr', /'descr'\s*:\s*('[^']*'|\[.*\])\s*(?:,|(?=\}))/s],
  ['fortran', /'fortran_order'\s*:\s*(True|False)\s*(?:,|(?=\}))/],
  ['shape', /'shape'\s*:\s*\(([\d\s,]*)\)\s*(?:,|(?=\}))/],
] as const;

function parseHeader(header: string, file: string) {
  const found = { descr: '', fortran: '', shape: '' };
  let rest = header;
  for (const [name, pattern] of ENTRIES) {
    const match = pattern.exec(rest);
    if (!match) return failNpy(file, `its header has no ${name}: ${header.trim()}`);
    found[name] = match[1]!;
    rest = rest.replace(match[0], '');
  }
  if (!/^\s*\{\s*\}\s*$/.test(rest)) failNpy(file, `its header is no such dict: ${header.trim()}`);
  const shape = found.shape.split(',').map((length) => length.trim());
  if (shape.at(-1) === '') shape.pop();
  const lengths = shape.map(Number);
  if (lengths.some((length, i) => shape[i] === '' || !Number.isSafeInteger(length))) {
    failNpy(file, `its shape is (${found.shape})`);
  }
  return {
    type: found.descr.replaceAll("'", ''),
    fortran: found.fortran === 'True',
    shape: lengths,
  };
}

function failNpy(file: string, reason: string): never {
  return fail(diagnostic('PL4405', `\`${file}\` is no NPY file: ${reason}`));
}

function failKind(file: string, reason: string, help: string): never {
  return fail(diagnostic('PL4406', `\`${file}\` cannot be used: ${reason}`, { help }));
}
