import { z } from 'zod';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import {
  type Format,
  maximumOf,
  minimumOf,
  scaleOf,
  toReal,
} from '../../../compiler/levels/numbers/format.js';
import { scaleReal } from '../../../compiler/levels/numbers/scale.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { sha256 } from '../../../compiler/levels/program/sha256.js';
import { TOOL } from '../../../compiler/tool.js';
import { issueText, parseJson } from '../../../src/formats/json.js';
import type { Machine, Probe } from '../../../src/network/machine.js';
import { describeProbe, findProbe, sameProbe } from '../../../src/network/probes.js';
import type { CoreConfiguration } from '../configuration.js';
import { configurationOf } from '../encode/parameters.js';
import { CoreMachine } from '../machine/machine.js';
import { addressIn, REGION, REGISTER } from '../memory-map.js';
import { addressesOfAll } from './virtual-board.js';

const storedProbe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['weight', 'stored', 'scale']), projection: z.string() }),
  z.strictObject({ kind: z.literal('synapse'), projection: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal('variable'), population: z.string(), name: z.string() }),
]);

const shape = z.strictObject({
  schema: z.literal('plastron-board-checkpoint-1'),
  tool: z.string(),
  target: z.string(),
  /** SHA-256 of the Program. */
  program: z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256 in hexadecimal'),
  /** What all draws follow from. */
  seed: z.number().int(),
  step: z.number().int().nonnegative(),
  /** What was learned, and every trace and variable, in real values. */
  state: z.array(z.strictObject({ probe: storedProbe, values: z.array(z.number()) })),
  /** Every word of the core that a step may change, messages under way among them: `stateAddresses`; base 64, least byte first. */
  words: z.string(),
});

/** What a board has come to: enough to go on from, bit for bit. */
export type BoardCheckpoint = z.infer<typeof shape>;

/** Memories that a step leaves as they are. */
const CONSTANT: ReadonlySet<number> = new Set(
  (['code', 'passes', 'control', 'coefficients', 'palette'] as const).map((name) => REGION[name]),
);
const FIXED_REGISTERS: ReadonlySet<number> = new Set([
  REGISTER.command,
  REGISTER.status,
  // Counters tell of what was done on this board.
  REGISTER.cycles,
  REGISTER.cyclesHigh,
  REGISTER.stalls,
  REGISTER.saturations,
  REGISTER.identity,
]);

/** The addresses of all words of a core that a step may change. */
function stateAddresses(configuration: CoreConfiguration): Uint32Array {
  return addressesOfAll(configuration).filter((address) => {
    const region = address >>> 20;
    return region === REGION.registers ? !FIXED_REGISTERS.has(address) : !CONSTANT.has(region);
  });
}

/** What the core of a machine has come to; what it had still to learn it learns first. `bytes`: of its Program. */
export function checkoutOf(machine: CoreMachine, bytes: Uint8Array): BoardCheckpoint {
  machine.flush();
  const { device, program, shape: offered } = machine;
  const register = (index: number): number => device.read(addressIn('registers', index)) >>> 0;
  const state = offered.probes.filter(({ writable }) => writable);
  return {
    schema: 'plastron-board-checkpoint-1',
    tool: TOOL,
    target: program.target,
    program: sha256(bytes),
    seed: register(REGISTER.seed),
    step: (register(REGISTER.learningStep) + 1) >>> 0,
    state: state.map(({ probe }) => ({
      probe: storedProbe.parse(probe),
      values: [...machine.read(probe)],
    })),
    words: wordsIn(machine),
  };
}

/** All words that a step may change, in base 64. */
function wordsIn({ device, program }: CoreMachine): string {
  const words = device.readAll(stateAddresses(configurationOf(program)));
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('base64');
}

/** A checkpoint in a file, with the SHA-256 of its own JSON. */
const stored = shape.extend({ digest: z.string() });

const digestOf = (checkpoint: BoardCheckpoint): string =>
  sha256(new TextEncoder().encode(JSON.stringify(checkpoint)));

