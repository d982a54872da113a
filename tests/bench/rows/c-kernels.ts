import type { Batch, BatchRound } from '../kernel/batch.js';
import { CProgram, type CSource, gccVersion } from '../kernel/c-program.js';
import { floatSource, integerSource } from '../kernel/c-sources.js';
import { floatBatch, integerBatch } from '../kernel/sides.js';
import { compiledWork } from '../kernel/work.js';
import { type Measured, type Round, ratioOf } from '../measure.js';
import type { Row, Skipped } from '../row.js';

const ROUNDS = 21;
/** WebAssembly is compiled once more while it runs. */
const WARM_UPS = 4;
/** Episodes of each member in a round. */
const EPISODES = 2;
const UNIT = 'synapse updates/s';

/** Both sides in turn. Throws where they do not end with the same state. */
async function against(batch: Batch, source: CSource): Promise<Measured> {
  const program = new CProgram(source);
  const seen = new Set<number>();
  const round =
    (side: { round(episodes: number): BatchRound | Promise<BatchRound> }): Round =>
    async () => {
      const { updates, seconds, checksum } = await side.round(EPISODES);
      seen.add(checksum);
      if (seen.size > 1) throw new Error(`checksums differ: ${[...seen].join(', ')}`);
      return [updates, seconds];
    };
  try {
    return await ratioOf(round(batch), round(program), ROUNDS, WARM_UPS);
  } finally {
    program.end();
  }
}

/** A row that needs a C compiler. */
const compiled = (compiler: string, measure: () => Promise<Measured>) => async () =>
  gccVersion(compiler) === undefined
    ? ({ skipped: `there is no ${compiler}: install it (apt install gcc)` } satisfies Skipped)
    : measure();

/** Machines against C by hand that does the same to the bit. */
export function cKernelRows(compiler = 'gcc'): readonly Row[] {
  return [
    {
      name: 'float-kernel/c',
      about: 'PDLF in float32: WebAssembly lanes against C by hand with relaxed float flags',
      unit: UNIT,
      bar: { least: 0.7 },
      measure: compiled(compiler, () => against(floatBatch(), floatSource())),
    },
    {
      name: 'integer-kernel/c',
      about: 'PDLF on the integers of loihi2: WebAssembly lanes against C by hand',
      unit: UNIT,
      bar: { least: 1 },
      measure: compiled(compiler, () => {
        const micro = compiledWork();
        return against(integerBatch(micro), integerSource(micro));
      }),
    },
  ];
}
