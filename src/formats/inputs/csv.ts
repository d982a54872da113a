import { type DiagnosticCode, diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { didYouMean, nearestNames } from '../../../compiler/diagnostics/diagnostic.js';
import {
  columnNames,
  describePorts,
  Faults,
  MODULATOR,
  type Port,
  type Recording,
  recordingOf,
  widthOf,
} from './recording.js';

/** One field of a line, without blanks and quotes around it. `column` counts from 1. */
interface Field {
  readonly text: string;
  readonly column: number;
}

/** Where in a row a column of the file goes; the modulator has no place there. */
type Place = number | typeof MODULATOR;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(nan|inf(inity)?)$/i;

/**
 * Reads comma-separated numbers, one line per step, under a header that names each column `PORT[INDEX]` (or `PORT` where
 * it has one value), in any order, and perhaps a `modulator`.
 *
 * @throws DiagnosticsError PL4401 (no such table), PL4402 (columns that are not those of the ports), PL4403 (NaN or
 *   infinite), PL4404 (no steps), each with its line and column.
 */
export function readCsv(text: string, file: string, ports: readonly Port[]): Recording {
  const lines = linesOf(text);
  const faults = new Faults();
  const report: Report = (code, message, line, field, help) => {
    const length = Math.max(1, field.text.length);
    const span = { file, line: line + 1, column: field.column, length };
    faults.add(diagnostic(code, message, { span, source: lines[line], ...(help ? { help } : {}) }));
  };
  const places = placesOf(fieldsOf(lines[0] ?? ''), ports, report);
  faults.finish();
  const modulated = places.includes(MODULATOR);
  const modulators = new Float64Array(lines.length - 1);
  const rows: Float64Array[] = [];
  for (let line = 1; line < lines.length && !faults.full; line++) {
    const row = new Float64Array(widthOf(ports));
    rows.push(row);
    const fields = fieldsOf(lines[line]!);
    if (fields.length !== places.length) {
      const message = `this line has ${fields.length} values, the header names ${places.length}`;
      report('PL4401', message, line, fields.at(-1)!);
      continue;
    }
    for (const [i, field] of fields.entries()) {
      const value = numberOf(field, line, report);
      const place = places[i]!;
      if (place === MODULATOR) modulators[line - 1] = value;
      else row[place] = value;
    }
  }
  faults.finish();
  return recordingOf(file, ports, rows, modulated ? modulators : undefined);
}

type Report = (
  code: DiagnosticCode,
  message: string,
  line: number,
  field: Field,
  help?: string,
) => void;

/** Lines without their breaks; blank ones at the end are none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  while (lines.length > 1 && lines.at(-1)!.trim() === '') lines.pop();
  return lines;
}

function fieldsOf(line: string): readonly Field[] {
  let column = 1;
  return line.split(',').map((part) => {
    const blanks = part.length - part.trimStart().length;
    const field = { text: part.trim().replace(/^"(.*)"$/, '$1'), column: column + blanks };
    column += part.length + 1;
    return field;
  });
}

function placesOf(header: readonly Field[], ports: readonly Port[], report: Report): Place[] {
  const wanted = columnNames(ports);
  const known = new Map<string, Place>([
    [MODULATOR, MODULATOR],
    ...aliases(ports),
    ...wanted.map((name, place) => [name, place] as const),
  ]);
  const seen = new Set<Place>();
  const places = header.map((field): Place => {
    const place = known.get(field.text);
    if (place === undefined) {
      const names = [...known.keys()];
      const near = nearestNames(field.text, names).length > 0;
      const help = near ? didYouMean(field.text, names) : namesHelp(ports);
      const what =
        field.text === '' ? 'a column has no name' : `no input is named \`${field.text}\``;
      report('PL4402', what, 0, field, help);
      return 0;
    }
    if (seen.has(place)) report('PL4402', `the column \`${field.text}\` is there twice`, 0, field);
    seen.add(place);
    return place;
  });
  const missing = wanted.filter((_, place) => !seen.has(place));
  if (missing.length > 0) {
    const some = missing
      .slice(0, 3)
      .map((name) => `\`${name}\``)
      .join(', ');
    const rest = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    report('PL4402', `no column gives ${some}${rest}`, 0, header[0]!, namesHelp(ports));
  }
  return places;
}

/** `PORT[0]` for a port of one value, too. */
function aliases(ports: readonly Port[]): (readonly [string, number])[] {
  let at = 0;
  return ports.flatMap(({ name, size }) => {
    const place = at;
    at += size;
    return size === 1 ? [[`${name}[0]`, place] as const] : [];
  });
}

const namesHelp = (ports: readonly Port[]): string =>
  `the inputs are ${describePorts(ports)}; a column is named PORT[INDEX], and \`${MODULATOR}\` may be there`;

function numberOf(field: Field, line: number, report: Report): number {
  const value = Number(field.text);
  if (NUMBER.test(field.text) && Number.isFinite(value)) return value;
  if (NUMBER.test(field.text) || NOT_FINITE.test(field.text)) {
    report('PL4403', `\`${field.text}\` is not a finite number`, line, field);
  } else {
    const what = field.text === '' ? 'an empty field' : `\`${field.text}\``;
    report('PL4401', `${what} is not a number`, line, field);
  }
  return 0;
}
