import type { RecordingEnding } from './inputs/endings.js';
import { columnNames, type Port, widthOf } from './inputs/recording.js';
import { printNpy } from './npy.js';

/** Outputs of a run: per step the values of all ports, in their order. */
export interface RecordedOutputs {
  readonly ports: readonly Port[];
  readonly rows: readonly Float64Array[];
}

/** The file of recorded outputs, in the formats of recorded inputs: `PORT[INDEX]` columns, an array, or an object. */
export function printOutputs(
  outputs: RecordedOutputs,
  ending: RecordingEnding,
): string | Uint8Array {
  switch (ending) {
    case '.csv':
      return printCsv(outputs);
    case '.npy':
      return printArray(outputs);
    case '.json':
      return printJson(outputs);
  }
}

/** The shortest decimals that read back as the same numbers. */
function printCsv({ ports, rows }: RecordedOutputs): string {
  const lines = [columnNames(ports).join(','), ...rows.map((row) => row.join(','))];
  return `${lines.join('\n')}\n`;
}

function printArray({ ports, rows }: RecordedOutputs): Uint8Array {
  const width = widthOf(ports);
  const values = new Float64Array(rows.length * width);
  for (const [step, row] of rows.entries()) values.set(row, step * width);
  return printNpy({ shape: [rows.length, width], values });
}

function printJson({ ports, rows }: RecordedOutputs): string {
  const outputs: Record<string, number[][]> = {};
  let at = 0;
  for (const { name, size } of ports) {
    const first = at;
    outputs[name] = rows.map((row) => [...row.subarray(first, first + size)]);
    at += size;
  }
  return `${JSON.stringify({ outputs })}\n`;
}
