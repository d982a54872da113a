import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board } from '../boards/board.js';
import { boards } from '../boards/index.js';
import type { CoreConfiguration } from '../configuration.js';
import { type CorePlan, planCore } from '../encode/plan.js';
import type { SelectedNetwork } from '../encode/selected.js';
import { cyclesOf } from '../encode/sequence.js';
import { type MemoryUse, memoriesOf, useOf } from './memories.js';

/** A core on a board with a network laid out for it. */
export interface Fit {
  readonly core: CoreConfiguration;
  readonly plan: CorePlan;
  /** Of the slowest step. */
  readonly cycles: number;
  readonly use: MemoryUse;
  /** Whether the board has these memories. */
  readonly fits: boolean;
}

/**
 * The board's own core, and those with fewer lanes or units, which take no more logic: the widest first. Then the same with
 * memories that grow from nothing to what a network needs.
 */
export function coresOf({ core }: Board): readonly CoreConfiguration[] {
  const halves = (most: number): number[] => (most >= 1 ? [most, ...halves(most / 2)] : []);
  const cores = halves(core.lanes).flatMap((lanes) =>
    halves(core.units).map((units): CoreConfiguration => {
      // Fewer lanes have as many synapses together.
      const weightWords = (core.weightWords * core.lanes) / lanes;
      return { ...core, lanes, units, weightWords };
    }),
  );
  return [...cores, ...cores.map((own) => ({ ...own, ...LEAST }))];
}

/** Memories with hardly a word, and these narrow. */
const LEAST = {
  coefficients: 0,
  weightWords: 4,
  fieldWords: 4,
  messageAddress: 2,
  // Verilator builds no core with 16 words of code or fewer.
  codeWords: 64,
  controlWords: 16,
} as const satisfies Partial<CoreConfiguration>;

/** A network on a core of a board. Throws what `planCore` does. */
export function fitOf(network: SelectedNetwork, board: Board, core: CoreConfiguration): Fit {
  const plan = planCore(network, core);
  const use = memoryUse(plan.configuration, board);
  const cycles = cyclesOf(plan.commands, plan.configuration);
  return { core, plan, cycles, use, fits: hasRoom(board, use) };
}

/** Whether a board has so many blocks. */
const hasRoom = ({ resources }: Board, { blockRams, singlePortRams }: MemoryUse): boolean =>
  blockRams <= resources.blockRams && singlePortRams <= resources.singlePortRams;

/**
 * The network on the core among some of which the slowest step takes fewest cycles; the first of equals.
 *
 * @throws DiagnosticsError PL3057 where it fits none, with what the first lacks and what would do; else what the first core throws.
 */
export function fastest(
  network: SelectedNetwork,
  board: Board,
  cores: readonly CoreConfiguration[],
): CorePlan {
  const fits = cores.flatMap((core) => attempt(network, board, core) ?? []).filter((f) => f.fits);
  if (fits.length > 0) {
    return fits.reduce((best, fit) => (fit.cycles < best.cycles ? fit : best)).plan;
  }
  return tooLarge(network, board, fitOf(network, board, cores[0]!));
}

/** A network on a core; undefined where it is refused. */
function attempt(network: SelectedNetwork, board: Board, core: CoreConfiguration): Fit | undefined {
  try {
    return fitOf(network, board, core);
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

function tooLarge(network: SelectedNetwork, board: Board, { plan, use }: Fit): never {
  const { resources, name } = board;
  const { configuration } = plan;
  const lacks = [
    [use.blockRams, resources.blockRams, `block RAMs of ${resources.blockRamBits} bits`],
    [use.singlePortRams, resources.singlePortRams, 'memories with one port'],
  ] as const;
  const what = lacks
    .filter(([need, has]) => need > has)
    .map(([need, has, kind]) => `${need} ${kind}, of which ${name} has ${has}`);
  const largest = memoriesOf(configuration)
    .map((memory) => ({ ...memory, ...useOf(memory, board.chip.family, resources) }))
    .sort((x, y) => y.blockRams - x.blockRams)
    .slice(0, 3)
    .map((m) => `${m.name} take ${m.blockRams} (${m.count} of ${m.words} × ${m.width} bits)`);
  const message = `${network.fixed.name} needs ${what.join(', and ')}`;
  fail(
    diagnostic('PL3057', message, { notes: largest, help: nearest(network, board, configuration) }),
  );
}

/** The first change that would make room: fewer lanes or units, narrower coefficients, a palette, another board. */
function nearest(network: SelectedNetwork, board: Board, configuration: CoreConfiguration): string {
  const isRoom = (core: CoreConfiguration): boolean => hasRoom(board, memoryUse(core, board));
  const { coefficientBits, paletteBits } = configuration;
  const own = coresOf(board).find((core) => attempt(network, board, core)?.fits === true);
  if (own) return `it fits with --lanes ${own.lanes} --units ${own.units}`;
  if (coefficientBits > 4 && isRoom({ ...configuration, coefficientBits: 4 })) {
    return '--coefficient-bits 4 would fit';
  }
  const learning = network.fixed.projections.filter((p) => (p.rule?.coefficients.length ?? 0) > 0);
  const each = Math.max(1, Math.floor(16 / Math.max(1, learning.length)));
  if (paletteBits === 0 && isRoom({ ...configuration, paletteBits: 4 })) {
    return `coefficients from a palette would fit: --palette ${each} --parameters PALETTE_BITS=4`;
  }
  const larger = boards.find((other) =>
    coresOf(other).some((core) => attempt(network, other, core)?.fits === true),
  );
  return larger ? `it fits ${larger.name}` : 'make populations smaller; it fits no board';
}

/** The blocks that the memories of a core take on a board. */
export function memoryUse(configuration: CoreConfiguration, { chip, resources }: Board): MemoryUse {
  const uses = memoriesOf(configuration).map((m) => useOf(m, chip.family, resources));
  return {
    blockRams: uses.reduce((sum, u) => sum + u.blockRams, 0),
    singlePortRams: uses.reduce((sum, u) => sum + u.singlePortRams, 0),
  };
}
