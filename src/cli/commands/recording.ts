import { type Command, Option } from 'commander';
import { RECORDING_ENDINGS } from '../../formats/inputs/endings.js';
import { collect, fileEnding, wholeNumber } from '../options.js';
import type { RecordingFlags } from '../recording.js';
import { isVcd, TRACE_ENDINGS } from '../trace-endings.js';

/** `--outputs`, `--trace`, `--signals` and `--every`; `trace` says what a trace shows. */
export const recordingOptions = (trace: string): readonly Option[] => [
  new Option('--outputs <file>', 'write the outputs of every step: .csv, .npy or .json').argParser(
    fileEnding(...RECORDING_ENDINGS),
  ),
  new Option('--trace <file>', trace).argParser(fileEnding(...TRACE_ENDINGS)),
  new Option(
    '--signals <name>',
    'only these in a .vcd: hidden, hidden.v, hidden.v[0..7]; several times for more',
  ).argParser(collect),
  new Option(
    '--every <number>',
    'in a .vcd, only every so many steps and the last of each episode (every step)',
  ).argParser(wholeNumber(1)),
];

/** Ends with a usage error where flags do not go together. */
export function checkRecording(
  { outputs, trace, signals, every }: RecordingFlags,
  self: Command,
): void {
  const isDump = trace !== undefined && isVcd(trace);
  const needs = (option: string): void =>
    self.error(`error: option '${option}' needs '--trace <file>' with a .vcd`);
  if (signals !== undefined && !isDump) needs('--signals <name>');
  if (every !== undefined && !isDump) needs('--every <number>');
  if (trace !== undefined && trace === outputs) {
    self.error('error: --trace and --outputs name one file');
  }
}
