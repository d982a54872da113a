import { describe, expect, it } from 'vitest';
import {
  lookup,
  NO_CALIBRATION,
  parseCalibration,
} from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import { targetNamed } from '../../../targets/index.js';
import { calibrationOf, codesOf, seen } from '../context.js';

const KINDS = ['variable', 'current', 'weight', 'synapse', 'change', 'term', 'local'] as const;

describe('a calibration', () => {
  it('tells kinds, owners and names apart', () => {
    const ranges = KINDS.flatMap((kind, k) =>
      ['a', 'a->b'].flatMap((owner, o) =>
        ['w', 'w: x * y'].map((name, n) => seen(kind, owner, name, -1, 100 * k + 10 * o + n)),
      ),
    );
    const found = lookup(calibrationOf(...ranges));
    for (const range of ranges) {
      expect(found.find(range.kind, range.owner, range.name)).toEqual(range);
    }
    expect(found.find('weight', 'b', 'w')).toBeUndefined();
    expect(lookup(NO_CALIBRATION).find('weight', 'a', 'w')).toBeUndefined();
  });

  it('is refused with PL2009 where it is no JSON, or none of ours', () => {
    for (const text of ['', 'ranges', '{}', '[]', 'null', '{"schema":"plastron-calibration-1"}'])
      expect(
        codesOf(() => parseCalibration(text, 'c.json')),
        text,
      ).toEqual(['PL2009']);
  });

  it('chooses the formats of a compilation, and travels in the Program', () => {
    const network = new NetworkBuilder('n')
      .input('input', 2)
      .population('cell', 2, 'neuron cell()\n  v <- v * 0.5 + I\n  value <- v\n')
      .projection('input', 'cell', { rule: 'rule r()\n  dw = x * y\n' })
      .output('cell')
      .build();
    const target = targetNamed('loihi2');
    const formatOf = (largest: number, lowest = -largest): string => {
      const calibration = calibrationOf(
        seen('variable', 'input', 'value', lowest, largest),
        seen('variable', 'cell', 'v', lowest, largest),
        seen('variable', 'cell', 'value', -1, 1),
        seen('weight', 'input->cell', 'w', lowest, largest),
      );
      const { fixed, program } = compile(network, target, calibration);
      expect(parseCalibration(program.provenance.calibration, 'p')).toEqual(calibration);
      const named = (name: string): string => {
        const { format } = fixed.populations.flatMap((p) => p.fields).find((f) => f.name === name)!;
        return `${format.signed ? 's' : 'u'}${format.width}.${format.fraction}`;
      };
      const { format } = fixed.projections[0]!.weights;
      const { signal } = fixed.populations[0]!.fields.find((f) => f.role === 'trace')!;
      const { signed, width, fraction } = signal!.format;
      return `v ${named('v')} w s${format.width}.${format.fraction} x ${signed ? 's' : 'u'}${width}.${fraction}`;
    };
    // State: 24 bits, headroom 2, at most 16 fraction bits. Weight: 8 bits. Trace: 63 codes above 0, or 127 unsigned.
    expect(formatOf(1)).toBe('v s24.16 w s8.6 x s7.5');
    expect(formatOf(100)).toBe('v s24.15 w s8.0 x s7.-1');
    expect(formatOf(100, 0)).toBe('v s24.15 w s8.0 x u7.0');
    expect(formatOf(1000)).toBe('v s24.12 w s8.-3 x s7.-4');
    expect(formatOf(0.5, -1000)).toBe('v s24.12 w s8.-3 x s7.-4');
  });
});
