import {
  type Diagnostic,
  DiagnosticsError,
  fail,
} from '../../../compiler/diagnostics/diagnostic.js';
import type { Board } from '../boards/board.js';
import { ICE40_PACKAGES } from '../tools/nextpnr-ice40.js';
import { type Texts, verilogSources } from '../tools/sources.js';
import { folderOf } from './folder.js';
import { type Ice40, pack, place } from './place.js';
import { countCells, type Netlist, synthesise } from './synthesise.js';
import { clockOf, topText } from './top.js';
import { fitProblems, leastUsed, tooSlow, type Utilisation, utilisationOf } from './utilisation.js';

/** What `buildBitstream` made, with what the circuit takes of the chip. */
export interface Bitstream {
  /** The bytes that the board loads; or the files from which tools that npm does not have make them. */
  readonly product:
    | { readonly kind: 'file'; readonly bytes: Uint8Array }
    | { readonly kind: 'folder'; readonly files: Texts };
  /** As placed; for a folder as synthesised, which other tools pack a little differently. */
  readonly used: Utilisation;
  /** Megahertz that the placed circuit reaches; null for a folder. */
  readonly megahertz: number | null;
  /** Megahertz of the clock of the core. */
  readonly clockMegahertz: number;
  /** Of the placement. */
  readonly seed: number;
}

export interface BitstreamOptions {
  /** Of placements: another one gives other bits of the same circuit. The first that reaches the clock is taken. */
  readonly seeds: readonly number[];
  /** Hears what is going on, many times a second. */
  readonly progress?: (stage: string) => void;
  /** The circuit by file name; that of the package when absent. */
  readonly sources?: Texts;
}

const TOP = 'plastron_board.v';

/**
 * Makes the bitstream of a board: for iCE40 with packages of npm alone, for other families a folder with a script. The same
 * board, seed and versions of the packages give the same bytes.
 *
 * @throws DiagnosticsError PL3052 (clock), PL3053 (does not fit), PL3054 (too slow), PL5501 (package missing), PL5502 (tool).
 */
export async function buildBitstream(board: Board, options: BitstreamOptions): Promise<Bitstream> {
  const { chip } = board;
  const clock = clockOf(board);
  stopAt(fitProblems(board, leastUsed(board)));
  const sources = { ...(options.sources ?? verilogSources()), [TOP]: topText(board) };
  const hear = (line: string): void => {
    const pass = /^[\d.]+ Executing (.+?)\.?$/.exec(line)?.[1];
    if (pass !== undefined) options.progress?.(`synthesis: ${pass}`);
  };
  if (chip.family === 'ice40') {
    const netlist = await synthesise({ board, sources, needed: ICE40_PACKAGES, onLine: hear });
    return placed(board, chip, netlist, clock, options);
  }
  const cells = await countCells({ board, sources, needed: ['yosys'], onLine: hear });
  const used = utilisationOf(chip.family, cells);
  stopAt(fitProblems(board, used));
  const seed = options.seeds[0]!;
  const files = folderOf(board, sources, clock, seed);
  return { product: { kind: 'folder', files }, used, megahertz: null, clockMegahertz: clock, seed };
}

async function placed(
  board: Board,
  chip: Ice40,
  netlist: Netlist,
  clock: number,
  { seeds, progress }: BitstreamOptions,
): Promise<Bitstream> {
  let fastest = 0;
  for (const [tried, seed] of seeds.entries()) {
    const before =
      tried === 0
        ? ''
        : ` ${tried + 1} of at most ${seeds.length}, ${fastest.toFixed(2)} MHz so far`;
    let stage = 'placement';
    const hear = (line: string): void => {
      if (/^Info: Routing/.test(line)) stage = 'routing';
      progress?.(`${stage}${before}`);
    };
    const { used, routed } = await place(board, chip, netlist, { clock, seed }, hear);
    stopAt(fitProblems(board, used));
    if (!routed) throw new Error('a circuit that fits was not routed');
    const { asc, megahertz } = routed;
    if (megahertz >= clock) {
      const product = { kind: 'file', bytes: await pack(asc) } as const;
      return { product, used, megahertz, clockMegahertz: clock, seed };
    }
    fastest = Math.max(fastest, megahertz);
  }
  return fail(tooSlow(board, clock, fastest, seeds));
}

/** Throws the problems, where there are any. */
export function stopAt(problems: readonly Diagnostic[]): void {
  if (problems.length > 0) throw new DiagnosticsError(problems);
}
