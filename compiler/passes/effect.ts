import type { RuleModel } from '../../src/equations/model.js';
import { namesOf } from '../../src/equations/names.js';
import type { Projection } from '../../src/network/network.js';
import type { CalibrationRange } from '../analysis/calibration.js';
import type { PassContext } from '../pass.js';
import { productsOf } from './quantise/rule.js';

/** The rms of the factors that a coefficient multiplies, from the calibration: its weight in the error of Δw. */
export function effectOf(
  rule: RuleModel,
  projection: Projection,
  name: string,
  context: PassContext,
): number {
  const product = productsOf(rule, 'w').find((p) => namesOf(p.coefficient).has(name));
  if (!product) return 1;
  return product.factors.reduce(
    (effect, factor) =>
      effect * ((factor.kind === 'name' && seenOf(projection, factor.name, context)?.rms) || 1),
    1,
  );
}

/** What the calibration saw of a factor: a signal, the weight, the modulator or a per-synapse variable. */
function seenOf(
  projection: Projection,
  name: string,
  { calibration }: PassContext,
): CalibrationRange | undefined {
  const binding = projection.bindings.find((b) => b.signal === name);
  if (binding) {
    const owner = binding.side === 'pre' ? projection.pre : projection.post;
    return calibration.find('variable', owner, binding.variable);
  }
  if (name === 'w') return calibration.find('weight', projection.name, name);
  return name === 'm'
    ? calibration.find('variable', 'modulator', name)
    : calibration.find('synapse', projection.name, name);
}
