import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../../targets/loihi/index.js';
import { type Figure, figureOf, type Round, rateOf, timed } from '../measure.js';
import type { Row } from '../row.js';

/** A dense network of two populations, for a chip with cores enough. */
const compiling = (synapses: number): Round => {
  const size = Math.round(Math.sqrt(synapses));
  const dense = new NetworkBuilder('dense')
    .input('pre', size, { clip: 2 })
    .population('post', size, 'lif')
    .projection('pre', 'post', { rule: 'oja' })
    .output('post')
    .build();
  const limits = { ...LOIHI2.limits, cores: { value: 2 ** 16, source: 'the bench' } };
  const target = loihiTarget('loihi2', 'with more cores', { ...LOIHI2, limits }, []);
  return timed(() => {
    compile(dense, target, NO_CALIBRATION);
    return size * size;
  });
};

/** Rounds by the power of ten of the synapses. Ten million take seconds each, and code is warm by then. */
const ROUNDS = new Map([
  [4, { rounds: 7, warmUps: 1 }],
  [5, { rounds: 7, warmUps: 1 }],
  [6, { rounds: 3, warmUps: 1 }],
  [7, { rounds: 2, warmUps: 0 }],
]);
const POWERS = [...ROUNDS.keys()];

/** By how much the time grows when the synapses grow by `decades` powers of ten, as an exponent. */
export const growth = (before: number, after: number, decades = 1): number =>
  1 + Math.log10(before / after) / decades;

/** Rows with the sizes in their names; the exponent comes of their medians. */
export function compileRows(): readonly Row[] {
  const rates = new Map<number, number>();
  const measureRate = async (power: number): Promise<Figure> => {
    const { rounds, warmUps } = ROUNDS.get(power)!;
    const figure = await rateOf(compiling(10 ** power), rounds, warmUps);
    rates.set(power, figure.median);
    return figure;
  };
  const rows = POWERS.map(
    (power): Row => ({
      name: `compile-synapses-per-second/1e${power}`,
      about: `network to Program bytes, 10^${power} dense plastic synapses`,
      unit: 'synapses/s',
      bar: { least: 1e6 },
      measure: () => measureRate(power),
    }),
  );
  const exponent: Row = {
    name: 'compile-exponent',
    about:
      'growth of the time over all sizes; from and to: the least and the largest of one size to the next',
    unit: 'power',
    bar: { most: 1.1 },
    measure: async () => {
      for (const power of POWERS) if (!rates.has(power)) await measureRate(power);
      const medians = POWERS.map((power) => rates.get(power)!);
      const steps = medians.slice(1).map((after, i) => growth(medians[i]!, after));
      const { low, high } = figureOf(steps);
      return { median: growth(medians[0]!, medians.at(-1)!, steps.length), low, high };
    },
  };
  return [...rows, exponent];
}
