import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { didYouMean, fail } from '../../compiler/diagnostics/diagnostic.js';
import { copyDelay } from './copy-delay.js';
import { cueReward } from './cue-reward.js';
import { hiddenDynamics } from './hidden-dynamics.js';
import { pointMass } from './point-mass.js';
import type { Task, TaskFamily } from './task.js';

/** Every built-in task. */
export const TASKS: readonly TaskFamily[] = [pointMass, hiddenDynamics, cueReward, copyDelay];

/**
 * Makes the task that a text names: `point-mass`, or with variants `hidden-dynamics:angles=4`; several are
 * separated by commas. Throws PL5101 for an unknown name, PL5102 for a variant that the task does not have.
 */
export function taskOf(text: string): Task {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const family = TASKS.find((f) => f.name === name);
  if (!family) {
    const help = didYouMean(name, taskNames(), 'tasks');
    fail(diagnostic('PL5101', `there is no task \`${name}\``, { help }));
  }
  return family.create(chosenVariants(family, colon < 0 ? undefined : text.slice(colon + 1)));
}

const taskNames = (): string[] => TASKS.map((f) => f.name);

function chosenVariants(family: TaskFamily, text: string | undefined): Record<string, number> {
  const chosen = Object.fromEntries(family.variants.map((v) => [v.key, v.default]));
  if (text === undefined) return chosen;
  const given = new Set<string>();
  for (const part of text.split(',')) {
    const [key = '', value, ...more] = part.split('=');
    const variant = family.variants.find((v) => v.key === key);
    if (!variant) failUnknownVariant(family, key);
    if (given.has(key)) {
      fail(diagnostic('PL5102', `the variant \`${key}\` of \`${family.name}\` is given twice`));
    }
    given.add(key);
    const number = variant.values.find((v) => String(v) === value);
    if (number === undefined || more.length > 0) {
      const values = variant.values.map((v) => `${key}=${v}`).join(', ');
      fail(
        diagnostic('PL5102', `\`${part}\` is not a variant of \`${family.name}\``, {
          help: `\`${key}\` is ${variant.about}: ${values}`,
        }),
      );
    }
    chosen[key] = number;
  }
  return chosen;
}

function failUnknownVariant(family: TaskFamily, key: string): never {
  const keys = family.variants.map((v) => v.key);
  const help = keys.length === 0 ? 'this task has no variants' : didYouMean(key, keys, 'variants');
  fail(diagnostic('PL5102', `\`${family.name}\` has no variant \`${key}\``, { help }));
}
