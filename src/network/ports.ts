import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, didYouMean, fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Inputs } from './machine.js';
import type { InputPort, OutputPort } from './network.js';
import { valueAt } from './synapses.js';

/** A value within ±clip; NaN stays NaN. Comparisons, for `Math.min` and `Math.max` take longer. */
export function limit(value: number, clip: number): number {
  if (value > clip) return clip;
  if (value < -clip) return -clip;
  return value;
}

/** What an input population receives for one value of the outside: normalised, scaled, clipped; float64, unrounded. */
export function inputValue(port: InputPort, index: number, value: number): number {
  const normalised = (value - valueAt(port.mean, index)) / valueAt(port.deviation, index);
  return limit(normalised * port.scale, port.clip);
}

/** What the outside reads for one value of a variable: scaled, then clipped; float64. */
export function outputValue(port: OutputPort, value: number): number {
  return limit(value * port.scale, port.clip);
}

/**
 * The values given to one input port, checked: present, one per neuron, all finite.
 *
 * @throws DiagnosticsError PL5010 (missing), PL5011 (length), PL5012 (NaN or infinite).
 */
function portValues(inputs: Inputs, name: string, size: number): ArrayLike<number> {
  const values = Object.hasOwn(inputs.values, name) ? inputs.values[name] : undefined;
  if (values === undefined) {
    return fail(diagnostic('PL5010', `the step gives no values for the input \`${name}\``));
  }
  if (values.length !== size) {
    fail(diagnostic('PL5011', `the input \`${name}\` takes ${size} values, not ${values.length}`));
  }
  for (let i = 0; i < size; i++) {
    if (Number.isFinite(values[i])) continue;
    fail(diagnostic('PL5012', `value ${i} of the input \`${name}\` is ${values[i]}`));
  }
  return values;
}

/**
 * Checks the inputs of one step as a whole: every port as in `portValues`, no port that the machine lacks, a
 * finite modulator.
 *
 * @throws DiagnosticsError PL5010, PL5011, PL5012, PL5013 (unknown port).
 */
export function checkInputs(
  inputs: Inputs,
  ports: readonly { readonly name: string; readonly size: number }[],
): void {
  for (const name in inputs.values) {
    if (!ports.some((port) => port.name === name)) reportUnknown(inputs, ports);
  }
  for (const { name, size } of ports) portValues(inputs, name, size);
  if (!Number.isFinite(inputs.modulator)) {
    fail(diagnostic('PL5012', `the modulator of the step is ${inputs.modulator}`));
  }
}

function reportUnknown(inputs: Inputs, ports: readonly { readonly name: string }[]): void {
  const known = ports.map((port) => port.name);
  const bag = new DiagnosticBag();
  for (const name of Object.keys(inputs.values)) {
    if (known.includes(name)) continue;
    const help = didYouMean(name, known, 'it has');
    bag.add(diagnostic('PL5013', `the machine has no input \`${name}\``, { help }));
  }
  bag.finish();
}
