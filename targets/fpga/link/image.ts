import { hashWords } from '../../../runtime/link/hash.js';
import { loadCode, loadState } from '../machine/image.js';
import type { LoadedProgram } from '../machine/loaded.js';
import { REGION, type Region } from '../memory-map.js';
import { CoreModel } from '../model/core-model.js';

/** Words at addresses that follow each other, as a core shows them. */
export interface ImageBlock {
  readonly region: Region;
  readonly address: number;
  readonly words: Uint32Array;
  /** CRC-32 of the words; undefined where the core does not show them. */
  readonly hash: number | undefined;
}

/** What a board holds once a Program is on it: what does not change, and what it starts from. */
export interface Image {
  readonly code: readonly ImageBlock[];
  readonly state: readonly ImageBlock[];
}

/** Words of a block at most: what is sent again when one of them is missing. */
const MOST = 4096;

const REGION_NAMES = Object.keys(REGION) as Region[];

/** The image of a Program that begins with this seed. */
export function imageOf(loaded: LoadedProgram, seed: number): Image {
  const model = new CoreModel(loaded.configuration);
  const record = (load: (sink: { write(address: number, data: number): void }) => void) => {
    const written = new Map<number, number>();
    const write = (address: number, data: number): void => {
      written.set(address, data);
      model.write(address, data);
    };
    load({ write });
    return blocksOf(written, model);
  };
  return {
    code: record((sink) => loadCode(loaded, sink)),
    state: record((sink) => loadState(loaded, sink, seed)),
  };
}

/** Blocks of all words at these addresses, in the order of the addresses, as a core gives them back. */
export function blocksOf(written: ReadonlyMap<number, number>, model: CoreModel): ImageBlock[] {
  const addresses = Uint32Array.from(written.keys()).sort();
  const blocks: ImageBlock[] = [];
  for (let from = 0; from < addresses.length; ) {
    let to = from + 1;
    while (to - from < MOST && addresses[to] === addresses[from]! + to - from) to++;
    blocks.push(blockOf(addresses.subarray(from, to), written, model));
    from = to;
  }
  return blocks;
}

function blockOf(
  addresses: Uint32Array,
  written: ReadonlyMap<number, number>,
  model: CoreModel,
): ImageBlock {
  const address = addresses[0]!;
  const region = REGION_NAMES[address >>> 20]!;
  // A palette is written and never shown.
  const isShown = region !== 'palette';
  const words = isShown
    ? model.readAll(addresses)
    : addresses.map((a) => (written.get(a)! & 0xffffffff) >>> 0);
  return { region, address, words, hash: isShown ? hashWords(words) : undefined };
}
