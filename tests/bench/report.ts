import { alignTable } from '../../src/report/text-table.js';
import type { Bar, Row, RowResult, Skipped } from './row.js';

/** What `--json` prints and `--compare` reads. */
export interface Report {
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
  /** The first line of `gcc --version`; null where there is none. */
  readonly gcc: string | null;
  readonly rows: readonly ReportRow[];
}

interface RowHead {
  readonly name: string;
  readonly unit: string;
  /** What measures this row again. */
  readonly command: string;
}

interface RowFigure extends RowHead {
  /** The least and the largest of the rounds. */
  readonly spread: readonly [number, number];
  readonly bar: Bar | null;
  /** Whether the median keeps the bar; null where there is none. */
  readonly met: boolean | null;
}

/** A ratio has the rates of both sides, in its unit; a value has none. */
export type ReportRow =
  | (RowFigure & { readonly ratio: number; readonly left: number; readonly right: number })
  | (RowFigure & { readonly value: number; readonly left: null; readonly right: null })
  | (RowHead & Skipped)
  | (RowHead & { readonly failed: string });

const headOf = ({ name, unit }: Row): RowHead => ({
  name,
  unit,
  command: `npm run bench -- --only ${name}`,
});

const isMet = (bar: Bar, median: number): boolean =>
  'least' in bar ? median >= bar.least : median <= bar.most;

/** What a row came to, as the report has it. */
export function reportRow(row: Row, result: RowResult | Skipped): ReportRow {
  if ('skipped' in result) return { ...headOf(row), skipped: result.skipped };
  const { median, low, high } = result;
  const figure: RowFigure = {
    ...headOf(row),
    spread: [low, high],
    bar: row.bar ?? null,
    met: row.bar ? isMet(row.bar, median) : null,
  };
  if (!('left' in result)) return { ...figure, value: median, left: null, right: null };
  return { ...figure, ratio: median, left: result.left, right: result.right };
}

/** A row that should have run and did not: sides that differ, a program that ended. */
export const failedRow = (row: Row, error: unknown): ReportRow => ({
  ...headOf(row),
  failed: error instanceof Error ? error.message : String(error),
});

/** The median of a row; undefined where it has none. */
function medianOf(row: ReportRow | undefined): number | undefined {
  if (!row) return undefined;
  if ('ratio' in row) return row.ratio;
  return 'value' in row ? row.value : undefined;
}

const digits = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

function barText(bar: Bar | null, met: boolean | null): string {
  if (!bar) return '';
  const text = 'least' in bar ? `at least ${digits(bar.least)}` : `at most ${digits(bar.most)}`;
  return met ? text : `${text}: missed`;
}

/** What a row is to the row of that name in an older report. */
function toOld(row: ReportRow, old: Report): string {
  const [now, before] = [medianOf(row), medianOf(old.rows.find((r) => r.name === row.name))];
  return now === undefined || before === undefined ? '–' : `${(now / before).toPrecision(3)}×`;
}

/** The report as a table, beside an older one. Reasons of rows without figures stand below it. */
export function printReport({ rows }: Report, old?: Report): string {
  const heading = ['row', 'median', 'from', 'to', 'left', 'right', 'unit', 'bar'];
  const cells = rows.map((row) => {
    const last = old ? [toOld(row, old)] : [];
    if (!('spread' in row)) return [row.name, '–', '–', '–', '–', '–', row.unit, '', ...last];
    const rates = [row.left, row.right].map((rate) => (rate === null ? '' : digits(rate)));
    const figures = [medianOf(row)!, ...row.spread].map(digits);
    return [row.name, ...figures, ...rates, row.unit, barText(row.bar, row.met), ...last];
  });
  const notes = rows.flatMap((row) => {
    if ('skipped' in row) return [`${row.name} is skipped: ${row.skipped}`];
    return 'failed' in row ? [`${row.name} failed: ${row.failed}`] : [];
  });
  return [alignTable([[...heading, ...(old ? ['to old'] : [])], ...cells]), ...notes].join('\n');
}

/** Reads a report; says what is wrong with a text that is none. */
export function parseReport(text: string): Report {
  const report: unknown = JSON.parse(text);
  if (typeof report === 'object' && report !== null && 'rows' in report) {
    const { rows } = report;
    if (Array.isArray(rows) && rows.every((row) => typeof row?.name === 'string')) {
      return report as Report;
    }
  }
  throw new Error('this is no report of `npm run bench -- --json`');
}
