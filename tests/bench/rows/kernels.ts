import type { Batch, BatchRound } from '../kernel/batch.js';
import { CProgram, type CSource, gccVersion } from '../kernel/c-program.js';
import { floatSource, integerSource } from '../kernel/c-sources.js';
import { floatBatch, integerBatch, plainBatch } from '../kernel/sides.js';
import { compiledWork } from '../kernel/work.js';
import { type Measured, type Round, ratioOf } from '../measure.js';
import type { Row, Skipped } from '../row.js';

const ROUNDS = 21;
/** WebAssembly is compiled once more while it runs. */
const WARM_UPS = 4;
/** Episodes of each member in a round. */
const EPISODES = 2;
const UNIT = 'synapse updates/s';
/** The x86 level whose vectors have 128 bits. */
const NARROW = 'x86-64-v2';

interface Side {
  round(episodes: number): BatchRound | Promise<BatchRound>;
}

/** Both sides in turn. Throws where they do not end with the same state. */
export function against(left: Side, right: Side): Promise<Measured> {
  const seen = new Set<number>();
  const round =
    (side: Side): Round =>
    async () => {
      const { updates, seconds, checksum } = await side.round(EPISODES);
      seen.add(checksum);
      if (seen.size > 1) throw new Error(`checksums differ: ${[...seen].join(', ')}`);
      return [updates, seconds];
    };
  return ratioOf(round(left), round(right), ROUNDS, WARM_UPS);
}

async function againstC(batch: Batch, source: CSource): Promise<Measured> {
  const program = new CProgram(source);
  try {
    return await against(batch, program);
  } finally {
    program.end();
  }
}

/** A row that needs a C compiler. */
const compiled = (compiler: string, measure: () => Promise<Measured>) => async () =>
  gccVersion(compiler) === undefined
    ? ({ skipped: `there is no ${compiler}: install it (apt install gcc)` } satisfies Skipped)
    : measure();

/** One that needs an x86 processor too. */
const compiledForX86 = (compiler: string, measure: () => Promise<Measured>) => async () =>
  process.arch === 'x64'
    ? compiled(compiler, measure)()
    : ({ skipped: `${process.arch} is no x86-64` } satisfies Skipped);

/** Machines against loops by hand that do the same to the bit, one member after the other. */
export function kernelRows(compiler = 'gcc'): readonly Row[] {
  return [
    {
      name: 'float-kernel/c',
      about: 'PDLF in float32: WebAssembly lanes against C by hand with relaxed float flags',
      unit: UNIT,
      bar: { least: 0.7 },
      measure: compiled(compiler, () => againstC(floatBatch(), floatSource())),
    },
    {
      name: 'integer-kernel/c',
      about: 'PDLF on the integers of loihi2: WebAssembly vectors against C by hand',
      unit: UNIT,
      bar: { least: 1 },
      measure: compiled(compiler, () => {
        const micro = compiledWork();
        return againstC(integerBatch(micro), integerSource(micro));
      }),
    },
    {
      name: 'float-kernel/c-128-bit',
      about:
        'the same where C has vectors of 128 bits, as WebAssembly does: what width alone is worth',
      unit: UNIT,
      measure: compiledForX86(compiler, () => againstC(floatBatch(), floatSource(NARROW))),
    },
    {
      name: 'integer-kernel/c-128-bit',
      about: 'the same on integers where C has vectors of 128 bits',
      unit: UNIT,
      measure: compiledForX86(compiler, () => {
        const micro = compiledWork();
        return againstC(integerBatch(micro), integerSource(micro, NARROW));
      }),
    },
    {
      name: 'float-kernel/typescript',
      about: 'PDLF in float32: WebAssembly lanes against TypeScript by hand',
      unit: UNIT,
      measure: () => against(floatBatch(), plainBatch()),
    },
  ];
}
