import { describe, expect, it } from 'vitest';
import { failedRow, parseReport, printReport, type Report, reportRow } from './report.js';
import type { Row } from './row.js';

const row = (extra: Partial<Row> = {}): Row => ({
  name: 'ours/theirs',
  about: '',
  unit: 'steps/s',
  measure: async () => ({ skipped: 'never' }),
  ...extra,
});
const ratio = { median: 2, low: 1.5, high: 2.5, left: 4000, right: 2000 };
const report = (...rows: Report['rows']): Report => ({
  ...{ node: 'v20.0.0', cores: 2, processor: 'a chip', gcc: null },
  rows,
});

describe('rows of the report', () => {
  it('have a ratio, its spread and both sides', () => {
    expect(reportRow(row({ bar: { least: 2.1 } }), ratio)).toEqual({
      name: 'ours/theirs',
      ratio: 2,
      spread: [1.5, 2.5],
      left: 4000,
      right: 2000,
      unit: 'steps/s',
      command: 'npm run bench -- --only ours/theirs',
      bar: { least: 2.1 },
      met: false,
    });
  });

  it('have a value where there are no sides', () => {
    const { median, low, high } = ratio;
    const made = reportRow(row({ bar: { most: 2 } }), { median, low, high });
    expect(made).toMatchObject({ value: 2, left: null, right: null, met: true });
    expect(made).not.toHaveProperty('ratio');
    expect(reportRow(row(), ratio)).toMatchObject({ bar: null, met: null });
  });

  it('say why there is no figure', () => {
    expect(reportRow(row(), { skipped: 'there is no gcc' })).toEqual({
      name: 'ours/theirs',
      unit: 'steps/s',
      command: 'npm run bench -- --only ours/theirs',
      skipped: 'there is no gcc',
    });
    expect(failedRow(row(), new Error('checksums differ'))).toMatchObject({
      failed: 'checksums differ',
    });
  });
});

describe('the table', () => {
  it('shows figures, bars, and reasons below', () => {
    const rows = [
      reportRow(row({ bar: { least: 3 } }), ratio),
      reportRow(row({ name: 'other' }), { skipped: 'there is no gcc' }),
      failedRow(row({ name: 'third' }), new Error('checksums differ')),
    ];
    expect(printReport(report(...rows)).split('\n')).toEqual([
      'row          median  from  to    left   right  unit     bar',
      'ours/theirs  2.00    1.50  2.50  4,000  2,000  steps/s  at least 3.00: missed',
      'other        –       –     –     –      –      steps/s',
      'third        –       –     –     –      –      steps/s',
      'other is skipped: there is no gcc',
      'third failed: checksums differ',
    ]);
  });

  it('compares with an older report, as it was written', () => {
    const older = report(reportRow(row(), { ...ratio, median: 1.6 }));
    const now = report(reportRow(row(), ratio), reportRow(row({ name: 'new' }), ratio));
    const lines = printReport(now, parseReport(JSON.stringify(older))).split('\n');
    expect(lines.map((line) => line.split(/\s+/).at(-1))).toEqual(['old', '1.25×', '–']);
  });

  it('compares with nothing else', () => {
    expect(() => parseReport('{"rows":[{}]}')).toThrow('no report');
    expect(() => parseReport('[]')).toThrow('no report');
  });
});
