import type { Compilation } from '../../compiler/compile.js';
import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import { printLevel } from '../../compiler/levels/print-level.js';
import type { PipelineHooks } from '../../compiler/pipeline.js';
import type { Target } from '../../compiler/target.js';
import { alignTable } from '../report/text-table.js';
import type { EmittedLevel, LevelFlags } from './levels.js';
import type { Session } from './session.js';

/** What to hear of the passes: prints a level as soon as its pass has run, and keeps the times for `passTimes`. */
export function watchPasses(
  { printAfter, passTimes }: LevelFlags,
  session: Session,
): { readonly hooks: PipelineHooks; readonly finish: () => void } {
  const times: (readonly [name: string, seconds: number])[] = [];
  const hooks: PipelineHooks = {
    clock: session.clock,
    afterPass: (name, level, seconds) => {
      times.push([name, seconds]);
      if (name === printAfter) session.show(printLevel(level).trimEnd());
    },
  };
  return { hooks, finish: () => passTimes && session.show(timeTable(times)) };
}

function timeTable(times: readonly (readonly [name: string, seconds: number])[]): string {
  const total = times.reduce((sum, [, seconds]) => sum + seconds, 0);
  const rows = [...times, ['all passes', total] as const].map(([name, seconds]) => [
    name,
    (1000 * seconds).toFixed(1),
  ]);
  return alignTable([['pass', 'milliseconds'], ...rows], 'right');
}

/** What `compile` writes: a level as text, or the bytes of the Program. */
export function emitted(
  compilation: Compilation,
  target: Target,
  level: EmittedLevel | undefined,
): string | Uint8Array {
  switch (level) {
    case undefined:
      return compilation.bytes;
    case 'network':
    case 'fixed':
    case 'micro':
      return printLevel(compilation[level]);
    case 'program':
      return target.print(compilation.program);
    default:
      return unreachable(level);
  }
}
