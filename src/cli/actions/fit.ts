import { calibrate } from '../../../runtime/calibrate/calibrate.js';
import { createHostMachine } from '../../../runtime/host/host.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { taskDrive } from '../../../runtime/verify/drive.js';
import { scoreOf } from '../../../runtime/verify/score.js';
import { clockOf } from '../../../targets/fpga/bitstream/top.js';
import type { Board } from '../../../targets/fpga/boards/board.js';
import { boardNamed } from '../../../targets/fpga/boards/index.js';
import {
  type DesignPoint,
  designPoints,
  quantisedDesigns,
} from '../../../targets/fpga/fit/space.js';
import { alignTable } from '../../report/text-table.js';
import { taskOf } from '../../tasks/registry.js';
import { CALIBRATION_SEED } from '../../train/train-on.js';
import { readModel } from '../models.js';
import type { Outcome, Session } from '../session.js';
import { count, score } from '../text.js';

export interface FitFlags {
  readonly board: string;
  readonly fit: string;
  readonly task?: string;
}

/** A design point with the score of its integers. */
interface Scored extends DesignPoint {
  readonly palette: number | undefined;
  readonly score: number;
}

/** Every core of a board that could hold a model: lanes, units, widths, with time, memory and score. */
export function fitCommand({ board: name, fit, task: named }: FitFlags, session: Session): Outcome {
  const board = boardNamed(name);
  const { network } = readModel(fit, session);
  const task = taskOf(named ?? network.name);
  const { seed = CALIBRATION_SEED } = session.flags;
  session.progress('calibrating');
  const calibration = calibrate(network, task, { seed });
  const drive = taskDrive(task, { seed });
  const points = quantisedDesigns(network, board, calibration).flatMap((design): Scored[] => {
    const { weightBits, coefficientBits, paletteBits } = design.widths;
    session.progress(
      `weights of ${weightBits}, coefficients of ${coefficientBits} bits, palette ${paletteBits}`,
    );
    const own = scoreOf(createIntegerHost(design.micro), drive, 0);
    return designPoints(board, design).map((point) => ({
      ...point,
      palette: design.options.palette,
      score: own,
    }));
  });
  const float = scoreOf(createHostMachine(network), drive, 0);
  return {
    json: { board: board.name, model: fit, task: task.name, score: float, points },
    text: [
      `${network.name} on ${board.about}, ${clockOf(board)} MHz; the model itself scores ${score(float)} in ${task.name}`,
      '',
      alignTable(tableOf(points, board), 'right'),
      '',
      chosen(points, board),
    ].join('\n'),
  };
}

function tableOf(points: readonly Scored[], { resources }: Board): string[][] {
  const head = [
    'lanes × units',
    'weights',
    'coefficients',
    'cycles',
    'µs',
    'block RAMs',
    'SPRAM',
    'score',
    '',
  ];
  return [
    head,
    ...points.map((p) => {
      const { weightBits, coefficientBits, paletteBits } = p.widths;
      const coefficients =
        paletteBits > 0
          ? `${2 ** paletteBits} of ${coefficientBits} bits`
          : `${coefficientBits} bits`;
      const shape = [`${p.lanes} × ${p.units}`, `${weightBits} bits`, coefficients];
      if (p.refused !== undefined) return [...shape, '', '', '', '', '', p.refused];
      return [
        ...shape,
        count(p.cycles),
        p.microseconds.toPrecision(3),
        `${p.blockRams} of ${resources.blockRams}`,
        `${p.singlePortRams} of ${resources.singlePortRams}`,
        score(p.score),
        p.fits ? 'fits' : 'too large',
      ];
    }),
  ];
}

/** The command line that compiles for the fastest of the best: what is within 1 % of the best score. */
function chosen(points: readonly Scored[], board: Board): string {
  const fitting = points.filter((p) => p.fits);
  if (fitting.length === 0) return `nothing fits ${board.name}`;
  const best = Math.max(...fitting.map((p) => p.score));
  const good = fitting.filter((p) => p.score >= best - 0.01 * Math.abs(best));
  const { lanes, units, widths, palette } = good.reduce((a, b) => (b.cycles < a.cycles ? b : a));
  const { weightBits, coefficientBits, paletteBits } = widths;
  const shared = palette === undefined ? '' : ` --palette ${palette}`;
  return `fastest within 1 % of the best score: plastron compile MODEL --target fpga:${board.name} --lanes ${lanes} --units ${units} --weight-bits ${weightBits} --coefficient-bits ${coefficientBits}${shared} --parameters PALETTE_BITS=${paletteBits} -o PROGRAM`;
}
