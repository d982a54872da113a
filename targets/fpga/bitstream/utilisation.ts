import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board, Family, Resources } from '../boards/board.js';

/** What a circuit takes of each kind of resource that the boards list. */
export type Utilisation = Readonly<
  Record<'logicCells' | 'blockRams' | 'singlePortRams' | 'multipliers', number>
>;

/** Cells of a kind of resource by name, with what one of them counts. */
type Counts = Readonly<Record<keyof Utilisation, readonly (readonly [cell: RegExp, of: number])[]>>;

const COUNTS: Readonly<Record<Family, Counts>> = {
  ice40: {
    logicCells: [[/^SB_LUT4$/, 1]],
    blockRams: [[/^SB_RAM40_4K/, 1]],
    singlePortRams: [[/^SB_SPRAM256KA$/, 1]],
    multipliers: [[/^SB_MAC16$/, 1]],
  },
  ecp5: {
    logicCells: [
      [/^LUT4$/, 1],
      [/^CCU2C$/, 2],
      // Four cells that hold bits, and two that write them.
      [/^TRELLIS_DPR16X4$/, 6],
    ],
    blockRams: [[/^(DP16KD|PDPW16KD)$/, 1]],
    singlePortRams: [],
    multipliers: [[/^MULT18X18D$/, 1]],
  },
  xilinx: {
    logicCells: [
      [/^LUT[1-6]$/, 1],
      [/^(RAM32M|RAM64M|RAM128X1D)$/, 4],
      [/^(RAM32X1D|RAM64X1D|RAM128X1S)$/, 2],
      [/^(SRL16E|SRLC32E)$/, 1],
    ],
    blockRams: [
      [/^RAMB18E1$/, 1],
      [/^RAMB36E1$/, 2],
    ],
    singlePortRams: [],
    multipliers: [[/^DSP48E1$/, 1]],
  },
  gowin: {
    logicCells: [
      [/^LUT[1-4]$/, 1],
      [/^ALU$/, 1],
      [/^RAM16SDP4$/, 6],
    ],
    blockRams: [[/^(SDP|SDPX9|DP|DPX9|SP|SPX9|pROM|pROMX9)B?$/, 1]],
    singlePortRams: [],
    multipliers: [[/^MULT18X18$/, 1]],
  },
};

/** What the cells of a netlist take, before a tool packs them. */
export function utilisationOf(
  family: Family,
  cells: Readonly<Record<string, number>>,
): Utilisation {
  const count = (kinds: Counts[keyof Utilisation]): number =>
    Object.entries(cells).reduce((sum, [name, number]) => {
      const kind = kinds.find(([cell]) => cell.test(name));
      return sum + (kind ? kind[1] * number : 0);
    }, 0);
  const { logicCells, blockRams, singlePortRams, multipliers } = COUNTS[family];
  return {
    logicCells: count(logicCells),
    blockRams: count(blockRams),
    singlePortRams: count(singlePortRams),
    multipliers: count(multipliers),
  };
}

/** What the core of a board takes at least, before it is synthesised: a multiplier in each unit, and one that accumulates. */
export function leastUsed({ core, resources }: Board): Utilisation {
  const multipliers = resources.multipliers > 0 ? core.lanes * (core.units + 1) : 0;
  return { logicCells: 0, blockRams: 0, singlePortRams: 0, multipliers };
}

const KINDS: readonly (readonly [keyof Utilisation & keyof Resources, string])[] = [
  ['logicCells', 'logic cells'],
  ['blockRams', 'block RAMs'],
  ['singlePortRams', 'memories with one port'],
  ['multipliers', 'multipliers'],
];

/** PL3053 for each kind of resource of which the circuit needs more than the board has. */
export function fitProblems(board: Board, used: Utilisation): readonly Diagnostic[] {
  return KINDS.filter(([kind]) => used[kind] > board.resources[kind]).map(([kind, name]) => {
    const message = `the core needs ${used[kind]} ${name}, ${board.name} has ${board.resources[kind]}`;
    return diagnostic('PL3053', message, { help: HELP[kind] });
  });
}

const HELP: Readonly<Record<keyof Utilisation, string>> = {
  logicCells: 'fewer lanes or units: --parameters LANES=2,UNITS=1',
  blockRams: 'room for fewer synapses: --parameters WEIGHT_WORDS=1024',
  singlePortRams: '--parameters SINGLE_PORT=0',
  multipliers: 'fewer lanes or units: --parameters LANES=2,UNITS=1',
};

/** PL3054 for a circuit that no placement made as fast as its clock; `reached` in megahertz is what the best one did. */
export function tooSlow(
  { name }: Board,
  clock: number,
  reached: number,
  seeds: readonly number[],
): Diagnostic {
  const message = `the core reaches ${reached.toFixed(2)} MHz on ${name}, its clock has ${clock.toFixed(2)} MHz`;
  const help = `--megahertz ${Math.floor(reached)}, or another placement: --seed ${Math.max(...seeds) + 1}`;
  return diagnostic('PL3054', message, { help });
}
