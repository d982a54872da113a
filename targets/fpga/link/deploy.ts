import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { draw } from '../../../compiler/levels/numbers/draw.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import type { Inputs } from '../../../src/network/machine.js';
import { loadProgram } from '../machine/loaded.js';
import { CoreMachine } from '../machine/machine.js';
import { CoreModel } from '../model/core-model.js';
import type { ConnectedBoard } from './connect.js';
import { type Image, type ImageBlock, imageOf } from './image.js';

/** What a deployment did. */
export interface Deployment {
  /** Blocks of the image, and those that the board held already. */
  readonly blocks: number;
  readonly skipped: number;
  /** Steps after which the board and the emulator were found to agree. */
  readonly steps: number;
}

/** Hears how far it is: words of the image that are on the board, of all, and what is being done. */
export type DeployProgress = (done: number, words: number, doing: string) => void;

/** Steps of the smoke run. */
const SMOKE_STEPS = 16;

/** The seed of what a board starts from; `run` gives each episode its own. */
export const DEPLOY_SEED = 1;

/**
 * Puts a Program on a board: sends the blocks that it does not hold, by their hashes, has it hash those again, runs some steps
 * there and on the emulator, and puts back what they changed. Interrupted and called again, it goes on where it was.
 *
 * @throws LinkError; DiagnosticsError PL6030 where memory does not keep what was written, PL6031 where the board computes otherwise.
 */
export function deploy(
  { core }: Pick<ConnectedBoard, 'core'>,
  program: Program,
  progress: DeployProgress = () => undefined,
): Deployment {
  const image = imageOf(loadProgram(program), DEPLOY_SEED);
  const blocks = [...image.code, ...image.state];
  const words = wordsIn(blocks);
  progress(0, words, 'comparing');
  const missing = differing(core, blocks);
  let done = words - wordsIn(missing);
  for (const block of missing) {
    progress(done, words, `sending ${block.region}`);
    send(core, block);
    done += block.words.length;
  }
  core.flush();
  progress(words, words, 'reading back');
  checkKept(core, missing);
  progress(words, words, 'running');
  smoke(core, program);
  restoreState(core, image);
  return { blocks: blocks.length, skipped: blocks.length - missing.length, steps: SMOKE_STEPS };
}

/** Whether a board holds the code of an image. */
export const holdsCode = (core: ConnectedBoard['core'], { code }: Image): boolean =>
  differing(
    core,
    code.filter(({ hash }) => hash !== undefined),
  ).length === 0;

const wordsIn = (blocks: readonly ImageBlock[]): number =>
  blocks.reduce((sum, { words }) => sum + words.length, 0);

/** Blocks that the board does not hold, or does not show. */
function differing(core: ConnectedBoard['core'], blocks: readonly ImageBlock[]): ImageBlock[] {
  const shown = blocks.filter(({ hash }) => hash !== undefined);
  const hashes = core.hashes(shown.map(({ address, words }) => ({ address, count: words.length })));
  const held = new Set(shown.filter(({ hash }, i) => hash === hashes[i]));
  return blocks.filter((block) => !held.has(block));
}

function send(core: ConnectedBoard['core'], { address, words }: ImageBlock): void {
  for (const [i, word] of words.entries()) core.write(address + i, word);
}

function checkKept(core: ConnectedBoard['core'], blocks: readonly ImageBlock[]): void {
  const lost = differing(core, blocks).filter(({ hash }) => hash !== undefined);
  if (lost.length === 0) return;
  const notes = lost.slice(0, 8).map(({ region, address, words }) => {
    const index = address & 0xfffff;
    return `${region}, words ${index} to ${index + words.length - 1}`;
  });
  const { port } = core.link;
  fail(
    diagnostic(
      'PL6030',
      `${lost.length} ${lost.length === 1 ? 'block' : 'blocks'} of ${port} ${lost.length === 1 ? 'differs' : 'differ'} from what was sent`,
      {
        notes,
      },
    ),
  );
}

/** Runs some steps on the board and on the emulator, with inputs that are drawn. */
function smoke(core: ConnectedBoard['core'], program: Program): void {
  const board = new CoreMachine('board', program, core, 0, 'the Program');
  const emulator = new CoreMachine('emulator', program, new CoreModel(core.configuration), 0);
  emulator.reset({ seed: DEPLOY_SEED });
  for (let step = 0; step < SMOKE_STEPS; step++) {
    const inputs = drawnInputs(board, step);
    const [theirs, ours] = [board, emulator].map((machine) => machine.step(inputs));
    for (const [name, values] of Object.entries(ours!)) {
      const index = values.findIndex((value, i) => value !== theirs![name]![i]);
      if (index < 0) continue;
      const [got, expected] = [theirs![name]![index], values[index]];
      fail(
        diagnostic(
          'PL6031',
          `output ${index} of \`${name}\` is ${got} on ${core.link.port} in step ${step}, ${expected} on the emulator`,
        ),
      );
    }
  }
}

/** Values from −1 up to 1, the same in every deployment. */
function drawnInputs({ shape }: CoreMachine, step: number): Inputs {
  const real = (port: number, i: number): number => (draw(1, port, i, 0, step, 0) & 255) / 128 - 1;
  const values = shape.inputs.map(({ name, size }, port) => [
    name,
    Array.from({ length: size }, (_, i) => real(port, i)),
  ]);
  return { values: Object.fromEntries(values), modulator: real(shape.inputs.length, 0) };
}

function restoreState(core: ConnectedBoard['core'], { state }: Image): void {
  const changed = differing(core, state);
  for (const block of changed) send(core, block);
  core.flush();
  checkKept(core, changed);
}