/** JSON of a checkpoint: the same checkpoint gives the same text. */
export const printCheckpoint = (checkpoint: BoardCheckpoint): string =>
  `${JSON.stringify({ ...checkpoint, digest: digestOf(checkpoint) })}\n`;

/** Reads a checkpoint. Throws PL6040 for a text that is none. */
export function parseCheckpoint(text: string, file: string): BoardCheckpoint {
  const parsed = stored.safeParse(parseJson(text, file, 'PL6040'));
  if (parsed.success) {
    const { digest, ...checkpoint } = parsed.data;
    if (digest === digestOf(checkpoint)) return checkpoint;
    fail(diagnostic('PL6040', `\`${file}\` was altered: its digest is not that of what it holds`));
  }
  const why = issueText(parsed.error.issues[0]);
  return fail(diagnostic('PL6040', `\`${file}\` is no checkpoint of a board: ${why}`));
}

/** Whether a checkpoint was checked out from the Program of these bytes. */
export const isCheckpointOf = ({ program }: BoardCheckpoint, bytes: Uint8Array): boolean =>
  program === sha256(bytes);

/** Refuses a checkpoint of another Program than that of these bytes: PL6041. `file` is the name of the checkpoint. */
export function checkProgram(checkpoint: BoardCheckpoint, bytes: Uint8Array, file: string): void {
  if (isCheckpointOf(checkpoint, bytes)) return;
  const { program, target } = checkpoint;
  fail(
    diagnostic('PL6041', `\`${file}\` was checked out from another Program for ${target}`, {
      notes: [`checked out from ${program}`, `given            ${sha256(bytes)}`],
    }),
  );
}

/** Puts a core where another one was: emulated, simulated or real. Throws PL6040 where words are missing. */
export function restoreCore(machine: CoreMachine, { words: text }: BoardCheckpoint): void {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  const addresses = stateAddresses(configurationOf(machine.program));
  if (words.length !== addresses.length) {
    const message = `the checkpoint holds ${words.length} words, the core has ${addresses.length}`;
    fail(diagnostic('PL6040', message));
  }
  for (const [i, address] of addresses.entries()) machine.device.write(address, words[i]!);
  machine.resume();
}

/** Reads all words back: PL6030 where they are not those of the checkpoint. */
export function checkRestored(machine: CoreMachine, { words }: BoardCheckpoint): void {
  if (wordsIn(machine) === words) return;
  fail(diagnostic('PL6030', 'the board does not hold what was restored'));
}

/** What became of the values of a checkpoint on another machine. */
export interface Restored {
  readonly values: number;
  /** Values that a format does not hold exactly. */
  readonly rounded: number;
  /** Values among them that lie outside of what their format holds. */
  readonly limited: number;
}

/**
 * Puts any machine of the same network where a board was, each value the nearest that the machine holds. `file` is the name of the
 * checkpoint. A machine comes to a step by running there, frozen; what it counts on the way stays counted. A core is put there.
 *
 * @throws DiagnosticsError PL6043 where messages are under way, and where the states are not those of the checkpoint.
 */
export function restoreMachine(
  machine: Machine,
  checkpoint: BoardCheckpoint,
  program: Program,
  file: string,
): Restored {
  const delayed = program.cores.flatMap(({ blocks }) => blocks).find(({ delay }) => delay > 0);
  if (delayed) {
    const { name } = program.projections.find(({ index }) => index === delayed.projection)!;
    const message = `messages of ${name} are under way, and ${machine.shape.machine} shows none`;
    fail(diagnostic('PL6043', message));
  }
  checkStates(machine, checkpoint, program, file);
  bringTo(machine, checkpoint);
  const sums = { values: 0, rounded: 0, limited: 0 };
  for (const { probe, values } of checkpoint.state) {
    if (isPart(probe)) continue;
    sums.values += values.length;
    if (probe.kind === 'weight' && writeParts(machine, checkpoint, probe.projection)) continue;
    const { format } = findProbe(machine.shape.probes, probe);
    const nearest = values.map((value) => (format ? nearestIn(format, value) : value));
    machine.write(probe, nearest);
    sums.rounded += nearest.filter((value, i) => value !== values[i]).length;
    if (format) sums.limited += values.filter((value) => !isWithin(format, value)).length;
  }
  return sums;
}

