import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Calibration,
  lookup,
  NO_CALIBRATION,
  parseCalibration,
  printCalibration,
} from '../../compiler/analysis/calibration.js';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const range = fc
  .record({
    kind: fc.constantFrom(
      'variable' as const,
      'current' as const,
      'weight' as const,
      'synapse' as const,
      'change' as const,
      'term' as const,
      'local' as const,
    ),
    owner: fc.string(),
    name: fc.string(),
    ends: fc.tuple(number, number),
    rms: number.map(Math.abs),
    samples: fc.integer({ min: 1 }),
  })
  .map(({ kind, owner, name, ends, rms, samples }) => {
    const [minimum, maximum] = [Math.min(...ends), Math.max(...ends)];
    const maximumAbsolute = Math.max(Math.abs(minimum), Math.abs(maximum));
    return { kind, owner, name, minimum, maximum, maximumAbsolute, rms, samples };
  });
const provenance = fc.record({
  drive: fc.string(),
  seed: fc.integer(),
  episodes: fc.integer({ min: 1 }),
  steps: fc.integer({ min: 1 }),
  network: fc.string(),
});
const calibration = fc
  .record({ source: fc.string(), ranges: fc.array(range), provenance: fc.option(provenance) })
  .map(
    ({ source, ranges, provenance }): Calibration => ({
      schema: 'plastron-calibration-1',
      source,
      ranges,
      ...(provenance ? { provenance } : {}),
    }),
  );

const one: Calibration = {
  schema: 'plastron-calibration-1',
  source: 'by hand',
  ranges: [
    {
      kind: 'weight',
      owner: 'a->b',
      name: 'w',
      minimum: -2,
      maximum: 1,
      maximumAbsolute: 2,
      rms: 1,
      samples: 3,
    },
  ],
};

describe('calibration text', () => {
  it('reads back what it printed', () => {
    fc.assert(
      fc.property(calibration, (c) => {
        expect(parseCalibration(printCalibration(c), 'c.json')).toEqual(c);
      }),
      { seed: 41 },
    );
  });

  it('has one range a line', () => {
    const lines = printCalibration({ ...one, ranges: [...one.ranges, ...one.ranges] }).split('\n');
    expect(lines.filter((line) => line.includes('"owner"'))).toHaveLength(2);
    expect(parseCalibration(printCalibration(NO_CALIBRATION), 'c.json')).toEqual(NO_CALIBRATION);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, -4)],
    ['another schema', (text: string) => text.replace('calibration-1', 'calibration-9')],
    ['an unknown field', (text: string) => text.replace('"rms"', '"mean":0,"rms"')],
    ['no samples', (text: string) => text.replace('"samples":3', '"samples":0')],
    [
      'a wrong largest magnitude',
      (text: string) => text.replace('"maximumAbsolute":2', '"maximumAbsolute":1'),
    ],
    [
      'ends that are swapped',
      (text: string) =>
        text.replace('"maximum":1', '"maximum":-2.5').replace('Absolute":2', 'Absolute":2.5'),
    ],
    ['a number that is none', (text: string) => text.replace('"rms":1', '"rms":null')],
  ])('is refused: %s', (_, change) => {
    const text = printCalibration(one);
    expect(change(text)).not.toBe(text);
    expect(() => parseCalibration(change(text), 'c.json')).toThrow('PL2009');
  });

  it('is looked up by kind, owner and name', () => {
    expect(lookup(one).find('weight', 'a->b', 'w')).toEqual(one.ranges[0]);
    expect(lookup(one).find('variable', 'a->b', 'w')).toBeUndefined();
  });
});
