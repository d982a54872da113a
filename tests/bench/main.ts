import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { alignTable } from '../../src/report/text-table.js';
import { benchRows, type Row } from './rows.js';

/** What `--json` prints and `--compare` reads. */
interface Report {
  readonly node: string;
  readonly cores: number;
  readonly rows: readonly ReportRow[];
}

interface ReportRow {
  readonly name: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Null where there is no bar. */
  readonly met: boolean | null;
}

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    compare: { type: 'string' },
  },
});

const old: Report | undefined =
  flags.compare === undefined ? undefined : JSON.parse(readFileSync(flags.compare, 'utf8'));

const digits = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

function metOf({ bar }: Row, median: number): boolean | null {
  if (!bar) return null;
  return 'least' in bar ? median >= bar.least : median <= bar.most;
}

function barText({ bar }: Row, met: boolean | null): string {
  if (!bar) return '';
  const text = 'least' in bar ? `at least ${digits(bar.least)}` : `at most ${digits(bar.most)}`;
  return met ? text : `${text}: missed`;
}

function before(name: string, median: number): string {
  const row = old?.rows.find((r) => r.name === name);
  return row ? `${(median / row.median).toPrecision(3)}×` : '–';
}

const reported: ReportRow[] = [];
const cells: string[][] = [['row', 'median', 'from', 'to', 'bar', ...(old ? ['to old'] : [])]];
for (const row of benchRows().filter(({ name }) => name.includes(flags.only))) {
  process.stderr.write(`${row.name}: ${row.about}\n`);
  const { median, low, high } = await row.measure();
  const met = metOf(row, median);
  reported.push({ name: row.name, median, low, high, met });
  const figures = [median, low, high].map(digits);
  cells.push([row.name, ...figures, barText(row, met), ...(old ? [before(row.name, median)] : [])]);
}
const report: Report = { node: process.version, cores: availableParallelism(), rows: reported };
process.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : alignTable(cells)}\n`);
