import type { Calibration } from '../../../compiler/analysis/calibration.js';
import { lower } from '../../../compiler/compile.js';
import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import type { Network } from '../../../src/network/network.js';
import { clockOf } from '../bitstream/top.js';
import type { Board } from '../boards/board.js';
import { capabilitiesOf } from '../boards/capabilities.js';
import type { CoreConfiguration } from '../configuration.js';
import { SelectedNetwork } from '../encode/selected.js';
import { coresOf, fitOf } from './choose.js';

/** Widths that are tried: of weights, of coefficients, and the vectors that a palette holds, if any. */
export interface Widths {
  readonly weightBits: number;
  readonly coefficientBits: number;
  readonly paletteBits: number;
}

/** A network in some widths: the integers are the same on every core. */
export interface QuantisedDesign {
  readonly widths: Widths;
  readonly options: Partial<CompileOptions>;
  readonly micro: MicroProgram;
}

/** A core on the board with a network in it. */
export interface DesignPoint {
  readonly widths: Widths;
  readonly lanes: number;
  readonly units: number;
  /** Of the slowest step. */
  readonly cycles: number;
  readonly microseconds: number;
  readonly blockRams: number;
  readonly singlePortRams: number;
  readonly fits: boolean;
  /** Why there is nothing to count: the codes of what is refused. */
  readonly refused: string | undefined;
}

/** Weights of 8 bits, and what may lie beside them. */
const WIDTHS: readonly Widths[] = [
  { weightBits: 8, coefficientBits: 16, paletteBits: 0 },
  { weightBits: 8, coefficientBits: 8, paletteBits: 0 },
  { weightBits: 8, coefficientBits: 4, paletteBits: 0 },
  { weightBits: 8, coefficientBits: 8, paletteBits: 4 },
  { weightBits: 12, coefficientBits: 8, paletteBits: 0 },
];

/** A network in each of the widths that are tried; those that are refused are left out. */
export function quantisedDesigns(
  network: Network,
  board: Board,
  calibration: Calibration,
): readonly QuantisedDesign[] {
  return WIDTHS.flatMap((widths) => {
    const { paletteBits, ...bits } = widths;
    const rules = network.projections.filter((p) => p.rule).length;
    const palette = Math.max(1, Math.floor(2 ** paletteBits / Math.max(1, rules)));
    const options = paletteBits > 0 ? { ...bits, palette } : bits;
    const micro = microOf(network, board, calibration, options);
    return micro ? [{ widths, options, micro }] : [];
  });
}

/** The network compiled for the board as if there were room for everything; undefined where it is refused. */
function microOf(
  network: Network,
  board: Board,
  calibration: Calibration,
  options: Partial<CompileOptions>,
): MicroProgram | undefined {
  const { limits, ...abilities } = capabilitiesOf(board);
  const plenty = { value: 2 ** 40, source: 'looked at later' };
  const room = { ...limits, neuronsPerCore: plenty, synapseBitsPerCore: plenty };
  const chip = { name: `fpga:${board.name}`, capabilities: { ...abilities, limits: room } };
  try {
    return lower(network, chip, calibration, options).micro;
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}

/** Every core of a board with a design in it, the fastest first. */
export function designPoints(
  board: Board,
  { widths, micro }: QuantisedDesign,
): readonly DesignPoint[] {
  const { paletteBits } = widths;
  const network = new SelectedNetwork(micro);
  const points = coresOf(board).map((own) =>
    pointOf(board, { ...own, paletteBits }, widths, network),
  );
  // Of a core twice, as the board has it and made to measure: the first that fits.
  const isFirst = (point: DesignPoint): boolean => {
    const same = points.filter((p) => p.lanes === point.lanes && p.units === point.units);
    return point === (same.find((p) => p.fits) ?? same[0]);
  };
  return points.filter(isFirst).sort((x, y) => x.cycles - y.cycles);
}

function pointOf(
  board: Board,
  core: CoreConfiguration,
  widths: Widths,
  network: SelectedNetwork,
): DesignPoint {
  const { lanes, units } = core;
  try {
    const { cycles, use, fits } = fitOf(network, board, core);
    const microseconds = cycles / clockOf(board);
    return { widths, lanes, units, cycles, microseconds, ...use, fits, refused: undefined };
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const refused = [...new Set(error.diagnostics.map((d) => d.code))].join(', ');
    const nothing = { cycles: 0, microseconds: 0, blockRams: 0, singlePortRams: 0, fits: false };
    return { widths, lanes, units, ...nothing, refused };
  }
}