/** `stored` and `scale` are parts of a weight. */
const isPart = ({ kind }: Probe): boolean => kind === 'stored' || kind === 'scale';

/** Refuses a checkpoint whose states are not those of a machine, one by one: PL6043. */
function checkStates(
  { shape: { probes } }: Machine,
  { state }: BoardCheckpoint,
  { name, target }: Program,
  file: string,
): void {
  const lengths = (given: readonly (readonly [Probe, number])[]): ReadonlyMap<string, number> =>
    new Map(
      given.filter(([probe]) => !isPart(probe)).map(([probe, n]) => [describeProbe(probe), n]),
    );
  const theirs = lengths(state.map(({ probe, values }) => [probe, values.length]));
  const writable = probes.filter((shape) => shape.writable);
  const ours = lengths(writable.map(({ probe, length }) => [probe, length]));
  const notes = [...new Set([...theirs.keys(), ...ours.keys()])]
    .filter((state) => theirs.get(state) !== ours.get(state))
    .map((state) => {
      const [there, here] = [theirs, ours].map((all) => all.get(state) ?? 'none');
      return `${state}: ${there} in the checkpoint, ${here} in the Program`;
    });
  if (notes.length === 0) return;
  fail(
    diagnostic('PL6043', `\`${file}\` does not fit ${name} on ${target}`, {
      notes,
      help: 'compile the model from which the Program of the checkpoint was compiled',
    }),
  );
}

/** Resets a machine and brings it to the step of a checkpoint without learning. */
function bringTo(machine: Machine, { seed, step }: BoardCheckpoint): void {
  machine.reset({ seed });
  if (machine instanceof CoreMachine) {
    machine.device.write(addressIn('registers', REGISTER.learningStep), step - 1);
    machine.resume();
    return;
  }
  const { learning } = machine;
  machine.learning = false;
  const values = Object.fromEntries(
    machine.shape.inputs.map(({ name, size }) => [name, new Float64Array(size)]),
  );
  for (let i = 0; i < step; i++) machine.step({ values, modulator: 0 });
  machine.learning = learning;
}

/** Where a weight is a stored one times a scale, these two say it exactly: writes them where they mean the same on the machine. */
function writeParts(machine: Machine, { state }: BoardCheckpoint, projection: string): boolean {
  const valuesOf = (kind: 'weight' | 'stored' | 'scale') =>
    state.find(({ probe }) => probe.kind === kind && probe.projection === projection)?.values;
  const [weights, stored, scale] = [valuesOf('weight'), valuesOf('stored'), valuesOf('scale')];
  const probe = { kind: 'stored', projection } as const;
  const format = machine.shape.probes.find((shape) => sameProbe(shape.probe, probe))?.format;
  if (!weights || !stored || !scale || !format) return false;
  const [mantissa, exponent] = scale as [number, number];
  const r = scaleReal({ mantissa, exponent }, format);
  const isSame =
    exponent < format.width &&
    stored.every((value, i) => nearestIn(format, value) === value && r * value === weights[i]);
  if (!isSame) return false;
  machine.write(probe, stored);
  machine.write({ kind: 'scale', projection }, scale);
  return true;
}

/** The value of a format that is nearest to a real one. */
function nearestIn(format: Format, value: number): number {
  const nearest = Math.floor(value * scaleOf(format.fraction) + 0.5);
  const integer = Math.max(minimumOf(format), Math.min(maximumOf(format), nearest));
  return toReal(integer, format);
}

const isWithin = (format: Format, value: number): boolean =>
  value >= toReal(minimumOf(format), format) && value <= toReal(maximumOf(format), format);
