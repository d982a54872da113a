import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gccVersion } from './kernel/c-program.js';
import { failedRow, parseReport, printReport, type ReportRow, reportRow } from './report.js';
import { benchRows } from './rows/all.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    compare: { type: 'string' },
  },
});
const old =
  flags.compare === undefined ? undefined : parseReport(readFileSync(flags.compare, 'utf8'));

const rows: ReportRow[] = [];
for (const row of benchRows().filter(({ name }) => name.includes(flags.only))) {
  process.stderr.write(`${row.name}: ${row.about}\n`);
  try {
    rows.push(reportRow(row, await row.measure()));
  } catch (error) {
    process.exitCode = 1;
    rows.push(failedRow(row, error));
  }
}
const report = {
  node: process.version,
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? 'unknown',
  gcc: gccVersion() ?? null,
  rows,
};
process.stdout.write(
  `${flags.json ? JSON.stringify(report, null, 2) : printReport(report, old)}\n`,
);
