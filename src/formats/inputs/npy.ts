import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { printShape, readNpy } from '../npy.js';
import {
  describePorts,
  Faults,
  type Port,
  type Recording,
  recordingOf,
  widthOf,
} from './recording.js';

/**
 * Reads an array [steps, values of all ports in their order].
 *
 * @throws DiagnosticsError of `readNpy`, PL4402 (not so many values), PL4403 (NaN or infinite), PL4404 (no steps).
 */
export function readNpyInputs(bytes: Uint8Array, file: string, ports: readonly Port[]): Recording {
  const { shape, values } = readNpy(bytes, file);
  const width = widthOf(ports);
  if (shape.length !== 2 || shape[1] !== width) {
    const message = `\`${file}\` is an array of shape ${printShape(shape)}; the inputs take [steps, ${width}]`;
    fail(diagnostic('PL4402', message, { help: `in this order: ${describePorts(ports)}` }));
  }
  const faults = new Faults();
  for (const [i, value] of values.entries()) {
    if (Number.isFinite(value)) continue;
    const place = `[${Math.floor(i / width)}, ${i % width}]`;
    faults.add(diagnostic('PL4403', `\`${file}\`${place} is ${value}, not a finite number`));
  }
  faults.finish();
  const rows = Array.from({ length: shape[0]! }, (_, step) =>
    values.subarray(step * width, (step + 1) * width),
  );
  return recordingOf(file, ports, rows, undefined);
}
