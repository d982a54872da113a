import { type Access, PAGE, type Width, widthOf } from '../../../runtime/link/accesses.js';
import type { CoreConfiguration } from '../configuration.js';
import { REGION } from '../memory-map.js';

/** Equal words from which sending them once is shorter than sending each. */
const WORTH_FILLING = 6;

/** Words that are read though nobody asks: fewer bytes than another access. */
const WORTH_READING = 2;

/** Bytes in which a word of a region is read: those that it has. */
export function readWidth(address: number, { weightBits }: CoreConfiguration): Width {
  switch (address >>> 20) {
    case REGION.weights:
      return weightBits <= 8 ? 1 : 2;
    case REGION.fields:
    case REGION.payloads:
    case REGION.x:
    case REGION.variables:
    case REGION.passes:
      return 2;
    default:
      return 4;
  }
}

/** Words from an address to the end of its page. */
const inPage = (address: number): number => PAGE - (address % PAGE);

/** The accesses that write words at addresses that follow each other. */
export function writesOf(address: number, words: ArrayLike<number>): Access[] {
  const accesses: Access[] = [];
  let from = 0;
  const plain = (to: number): void => {
    while (from < to) {
      const size = Math.min(inPage(address + from), to - from);
      const part = Array.from({ length: size }, (_, i) => words[from + i]!);
      const width = part.reduce<Width>((w, word) => Math.max(w, widthOf(word)) as Width, 1);
      accesses.push({ kind: 'write', address: address + from, width, words: part });
      from += size;
    }
  };
  for (let at = 0; at < words.length; ) {
    let end = at + 1;
    while (end < words.length && words[end] === words[at]) end++;
    if (end - at >= WORTH_FILLING) {
      plain(at);
      while (from < end) {
        const count = Math.min(inPage(address + from), end - from);
        const word = words[at]!;
        accesses.push({ kind: 'fill', address: address + from, width: widthOf(word), count, word });
        from += count;
      }
    }
    at = end;
  }
  plain(words.length);
  return accesses;
}

/** The accesses that read the words at some addresses, and where each of them is among what they give. */
export function readsOf(
  addresses: Uint32Array,
  configuration: CoreConfiguration,
): { readonly accesses: readonly Access[]; readonly places: Uint32Array } {
  const places = new Uint32Array(addresses.length);
  const accesses: Access[] = [];
  let given = 0;
  let first = -1;
  let count = 0;
  const finish = (): void => {
    if (count === 0) return;
    accesses.push({ kind: 'read', address: first, width: readWidth(first, configuration), count });
    given += count;
  };
  for (const [i, address] of addresses.entries()) {
    const ahead = address - (first + count);
    const fits = ahead >= 0 && ahead <= WORTH_READING && address - first < inPage(first);
    if (count === 0 || !fits) {
      finish();
      first = address;
      count = 1;
    } else count = address - first + 1;
    places[i] = given + count - 1;
  }
  finish();
  return { accesses, places };
}
