/** The longest run of bytes without a zero that one code byte announces. */
const LONGEST = 254;

/** Bytes without a zero among them, from which `unstuff` makes the same again (consistent overhead byte stuffing). */
export function stuff(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.floor(bytes.length / LONGEST) + 1);
  let code = 0;
  let at = 1;
  for (const [i, byte] of bytes.entries()) {
    if (byte !== 0) out[at++] = byte;
    const isFull = at - code > LONGEST;
    // A full run says nothing of a zero; one that ends the bytes needs none behind it.
    if (byte !== 0 && (!isFull || i + 1 === bytes.length)) continue;
    out[code] = at - code;
    code = at++;
  }
  out[code] = at - code;
  return out.subarray(0, at);
}

/** What was stuffed; undefined for bytes that no `stuff` gives. */
export function unstuff(stuffed: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(stuffed.length);
  let length = 0;
  for (let at = 0; at < stuffed.length; ) {
    const code = stuffed[at]!;
    if (code === 0 || at + code > stuffed.length) return undefined;
    for (const end = at + code; ++at < end; ) {
      if (stuffed[at] === 0) return undefined;
      out[length++] = stuffed[at]!;
    }
    if (code <= LONGEST && at < stuffed.length) out[length++] = 0;
  }
  return out.subarray(0, length);
}
