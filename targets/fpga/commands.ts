import { pack } from './instructions.js';

/** What the sequencer does next. Layout: rtl/commands.v. */
export type CoreCommand =
  | {
      readonly kind: 'sweep';
      /** Presynaptic neurons and where their messages begin, in words of a frame. */
      readonly rows: number;
      readonly messages: number;
      /** Steps between sending and arriving. */
      readonly delay: number;
      /** Postsynaptic slots, lanes that the last of them fills. */
      readonly slots: number;
      readonly lastLanes: number;
      readonly weights: number;
      readonly fields: number;
      readonly pages: number;
      /** Where the sum goes, and the bits that it loses. */
      readonly sum: { readonly page: number; readonly bank: number; readonly shift: number };
      /** Where its rule begins, and its passes. */
      readonly code: number;
      readonly passes: number;
      readonly draws: number;
      /** While learning: rows count where one of payload (1), x0 (2), x1 (4) is not 0; undefined: all count. */
      readonly chosen: number | undefined;
      readonly scale:
        | { readonly kind: 'max' | 'pow2'; readonly index: number; readonly unit: number }
        | undefined;
      /** Bit of the masks of learning. */
      readonly learnBit: number;
      /** The projection's number, for draws. */
      readonly projection: number;
      /** Cycles between the end of the walk before and the beginning of this one. */
      readonly wait: number;
    }
  | {
      readonly kind: 'neurons';
      readonly slots: number;
      readonly lastLanes: number;
      readonly messages: number;
      readonly fields: number;
      readonly pages: number;
      /** Banks whose words are sent. */
      readonly sends: { readonly payload: number; readonly x0: number; readonly x1: number };
      readonly code: number;
      readonly passes: number;
      readonly wait: number;
    }
  | { readonly kind: 'end' };

/** Commands by kind. */
export type SweepCommand = Extract<CoreCommand, { readonly kind: 'sweep' }>;
export type NeuronsCommand = Extract<CoreCommand, { readonly kind: 'neurons' }>;

/** Words of a command, and addresses that it takes. */
export const COMMAND_WORDS = 7;
export const COMMAND_STRIDE = 8;

const SCALE_KINDS = ['none', 'max', 'pow2'] as const;

/** The words of a command. */
export function encodeCommand(command: CoreCommand): number[] {
  switch (command.kind) {
    case 'end':
      return [0, 0, 0, 0, 0, 0, 0];
    case 'neurons': {
      const { sends } = command;
      return [
        2,
        pack([
          [0, 16],
          [command.lastLanes, 5],
        ]),
        pack([
          [command.slots, 16],
          [command.messages, 16],
        ]),
        0,
        pack([
          [command.fields, 16],
          [command.pages - 1, 2],
          [sends.payload, 2],
          [sends.x0, 2],
          [sends.x1, 2],
        ]),
        pack([
          [command.code, 16],
          [command.passes, 5],
        ]),
        pack([
          [0, 16],
          [command.wait, 16],
        ]),
      ];
    }
    case 'sweep': {
      const { scale, sum } = command;
      return [
        pack([
          [1, 2],
          [scale ? SCALE_KINDS.indexOf(scale.kind) : 0, 2],
          [scale?.index ?? 0, 4],
          [scale?.unit ?? 0, 4],
          [command.draws, 2],
          [command.chosen ?? 0, 3],
          [command.chosen === undefined ? 0 : 1, 1],
          [command.learnBit, 4],
          [command.delay, 4],
        ]),
        pack([
          [command.rows, 16],
          [command.lastLanes, 5],
        ]),
        pack([
          [command.slots, 16],
          [command.messages, 16],
        ]),
        command.weights,
        pack([
          [command.fields, 16],
          [command.pages - 1, 2],
          [sum.page, 2],
          [sum.bank, 2],
          [sum.shift, 5],
        ]),
        pack([
          [command.code, 16],
          [command.passes, 5],
        ]),
        pack([
          [command.projection, 16],
          [command.wait, 16],
        ]),
      ];
    }
  }
}

/** The command of its words; undefined where they are none. */
export function decodeCommand(words: ArrayLike<number>): CoreCommand | undefined {
  const field = (word: number, low: number, bits: number): number =>
    (words[word]! >>> low) & (2 ** bits - 1);
  const shared = {
    slots: field(2, 0, 16),
    lastLanes: field(1, 16, 5),
    messages: field(2, 16, 16),
    fields: field(4, 0, 16),
    pages: field(4, 16, 2) + 1,
    code: field(5, 0, 16),
    passes: field(5, 16, 5),
    wait: field(6, 16, 16),
  };
  switch (field(0, 0, 2)) {
    case 0:
      return { kind: 'end' };
    case 1: {
      const kind = SCALE_KINDS[field(0, 2, 2)];
      if (kind === undefined) return undefined;
      return {
        kind: 'sweep',
        ...shared,
        rows: field(1, 0, 16),
        delay: field(0, 22, 4),
        weights: words[3]! >>> 0,
        sum: { page: field(4, 18, 2), bank: field(4, 20, 2), shift: field(4, 22, 5) },
        draws: field(0, 12, 2),
        chosen: field(0, 17, 1) === 1 ? field(0, 14, 3) : undefined,
        scale: kind === 'none' ? undefined : { kind, index: field(0, 4, 4), unit: field(0, 8, 4) },
        learnBit: field(0, 18, 4),
        projection: field(6, 0, 16),
      };
    }
    case 2:
      return {
        kind: 'neurons',
        ...shared,
        sends: { payload: field(4, 18, 2), x0: field(4, 20, 2), x1: field(4, 22, 2) },
      };
    default:
      return undefined;
  }
}
