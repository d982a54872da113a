import { readBytes, readText } from '../files.js';
import { readCsv } from './csv.js';
import { recordingEnding } from './endings.js';
import { readJsonInputs } from './json.js';
import { readNpyInputs } from './npy.js';
import type { Port, Recording } from './recording.js';

/**
 * Reads recorded inputs for these ports, in the format that the name ends with.
 *
 * @throws DiagnosticsError of the format's reader, and PL4010 to PL4013 for a file that cannot be read.
 */
export function readInputs(file: string, ports: readonly Port[]): Recording {
  const what = 'the file of inputs';
  switch (recordingEnding(file)) {
    case '.csv':
      return readCsv(readText(file, what), file, ports);
    case '.npy':
      return readNpyInputs(readBytes(file, what), file, ports);
    case '.json':
      return readJsonInputs(readText(file, what), file, ports);
    default:
      throw new Error(`${file} ends with no format of recorded inputs`);
  }
}
