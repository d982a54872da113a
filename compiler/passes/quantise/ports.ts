import type { Network } from '../../../src/network/network.js';
import type { FixedPopulation, FixedPort } from '../../levels/fixed/fixed.js';
import type { Format } from '../../levels/numbers/format.js';

/** What enters a population: normalised as the network says, then in the format of its messages. */
export function inputPort(port: Network['inputs'][number], format: Format): FixedPort {
  return {
    population: port.population,
    field: 'value',
    format,
    mean: plain(port.mean),
    deviation: plain(port.deviation),
    scale: port.scale,
    clip: Number.isFinite(port.clip) ? port.clip : null,
  };
}

/** What leaves a population: a variable in its own format. */
export function outputPort(
  port: Network['outputs'][number],
  populations: ReadonlyMap<string, FixedPopulation>,
): FixedPort {
  const { fields } = populations.get(port.population)!;
  return {
    population: port.population,
    field: port.variable,
    format: fields.find((f) => f.name === port.variable)!.format,
    mean: 0,
    deviation: 1,
    scale: port.scale,
    clip: Number.isFinite(port.clip) ? port.clip : null,
  };
}

const plain = (value: number | Float64Array): number | number[] =>
  typeof value === 'number' ? value : Array.from(value);
