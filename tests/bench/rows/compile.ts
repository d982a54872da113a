import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../../targets/loihi/index.js';
import { figureOf, type Round, rateOf, timed } from '../measure.js';
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

/** Rounds by the power of ten of the synapses: ten million take seconds each. */
const ROUNDS = new Map([
  [4, 7],
  [5, 7],
  [6, 3],
  [7, 1],
]);

/** Rows with the sizes in their names; the exponent comes of their medians. */
export function compileRows(): readonly Row[] {
  const powers = [...ROUNDS.keys()];
  const [first, last] = [powers[0]!, powers.at(-1)!];
  const rates = new Map<number, number>();
  const measureRate = async (power: number) => {
    const figure = await rateOf(compiling(10 ** power), ROUNDS.get(power)!);
    rates.set(power, figure.median);
    return figure;
  };
  const rows = powers.map(
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
    about: `growth of the time from 10^${first} to 10^${last} synapses`,
    unit: 'power',
    bar: { most: 1.1 },
    measure: async () => {
      for (const power of [first, last]) if (!rates.has(power)) await measureRate(power);
      const slower = Math.log10(rates.get(first)! / rates.get(last)!);
      return figureOf([1 + slower / (last - first)]);
    },
  };
  return [...rows, exponent];
}
