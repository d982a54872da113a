import type { MicroAction, MicroKernel, MicroOperation } from '../../levels/micro/micro.js';
import {
  type Format,
  formatOfRange,
  maximumOf,
  minimumOf,
  type Range,
  rangeOfFormat,
} from '../../levels/numbers/format.js';

/** What is delivered over the synapses of one accumulator. */
export interface Delivery {
  readonly weight: Range;
  readonly payload: Range;
  readonly accumulator: Format;
  /** The most synapses that end on one neuron. */
  readonly fanIn: number;
}

/** Whether a sum of weight · payload over a neuron's synapses can pass its accumulator, which starts at 0. */
export function canWrap({ weight, payload, accumulator, fanIn }: Delivery): boolean {
  const [low, high] = productRange(weight, payload);
  return (
    Math.min(0, low) * fanIn < minimumOf(accumulator) ||
    Math.max(0, high) * fanIn > maximumOf(accumulator)
  );
}

/** sum ← wrap(sum + weight · payload) as a kernel over the fields `sum`, `weight` and `payload`; no wrap where none can be. */
export function deliveryKernel(delivery: Delivery): MicroKernel {
  const { weight, payload, accumulator } = delivery;
  const product = productRange(weight, payload);
  const sum = rangeOfFormat(accumulator);
  const wraps = canWrap(delivery);
  const origin = { file: '', line: 1, column: 1, length: 0 };
  const made: MicroOperation[] = [];
  const add = (action: MicroAction, format: Format): number =>
    made.push({ ...action, format, origin }) - 1;
  const load = (field: string, range: Range): number =>
    add({ kind: 'load', field }, formatOfRange(...range, 0));
  const left = load('sum', sum);
  const factors = { left: load('weight', weight), right: load('payload', payload) };
  const right = add({ kind: 'multiply', ...factors }, formatOfRange(...product, 0));
  const format = wraps ? formatOfRange(sum[0] + product[0], sum[1] + product[1], 0) : accumulator;
  let value = add({ kind: 'add', left, right }, format);
  if (wraps) value = add({ kind: 'limit', operand: value, overflow: 'wrap' }, accumulator);
  add({ kind: 'store', field: 'sum', value }, accumulator);
  return { kind: 'synapse', owner: 'delivery', operations: made, registers: undefined };
}

function productRange(a: Range, b: Range): Range {
  const all = a.flatMap((x) => b.map((y) => x * y + 0));
  return [Math.min(...all), Math.max(...all)];
}
