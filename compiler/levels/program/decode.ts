import { z } from 'zod';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { fail } from '../../diagnostics/diagnostic.js';
import { type Format, parseFormat } from '../numbers/format.js';
import { integersOf, narrowed } from '../numbers/integers.js';
import { SCALE_KINDS } from '../numbers/scale.js';
import { checkProgram } from './check.js';
import {
  CODE_MEMORIES,
  PROGRAM_VERSION,
  type Program,
  SYMBOL_KINDS,
  SYMBOL_MEMORIES,
} from './program.js';
import { PROGRAM_MAGIC, programType } from './schema.js';

const format = z.string().transform((text, context): Format => {
  const parsed = parseFormat(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: `${text} is not a format` });
  return z.NEVER;
});
const optionalFormat = z.union([z.literal('').transform(() => undefined), format]);
const integers = z.array(z.number().int());
const count = z.number().int().nonnegative();
const oneOrMany = z
  .array(z.number())
  .transform((values) => (values.length === 1 ? values[0]! : values));

const port = z
  .object({
    population: count,
    field: count,
    format,
    mean: oneOrMany,
    deviation: oneOrMany,
    scale: z.number(),
    clipped: z.boolean(),
    clip: z.number(),
  })
  .transform(({ clipped, clip, ...rest }) => ({ ...rest, clip: clipped ? clip : null }));

const group = z.object({
  population: count,
  first: count,
  count,
  phase: count,
  entry: count,
  traces: count,
  fields: z.array(z.object({ name: z.string(), format, clear: z.boolean(), initial: integers })),
});

/** What the schema holds as packed 32-bit integers: the decoder gives nothing else, and there may be millions. */
const packed = z.custom<readonly number[]>(Array.isArray);
const words = packed.transform((values) => Uint32Array.from(values));

const block = z
  .object({
    projection: count,
    pre: count,
    group: count,
    rowStart: words,
    columns: words,
    weightFormat: format,
    weights: packed,
    tagFormat: optionalFormat,
    tags: packed,
    profiles: words,
    coefficients: packed.transform(narrowed),
    wordsPerProfile: count,
    accumulator: count,
    delay: count,
    send: z.boolean(),
    every: count,
    entry: z.number().int(),
    scale: z.enum(['', ...SCALE_KINDS]).transform((kind) => (kind === '' ? undefined : kind)),
  })
  .transform(({ weights, tags, ...rest }) => ({
    ...rest,
    weights: integersOf(weights, rest.weightFormat),
    tags: integersOf(tags, rest.tagFormat ?? rest.weightFormat),
  }));

const core = z.object({
  index: count,
  neuronCode: integers,
  learningCode: integers,
  controlCode: integers,
  tables: z.array(z.object({ first: z.number().int(), shift: count, entries: integers })),
  groups: z.array(group),
  blocks: z.array(block),
});

const trace = z.object({ format, initial: z.number().int(), offset: z.number().int() });

const shape = z.object({
  version: count,
  tool: z.string(),
  target: z.string(),
  capabilities: z.string(),
  name: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.number() })),
  phases: count,
  populations: z.array(
    z.object({
      name: z.string(),
      size: count,
      input: z.boolean(),
      phase: count,
      payloadFormat: format,
      traces: z.array(trace),
    }),
  ),
  projections: z.array(z.object({ name: z.string(), index: count })),
  inputs: z.array(port),
  outputs: z.array(port),
  modulator: z
    .object({ format, offset: z.number().int() })
    .nullish()
    .transform((m) => m ?? undefined),
  cores: z.array(core),
  routes: z.array(z.object({ population: count, cores: integers })),
  symbols: z.array(
    z.object({
      kind: z.enum(SYMBOL_KINDS),
      owner: z.string(),
      name: z.string(),
      memory: z.enum(SYMBOL_MEMORIES),
      field: count,
      format,
      places: z.array(z.object({ core: count, index: count })),
    }),
  ),
  sources: z.array(
    z.object({
      core: count,
      memory: z.enum(CODE_MEMORIES),
      address: count,
      file: z.string(),
      line: count,
      column: count,
      length: count,
    }),
  ),
  provenance: z.object({
    network: z.string(),
    calibration: z.string(),
    options: z.string(),
    hashes: z.array(z.string()),
  }),
});

/**
 * Reads a Program file. Throws DiagnosticsError: PL4001 when the bytes are no Program or are cut short, PL4002
 * when the version is another, PL4003 when its parts contradict each other.
 */
export function decodeProgram(bytes: Uint8Array, file: string): Program {
  const raw = readMessage(bytes, file);
  if (raw['version'] !== PROGRAM_VERSION) {
    fail(
      diagnostic(
        'PL4002',
        `${file} is a Program of version ${raw['version']}; this build reads ${PROGRAM_VERSION}`,
        {
          help: 'compile the model again with this version of plastron',
        },
      ),
    );
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail(diagnostic('PL4003', `${file}: ${issue?.path.join('.')}: ${issue?.message}`));
  }
  const program: Program = { kind: 'program', ...parsed.data };
  checkProgram(program, file);
  return program;
}

function readMessage(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const message = programType.decode(bytes);
    const object: Record<string, unknown> = programType.toObject(message, {
      defaults: true,
      arrays: true,
      longs: Number,
    });
    if (object['magic'] === PROGRAM_MAGIC) return object;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail(
      diagnostic('PL4001', `${file} is not a Program, or it is cut short (${error.message})`),
    );
  }
  return fail(
    diagnostic('PL4001', `${file} is not a Program: it does not begin with the mark of one`),
  );
}
