import { z } from 'zod';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { readText, writeFileAtomic } from '../formats/files.js';
import { issueText, parseJson } from '../formats/json.js';
import { decodeFloats, encodeFloats } from './arrays.js';
import { SEARCH_METHODS, type SearchOptions, type SearchState } from './search/search.js';

/** What one generation gave. */
export interface GenerationRecord {
  /** Mean and largest fitness of the members that have one; NaN when none has. */
  readonly mean: number;
  readonly top: number;
  /** Members without a fitness: their numbers left the finite range in some episode. */
  readonly diverged: number;
  /** The score of the centre before this generation moved it, always on the same episodes. */
  readonly centre: number;
  /** Mean deviation after this generation. */
  readonly sigma: number;
}

/** The best centre so far: its score on the run's fixed episodes, and after how many generations it stood there. */
export interface BestCentre {
  readonly score: number;
  readonly generation: number;
  readonly genome: Float64Array;
}

/** A training run between two generations: with the same options it goes on to the same bytes. */
export interface Checkpoint {
  readonly task: string;
  /** The network as text, as it was before training. */
  readonly network: string;
  /** What the members run on (`evaluatorLabel`). */
  readonly evaluator: string;
  readonly search: SearchOptions;
  readonly state: SearchState;
  readonly best: BestCentre | undefined;
  readonly history: readonly GenerationRecord[];
}

const VERSION = 1;
const number = z.number();
/** JSON has no NaN: `JSON.stringify` writes null for it. */
const measured = number.nullable().transform((value) => value ?? Number.NaN);
const floats = z.string().transform((text, context) => {
  const values = decodeFloats(text);
  if (values === undefined) context.addIssue('not base64 of 64-bit numbers');
  return values ?? new Float64Array(0);
});
const schema = z.strictObject({
  kind: z.literal('plastron-checkpoint'),
  version: z.literal(VERSION),
  task: z.string(),
  network: z.string(),
  evaluator: z.string(),
  search: z.strictObject({
    method: z.enum(SEARCH_METHODS),
    population: number,
    seed: number,
    sigma: number,
    learningRate: number,
    sigmaLearningRate: number,
  }),
  state: z.strictObject({
    generation: z.number().int().nonnegative(),
    scalars: z.record(z.string(), number),
    arrays: z.record(z.string(), floats),
  }),
  best: z.strictObject({ score: number, generation: number, genome: floats }).nullable(),
  history: z.array(
    z.strictObject({
      mean: measured,
      top: measured,
      diverged: number,
      centre: measured,
      sigma: number,
    }),
  ),
});

/** The checkpoint as text: JSON with arrays in base64. Equal checkpoints give equal text. */
export function printCheckpoint(checkpoint: Checkpoint): string {
  const { state, best, ...rest } = checkpoint;
  const arrays = Object.fromEntries(
    Object.entries(state.arrays).map(([name, values]) => [name, encodeFloats(values)]),
  );
  const plain = {
    kind: 'plastron-checkpoint',
    version: VERSION,
    ...rest,
    state: { ...state, arrays },
    best: best ? { ...best, genome: encodeFloats(best.genome) } : null,
  };
  return `${JSON.stringify(plain, undefined, 1)}\n`;
}

/** Reads a checkpoint's text; `file` is named in errors. Throws PL5106 when it is not one. */
export function parseCheckpoint(text: string, file: string): Checkpoint {
  const result = schema.safeParse(parseJson(text, file, 'PL5106'));
  if (!result.success) {
    failNotCheckpoint(file, result.error.issues.slice(0, 5).map(issueText));
  }
  const { task, network, evaluator, search, state, best, history } = result.data;
  const size = state.arrays['centre']?.length;
  const sizes = [...Object.values(state.arrays), ...(best ? [best.genome] : [])];
  if (size === undefined || sizes.some((values) => values.length !== size)) {
    failNotCheckpoint(file, ['state.arrays: the arrays do not have the same length']);
  }
  return { task, network, evaluator, search, state, best: best ?? undefined, history };
}

/** Reads a checkpoint file. Throws PL5106 when it is not one, and what `readText` throws. */
export function readCheckpoint(file: string): Checkpoint {
  return parseCheckpoint(readText(file, 'the checkpoint'), file);
}

/** Writes a checkpoint so that the file always holds a whole one. Throws what `writeFileAtomic` throws. */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  writeFileAtomic(file, printCheckpoint(checkpoint));
}

function failNotCheckpoint(file: string, notes: string[]): never {
  fail(
    diagnostic('PL5106', `\`${file}\` is not a checkpoint of this version`, {
      notes,
      help: 'give the file that `plastron train` saved, or start a new run',
    }),
  );
}
