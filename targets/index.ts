import { diagnostic } from '../compiler/diagnostics/catalogue.js';
import { didYouMean, fail } from '../compiler/diagnostics/diagnostic.js';
import type { Program } from '../compiler/levels/program/program.js';
import type { Target } from '../compiler/target.js';
import { fpgaTargets } from './fpga/index.js';
import { loihiTargets } from './loihi/index.js';

/** Every target that plastron compiles for: one line per family. */
export const targets: readonly Target[] = [...loihiTargets, ...fpgaTargets];

/** The target for which a Program was compiled, with the parameters of its hardware. */
export function targetOf({ target, parameters }: Pick<Program, 'target' | 'parameters'>): Target {
  const found = targetNamed(target);
  if (!found.withParameters || parameters.length === 0) return found;
  return found.withParameters(parameters.map(({ name, value }) => `${name}=${value}`).join(','));
}

/** The target of a name; an unknown one is PL3000 with the nearest names. */
export function targetNamed(name: string): Target {
  const found = targets.find((t) => t.name === name);
  if (found) return found;
  const names = targets.map((t) => t.name);
  const help = didYouMean(name, names, 'targets');
  return fail(diagnostic('PL3000', `there is no target \`${name}\``, { help }));
}
