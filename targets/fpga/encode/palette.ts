import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { wordNames } from '../../program/cut.js';
import type { Layout } from './layout.js';

/** PL3014 where synapses have more vectors of coefficients than the palette of the core holds. */
export function checkPalette({ fixed, configuration }: Layout): void {
  const { paletteBits } = configuration;
  if (paletteBits === 0) return;
  const rules = fixed.projections.flatMap((p) => p.rule ?? []);
  const vectors = new Set<string>();
  for (const rule of rules) {
    const columns = wordNames(rule).map(
      (name) => rule.coefficients.find((c) => c.name === name)!.values,
    );
    for (const profile of new Set(rule.profiles)) {
      vectors.add(columns.map((values) => values[profile]!).join());
    }
  }
  const most = 2 ** paletteBits;
  if (vectors.size <= most) return;
  const learning = rules.filter((r) => r.coefficients.length > 0).length;
  const message = `the rules of ${fixed.name} have ${vectors.size} coefficient vectors; the palette of the core has ${most}`;
  const help = `--palette ${Math.floor(most / learning)} shares them, ${learning === 1 ? 'for its rule' : `for each of ${learning} rules`}`;
  fail(diagnostic('PL3014', message, { help }));
}
