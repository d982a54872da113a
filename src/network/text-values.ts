import type { ParameterValue } from './network.js';

/** Arrays longer than this are printed as base64 of their bytes. */
const LONGEST_PLAIN = 16;

/** A number as the shortest decimal that reads back as the same float64, the sign of zero included. */
export function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A number, `[1, 2]`, or `f64"…"`: base64 of little-endian float64. */
export function printValue(value: ParameterValue): string {
  if (typeof value === 'number') return printNumber(value);
  if (value.length <= LONGEST_PLAIN) return `[${Array.from(value, printNumber).join(', ')}]`;
  const view = new DataView(new ArrayBuffer(value.length * 8));
  for (let i = 0; i < value.length; i++) view.setFloat64(i * 8, value[i]!, true);
  return `f64"${toBase64(view)}"`;
}

/** `[1, 2]`, or `u32"…"`: base64 of little-endian 32-bit words. */
export function printWords(words: Uint32Array): string {
  if (words.length <= LONGEST_PLAIN) return `[${words.join(', ')}]`;
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (let i = 0; i < words.length; i++) view.setUint32(i * 4, words[i]!, true);
  return `u32"${toBase64(view)}"`;
}

/** Reads what `printValue` prints (base64 of any length); undefined when the text is none of it. */
export function readValue(text: string): ParameterValue | undefined {
  const single = readNumber(text);
  if (single !== undefined) return single;
  const bytes = readBytes(text, 'f64', 8);
  if (bytes) {
    const values = new Float64Array(bytes.byteLength / 8);
    for (let i = 0; i < values.length; i++) values[i] = bytes.getFloat64(i * 8, true);
    return values;
  }
  const numbers = readList(text, readNumber);
  return numbers && Float64Array.from(numbers);
}

/** Reads what `printWords` prints; undefined when the text is none of it. */
export function readWords(text: string): Uint32Array | undefined {
  const bytes = readBytes(text, 'u32', 4);
  if (bytes) {
    const words = new Uint32Array(bytes.byteLength / 4);
    for (let i = 0; i < words.length; i++) words[i] = bytes.getUint32(i * 4, true);
    return words;
  }
  const words = readList(text, readWord);
  return words && Uint32Array.from(words);
}

/** A decimal number of float64; undefined when the text is none, or too large to be finite. */
export function readNumber(text: string): number | undefined {
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function readWord(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined;
}

function readList(
  text: string,
  read: (text: string) => number | undefined,
): readonly number[] | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  const inside = text.slice(1, -1).trim();
  if (inside === '') return [];
  const numbers: number[] = [];
  for (const part of inside.split(',')) {
    const value = read(part.trim());
    if (value === undefined) return undefined;
    numbers.push(value);
  }
  return numbers;
}

/** The bytes between the quotes, whole elements only; their length is known from the text before they are made. */
function readBytes(text: string, prefix: string, elementBytes: number): DataView | undefined {
  const [, base64] = new RegExp(`^${prefix}"([A-Za-z0-9+/]*={0,2})"$`).exec(text) ?? [];
  if (base64 === undefined || base64.length % 4 !== 0) return undefined;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  if (((base64.length / 4) * 3 - padding) % elementBytes !== 0) return undefined;
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new DataView(bytes.buffer);
}

function toBase64(view: DataView): string {
  return Buffer.from(view.buffer).toString('base64');
}
