import { z } from 'zod';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { didYouMean } from '../../../compiler/diagnostics/diagnostic.js';
import { issueText, parseJson } from '../json.js';
import { Faults, type Port, type Recording, recordingOf, widthOf } from './recording.js';

/** JSON has no NaN, but 1e999 is read as infinite: `isFinite` is asked for below, so that the place can be told. */
const number = z.custom<number>((value) => typeof value === 'number', 'a number is expected');

const shape = z.strictObject({
  inputs: z.record(z.string(), z.array(z.array(number))),
  modulator: z.array(number).optional(),
});

/**
 * Reads `{ "inputs": { PORT: [[…], …] }, "modulator": […] }`: per port one array per step, and perhaps one modulator per
 * step.
 *
 * @throws DiagnosticsError PL4407 (no such JSON), PL4402 (ports or lengths that are not those of the machine), PL4403
 *   (infinite), PL4404 (no steps).
 */
export function readJsonInputs(text: string, file: string, ports: readonly Port[]): Recording {
  const parsed = shape.safeParse(parseJson(text, file, 'PL4407'));
  const faults = new Faults();
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      faults.add(diagnostic('PL4407', `\`${file}\` holds no inputs: ${issueText(issue)}`));
    }
    faults.finish();
    throw new Error('a failed parse without an issue');
  }
  const { inputs, modulator } = parsed.data;
  const steps = Object.values(inputs)[0]?.length ?? 0;
  checkPorts(inputs, ports, file, faults);
  for (const { name, size } of ports) {
    if (!Object.hasOwn(inputs, name)) continue;
    const rows = inputs[name]!;
    checkSteps(`inputs.${name}`, rows.length, steps, file, faults);
    for (const [step, row] of rows.entries()) {
      if (row.length !== size) {
        const message = `\`${file}\`: inputs.${name}.${step} has ${row.length} values, the input takes ${size}`;
        faults.add(diagnostic('PL4402', message));
      }
      checkFinite(`inputs.${name}.${step}`, row, file, faults);
    }
  }
  if (modulator) {
    checkSteps('modulator', modulator.length, steps, file, faults);
    checkFinite('modulator', modulator, file, faults);
  }
  faults.finish();
  const rows = Array.from({ length: steps }, (_, step) => {
    const row = new Float64Array(widthOf(ports));
    row.set(ports.flatMap(({ name }) => inputs[name]![step]!));
    return row;
  });
  return recordingOf(file, ports, rows, modulator);
}

function checkPorts(
  inputs: Readonly<Record<string, unknown>>,
  ports: readonly Port[],
  file: string,
  faults: Faults,
): void {
  const known = ports.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (known.includes(name)) continue;
    const help = didYouMean(name, known, 'the inputs are');
    faults.add(diagnostic('PL4402', `\`${file}\`: no input is named \`${name}\``, { help }));
  }
  for (const name of known) {
    if (Object.hasOwn(inputs, name)) continue;
    faults.add(diagnostic('PL4402', `\`${file}\` has no values for the input \`${name}\``));
  }
}

function checkSteps(
  what: string,
  there: number,
  steps: number,
  file: string,
  faults: Faults,
): void {
  if (there === steps) return;
  const message = `\`${file}\`: ${what} has ${there} steps, the first input has ${steps}`;
  faults.add(diagnostic('PL4402', message));
}

function checkFinite(what: string, values: readonly number[], file: string, faults: Faults): void {
  for (const [i, value] of values.entries()) {
    if (Number.isFinite(value)) continue;
    faults.add(diagnostic('PL4403', `\`${file}\`: ${what}.${i} is not a finite number`));
  }
}
