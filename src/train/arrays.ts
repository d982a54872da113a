/** Float64 numbers as base64 of their little-endian bytes: exact, and the same on every machine. */
export function encodeFloats(values: Float64Array): string {
  const bytes = Buffer.alloc(values.length * 8);
  for (let i = 0; i < values.length; i++) bytes.writeDoubleLE(values[i]!, i * 8);
  return bytes.toString('base64');
}

/** The inverse of `encodeFloats`; undefined when the text does not hold whole numbers of 8 bytes. */
export function decodeFloats(text: string): Float64Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 8 !== 0 || bytes.toString('base64') !== text) return undefined;
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
}
