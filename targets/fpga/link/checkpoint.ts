import { z } from 'zod';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { sha256 } from '../../../compiler/levels/program/sha256.js';
import { TOOL } from '../../../compiler/tool.js';
import { issueText, parseJson } from '../../../src/formats/json.js';
import type { Machine } from '../../../src/network/machine.js';
import type { CoreConfiguration } from '../configuration.js';
import { configurationOf } from '../encode/parameters.js';
import type { CoreMachine } from '../machine/machine.js';
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
  step: z.number().int(),
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

/** JSON of a checkpoint: the same checkpoint gives the same text. */
export const printCheckpoint = (checkpoint: BoardCheckpoint): string =>
  `${JSON.stringify(checkpoint)}\n`;

/** Reads a checkpoint. Throws PL6040 for a text that is none. */
export function parseCheckpoint(text: string, file: string): BoardCheckpoint {
  const parsed = shape.safeParse(parseJson(text, file, 'PL6040'));
  if (parsed.success) return parsed.data;
  const why = issueText(parsed.error.issues[0]);
  return fail(diagnostic('PL6040', `\`${file}\` is no checkpoint of a board: ${why}`));
}

/** Refuses a checkpoint of another Program than that of these bytes: PL6041. `file` is the name of the checkpoint. */
export function checkProgram(
  { program, target }: BoardCheckpoint,
  bytes: Uint8Array,
  file: string,
): void {
  const found = sha256(bytes);
  if (program === found) return;
  fail(
    diagnostic('PL6041', `\`${file}\` was checked out from another Program for ${target}`, {
      notes: [`checked out from ${program}`, `given            ${found}`],
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

/**
 * Puts any machine of the same network where a board was. It has no other way to come to a step than to run there, frozen.
 *
 * @throws DiagnosticsError PL6043 where messages are under way; what the machine's `write` throws.
 */
export function restoreMachine(
  machine: Machine,
  checkpoint: BoardCheckpoint,
  program: Program,
): void {
  const delayed = program.cores.flatMap(({ blocks }) => blocks).find(({ delay }) => delay > 0);
  if (delayed) {
    const { name } = program.projections.find(({ index }) => index === delayed.projection)!;
    const message = `messages of ${name} are under way, and ${machine.shape.machine} shows none`;
    fail(diagnostic('PL6043', message));
  }
  const { learning } = machine;
  machine.reset({ seed: checkpoint.seed });
  machine.learning = false;
  const values = Object.fromEntries(
    machine.shape.inputs.map(({ name, size }) => [name, new Float64Array(size)]),
  );
  for (let step = 0; step < checkpoint.step; step++) machine.step({ values, modulator: 0 });
  // Where a weight is a stored one times a scale, these two say it exactly.
  const state = checkpoint.state.filter(
    ({ probe }) => probe.kind !== 'weight' || !isScaled(checkpoint, probe.projection),
  );
  for (const { probe, values: kept } of state) machine.write(probe, kept);
  machine.learning = learning;
}

const isScaled = ({ state }: BoardCheckpoint, projection: string): boolean =>
  state.some(({ probe }) => probe.kind === 'scale' && probe.projection === projection);
