import type { SweepCommand } from '../commands.js';
import { type CoreConfiguration, frameWords } from '../configuration.js';
import type { CoreMemory } from './memory.js';

/** An item of a sweep's walk. */
export interface Walk {
  /** Cycles of walking before it. */
  readonly moment: number;
  readonly slot: number;
  readonly row: number;
  readonly payload: number;
  readonly x0: number;
  readonly x1: number;
  /** No row counts: it only ends the slot. */
  readonly empty: boolean;
  /** The last of its slot. */
  readonly last: boolean;
}

/** The rows of a sweep that count, in order, as rtl/rows.v gives them: a word without any costs a cycle. */
export function rowsOf(
  command: SweepCommand,
  learns: boolean,
  memory: CoreMemory,
  configuration: CoreConfiguration,
  step: number,
): Walk[] {
  const { lanes, frameBits } = configuration;
  const inFrame = frameWords(configuration);
  const frames = 2 ** frameBits;
  const frameOf = (time: number): number => (((time % frames) + frames) % frames) * inFrame;
  const payloads = frameOf(step - command.delay);
  const traces = frameOf(step - 1);
  const chosen = learns ? command.chosen : 1;
  const walk: Walk[] = [];
  let moment = 0;
  const words = Math.ceil(command.rows / lanes);
  for (let slot = 0; slot < command.slots; slot++) {
    for (let word = 0; word < words; word++) {
      const message = (command.messages + word) % inFrame;
      const found: Walk[] = [];
      for (let lane = 0; lane < lanes && word * lanes + lane < command.rows; lane++) {
        const payload = memory.payload(lane, payloads + message);
        const x0 = memory.xOf(lane, traces + message, 0);
        const x1 = memory.xOf(lane, traces + message, 1);
        const counts =
          chosen === undefined ||
          ((chosen & 1) !== 0 && payload !== 0) ||
          ((chosen & 2) !== 0 && x0 !== 0) ||
          ((chosen & 4) !== 0 && x1 !== 0);
        if (!counts) continue;
        const row = word * lanes + lane;
        found.push({
          moment: moment + found.length,
          slot,
          row,
          payload,
          x0,
          x1,
          empty: false,
          last: false,
        });
      }
      const ends = word + 1 === words;
      const nothing = { slot, row: word * lanes, payload: 0, x0: 0, x1: 0 };
      if (ends && found.length > 0) found[found.length - 1] = { ...found.at(-1)!, last: true };
      if (ends && found.length === 0) walk.push({ ...nothing, moment, empty: true, last: true });
      walk.push(...found);
      moment += Math.max(1, found.length);
    }
  }
  return walk;
}
