import { setTimeout } from 'node:timers/promises';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { boardOf } from '../../../targets/fpga/link/connect.js';
import { planOf } from '../../../targets/fpga/link/plan.js';
import { openPort } from '../../../targets/fpga/link/ports.js';
import { type Deployed, deployPersistently } from '../../../targets/fpga/link/resume.js';
import { readBytes } from '../../formats/files.js';
import type { Outcome, Session } from '../session.js';
import { count, counted, duration } from '../text.js';

export interface DeployFlags {
  readonly port: string;
  readonly dryRun?: boolean;
}

/** Seconds in which a board whose cable was pulled must come back. */
const PATIENCE = 30;

/** Puts a Program on a board, or says what that would take. */
export async function deployCommand(
  file: string,
  { port, dryRun }: DeployFlags,
  session: Session,
): Promise<Outcome> {
  const started = session.clock();
  const program = decodeProgram(readBytes(file, 'the Program'), file);
  if (dryRun) return plan(program, file);
  const deployed = await deployTo(port, program, file, session);
  const seconds = session.clock() - started;
  session.say(describe(file, deployed, seconds));
  const { board, bytes, blocks, skipped, resumed } = deployed;
  return {
    json: { port: deployed.port, board, bytes, seconds, verified: true, blocks, skipped, resumed },
  };
}

/** Deploys with progress, and waits for a board that is lost on the way. */
export async function deployTo(
  port: string,
  program: Program,
  file: string,
  session: Session,
): Promise<Deployed> {
  const started = session.clock();
  // Words that were there at the first look.
  let first: number | undefined;
  return deployPersistently(program, file, {
    open: () => openPort(port, program, file, { isLoaded: true }),
    progress: (done, words, doing) => {
      if (doing !== 'comparing') first ??= done;
      const seconds = session.clock() - started;
      const sent = done - (first ?? done);
      const rate = seconds > 0 && sent > 0 ? `, ${count(Math.round(sent / seconds))} words/s` : '';
      session.progress(`${doing}: ${count(done)} of ${count(words)} words${rate}`);
    },
    lost: ({ kind }, left) =>
      session.progress(`the board is ${kind}: waiting ${left.toFixed(0)} s for it to come back`),
    sleep: (seconds) => setTimeout(1000 * seconds),
    patience: PATIENCE,
  });
}

function plan(program: Program, file: string): Outcome {
  const { name, usb } = boardOf(program, file);
  const { image, blocks, words, bytes, requests, seconds } = planOf(program, file);
  const regions = new Map<string, number>();
  for (const { region, words: held } of [...image.code, ...image.state]) {
    regions.set(region, (regions.get(region) ?? 0) + held.length);
  }
  const lines = [...regions].map(([region, held]) => `  ${region.padEnd(13)}${count(held)} words`);
  return {
    json: { port: null, board: name, bytes, seconds, verified: false, blocks, words, requests },
    text: [
      `${name}: ${counted(words, 'word')} in ${counted(blocks, 'block')}`,
      ...lines,
      `at most ${counted(bytes, 'byte')} to send, comparing and reading back included: ${duration(seconds)} at ${count(usb.baud)} bits per second,`,
      `and the latency of the adapter for each of ${counted(requests, 'request')}; what the board holds already is not sent`,
    ].join('\n'),
  };
}

function describe(file: string, deployed: Deployed, seconds: number): string {
  const { port, board, bytes, blocks, skipped, steps } = deployed;
  const at = port === board ? board : `${board} at ${port}`;
  return [
    `${file} is deployed to ${at}`,
    `sent         ${counted(bytes, 'byte')} in ${duration(seconds)}; ${counted(blocks, 'block')}, ${count(skipped)} of them there already`,
    `read back    every hash is that of what was sent`,
    `run          ${counted(steps, 'step')} with the outputs of the emulator`,
  ].join('\n');
}
