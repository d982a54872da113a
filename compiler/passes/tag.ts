import type { RuleModel } from '../../src/equations/model.js';
import type { Projection } from '../../src/network/network.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import { unreachable } from '../diagnostics/diagnostic.js';
import type { PlacedNetwork } from '../levels/placed.js';
import type { Pass, PassContext } from '../pass.js';
import type { LearningArithmetic } from '../target.js';
import { effectOf } from './effect.js';
import { productsOf, termName } from './quantise/rule.js';

export const tag: Pass<PlacedNetwork, PlacedNetwork> = {
  name: 'tag',
  about: `Holds one coefficient of a rule in the tag of each synapse.
What: where --palette asks for few coefficient vectors and the rule keeps no variable per synapse, the coefficient whose
spread over the synapses moves Δw most leaves the vectors; each synapse holds its own, as a factor of the product.
Why: a synapse has a variable that learning can read; a coefficient in it need not be shared, and the palette has one less.
Before: k3 among the four of a vector. After: k3 of each synapse to as many bits as the tag has, three in a vector.`,
  needs: ['folded', 'legal'],
  keeps: ['folded', 'legal'],
  gives: ['tagged'],
  run: (level, context) => {
    if (context.options.palette === undefined || !hasTag(context.capabilities.learning)) {
      return level;
    }
    const chosen = level.network.projections.flatMap((p) => {
      const name = p.rule && mostSpread(p, p.rule, context);
      return name === undefined ? [] : [[p.name, name] as const];
    });
    return { ...level, tags: Object.fromEntries(chosen) };
  },
};

/** Whether a coefficient can lie in the variable of a synapse. */
function hasTag(learning: LearningArithmetic): boolean {
  switch (learning.kind) {
    case 'sum-of-products':
      return learning.variables > 0;
    case 'multiply-add':
      // Its synapses hold every coefficient themselves.
      return false;
    default:
      return unreachable(learning);
  }
}

/** The coefficient with the largest deviation of its product, where no variable takes the tag. */
function mostSpread(
  projection: Projection,
  rule: RuleModel,
  context: PassContext,
): string | undefined {
  if (rule.variables.length > 0) return undefined;
  const spread = Object.entries(projection.parameters).flatMap(([name, values]) => {
    const deviation = typeof values === 'number' ? 0 : deviationOf(values);
    const size = deviation * effectOf(rule, projection, name, context);
    return size > 0 ? [{ name, size }] : [];
  });
  const [most] = spread.sort((a, b) => b.size - a.size);
  if (!most) return undefined;
  const product = productsOf(rule, 'w').find(
    (p) => p.coefficient.kind === 'name' && p.coefficient.name === most.name,
  );
  if (!product) return undefined;
  const message = `${projection.name}: each synapse holds the coefficient of ${termName('w', product)} in its tag`;
  context.report(diagnostic('PL2010', message, { span: product.origin }));
  return most.name;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
