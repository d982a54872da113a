import { checkNetwork } from '../src/network/check.js';
import { checkFixed } from './levels/fixed/check.js';
import type { FixedNetwork } from './levels/fixed/fixed.js';
import { checkMicro } from './levels/micro/check.js';
import type { MicroProgram } from './levels/micro/micro.js';
import type { PlacedNetwork } from './levels/placed.js';
import type { Pass, PassContext, Property } from './pass.js';
import { fold } from './passes/fold.js';
import { legalise } from './passes/legalise.js';
import { palette } from './passes/palette.js';
import { partition } from './passes/partition.js';
import { quantise } from './passes/quantise/quantise.js';
import { schedule } from './passes/schedule.js';
import { select } from './passes/select.js';
import { tag } from './passes/tag.js';

export type Level = PlacedNetwork | FixedNetwork | MicroProgram;

/**
 * The passes in order, with the reason for the order. `encode` follows: it belongs to the target.
 */
export const PIPELINE = [
  // Coefficients must be numbers before anything judges how many there are and how large.
  fold,
  // The rule gets its final form before coefficients are shared: decay adds a product.
  legalise,
  // What synapses hold decides how many fit on a core, and what is left for the palette.
  tag,
  // A palette is per core, so neurons have cores first.
  partition,
  palette,
  // From here on integers: formats depend on everything above.
  quantise,
  // Trees become straight lines, then get registers.
  select,
  schedule,
] as const;

/** Hears of every pass as it ends: for --print-after and --pass-times. */
export interface PipelineHooks {
  /** Seconds since any moment; the compiler has no clock of its own. */
  readonly clock?: () => number;
  /** `seconds` is what the pass took by the clock above, 0 without one. */
  afterPass?(name: string, level: Level, seconds: number): void;
}

/** Runs the pipeline; after every pass the level is checked, and errors of the pass stop the compilation. */
export function runPipeline(
  level: PlacedNetwork,
  context: PassContext,
  finish: () => void,
  hooks: PipelineHooks = {},
): { readonly network: PlacedNetwork; readonly fixed: FixedNetwork; readonly micro: MicroProgram } {
  const facts = new Set<Property>();
  const clock = hooks.clock ?? (() => 0);
  const run = <From extends Level, To extends Level>(pass: Pass<From, To>, input: From): To => {
    const missing = pass.needs.filter((p) => !facts.has(p));
    if (missing.length > 0) throw new Error(`${pass.name} needs ${missing.join(', ')}`);
    const started = clock();
    const output = pass.run(input, context);
    const seconds = clock() - started;
    for (const fact of [...facts]) if (!pass.keeps.includes(fact)) facts.delete(fact);
    for (const fact of pass.gives) facts.add(fact);
    finish();
    if (isNew(input, output)) checkLevel(output);
    hooks.afterPass?.(pass.name, output, seconds);
    return output;
  };
  const network = [fold, legalise, tag, partition, palette].reduce(
    (l, pass) => run(pass, l),
    level,
  );
  const fixed = run(quantise, network);
  const micro = run(schedule, run(select, fixed));
  return { network, fixed, micro };
}

/** Whether a pass made something to check: some only place a network or note facts about it. */
const isNew = (input: Level, output: Level): boolean =>
  input.kind !== 'network' || output.kind !== 'network' || input.network !== output.network;

/** The checker of a level; a fault that a pass made is a bug of ours and throws. */
export function checkLevel(level: Level): void {
  switch (level.kind) {
    case 'network':
      checkNetwork(level.network);
      return;
    case 'fixed':
      checkFixed(level);
      return;
    case 'micro':
      checkMicro(level);
  }
}
