import { describe, expect, it } from 'vitest';
import type { PlacedNetwork } from '../../../compiler/levels/placed.js';
import { foldNetwork } from '../../../compiler/passes/fold.js';
import { cluster, palette } from '../../../compiler/passes/palette.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { ECHO } from '../../machines/networks.js';
import { calibrationOf, seen, type Watched, watched } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 53;
type Point = readonly number[];

const distance = (a: Point, b: Point): number =>
  Math.sqrt(a.reduce((sum, v, d) => sum + (v - b[d]!) ** 2, 0));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

function randomPoints(dice: Dice): Point[] {
  const dimensions = dice.whole(1, 4);
  return Array.from({ length: dice.whole(1, 30) }, () =>
    Array.from({ length: dimensions }, () =>
      dice.chance(0.3) ? dice.whole(-1, 1) : dice.real(-5, 5),
    ),
  );
}

describe('k-means', () => {
  it('finds two heaps that lie apart, and their means', () => {
    const heap = [
      [0, 0],
      [0, 2],
      [2, 1],
    ] as const;
    const points = [...heap, ...heap.map(([a, b]) => [a + 100, b - 50])];
    const { centres, nearest } = cluster(points, 2, 1);
    expect(new Set(nearest.slice(0, 3)).size).toBe(1);
    expect(new Set(nearest.slice(3)).size).toBe(1);
    expect(nearest[0]).not.toBe(nearest[3]);
    expect(centres[nearest[0]!]!).toEqual([2 / 3, 1]);
    expect(centres[nearest[3]!]!).toEqual([100 + 2 / 3, -49]);
  });

  it('has the mean of all as its one centre', () => {
    expect(
      cluster(
        [
          [1, 0],
          [2, 0],
          [6, 3],
        ],
        1,
        9,
      ).centres,
    ).toEqual([[3, 1]]);
  });

  it(`is repeatable, stable and never has more centres than asked (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < 100; run++) {
      const points = randomPoints(dice);
      const size = dice.whole(1, 8);
      const found = cluster(points, size, run);
      expect(cluster(points, size, run), `run ${run}`).toEqual(found);
      const { centres, nearest } = found;
      expect(centres.length).toBeLessThanOrEqual(Math.min(size, points.length));
      for (const [i, p] of points.entries()) {
        const own = distance(p, centres[nearest[i]!]!);
        const best = Math.min(...centres.map((c) => distance(p, c)));
        expect(own, `run ${run}, point ${i}`).toBeCloseTo(best, 12);
      }
      for (const [c, centre] of centres.entries()) {
        const own = points.filter((_, i) => nearest[i] === c);
        if (own.length === 0) continue;
        for (const [d, v] of centre.entries())
          expect(v, `run ${run}, centre ${c}`).toBeCloseTo(mean(own.map((p) => p[d]!)), 12);
      }
    }
  });

  it(`gives every distinct point a centre of its own where there are enough (seed ${SEED + 1})`, () => {
    const dice = new Dice(SEED + 1);
    for (let run = 0; run < 100; run++) {
      const points = randomPoints(dice);
      const distinct = new Set(points.map(String)).size;
      const { centres, nearest } = cluster(points, distinct + dice.whole(0, 3), run);
      expect(centres.length, `run ${run}`).toBe(distinct);
      for (const [i, p] of points.entries())
        expect(distance(p, centres[nearest[i]!]!), `run ${run}`).toBeLessThan(1e-12);
    }
  });
});

const RULE =
  'rule r(per synapse a, b, rate = 1)\n  e <- e + x\n  dw = rate * a * x + b * m * w * e\n';

function network(a: readonly number[], b: readonly number[], neurons = 2): Network {
  return foldNetwork(
    new NetworkBuilder('n')
      .input('input', a.length / neurons)
      .population('out', neurons, ECHO)
      .projection('input', 'out', { rule: RULE, parameters: { a, b } })
      .output('out')
      .build(),
  );
}

interface Shared extends Watched {
  /** The vector (a, b) of every synapse. */
  readonly vectors: Point[];
}

/** `cut`: neurons below it lie on core 0, the others on core 1. */
function share(
  given: Network,
  size: number | undefined,
  cut = 2,
  ranges: Parameters<typeof calibrationOf> = [],
): Shared {
  const all = watched({ options: { palette: size }, calibration: calibrationOf(...ranges) });
  const neurons = given.populations[1]!.size;
  const groups = [
    { population: 'out', first: 0, count: cut, core: 0 },
    { population: 'out', first: cut, count: neurons - cut, core: 1 },
  ].filter((g) => g.count > 0);
  const level: PlacedNetwork = { kind: 'network', network: given, tags: {}, groups };
  const { k0, k1 } = palette.run(level, all.context).network.projections[0]!.parameters;
  if (typeof k0 === 'number' || typeof k1 === 'number') throw new Error('no arrays');
  return { ...all, vectors: Array.from(k0!, (v, k) => [v, k1![k]!]) };
}

const A = [0.1, 0.1, 0.3, 0.7, 0.1, 0.3];
const B = [1 / 3, 1 / 3, 0.2, 0.2, 1 / 3, 0.2];
const SEEN = [
  seen('variable', 'input', 'value', -3, 3, 0.7),
  seen('variable', 'modulator', 'm', -1, 1, 0.3),
  seen('weight', 'input->out', 'w', -1, 1, 0.11),
  seen('synapse', 'input->out', 'e', -2, 2, 1.3),
];
/** Rms of the factors of a (x) and of b (m, w, e). */
const EFFECTS = [0.7, 0.3 * 0.11 * 1.3] as const;

describe('palette', () => {
  it('does nothing unless it is asked for', () => {
    const { vectors, codes } = share(network(A, B), undefined);
    expect(vectors).toEqual(A.map((a, k) => [a, B[k]!]));
    expect(codes()).toEqual([]);
  });

  it('keeps coefficients to the last bit where there are entries for all, and says that nothing changed', () => {
    const { vectors, diagnostics } = share(network(A, B), 3, 2, SEEN);
    expect(vectors).toEqual(A.map((a, k) => [a, B[k]!]));
    expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([['PL2007', 'note']]);
    expect(diagnostics[0]!.message).toContain('change Δw by 0.00 (rms, expected)');
  });

  it(`tells the expected error of Δw (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    const random = (): number[] => Array.from({ length: 24 }, () => dice.real(-1, 1));
    const [a, b] = [random(), random()];
    const { vectors, diagnostics } = share(network(a, b), 4, 2, SEEN);
    expect(new Set(vectors.map(String)).size).toBe(4);
    const squares = vectors.map(
      ([na, nb], k) => ((na! - a[k]!) * EFFECTS[0]) ** 2 + ((nb! - b[k]!) * EFFECTS[1]) ** 2,
    );
    const rms = Math.sqrt(mean(squares));
    expect(rms).toBeGreaterThan(0.01);
    expect(diagnostics[0]!.message).toContain(`change Δw by ${rms.toPrecision(3)} (rms`);
  });

  it('cares for a coefficient as much as its factors are large', () => {
    // Two values of a and two of b in all combinations: one entry each for the coordinate that matters more.
    const a = [0, 0, 1, 1];
    const b = [0, 1, 0, 1];
    const with_ = (x: number, m: number): Point[] =>
      share(network(a, b), 2, 2, [
        seen('variable', 'input', 'value', -x, x),
        seen('variable', 'modulator', 'm', -m, m),
      ]).vectors;
    expect(with_(10, 0.1).map(([v]) => v)).toEqual(a);
    expect(with_(10, 0.1).map(([, v]) => v)).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(with_(0.1, 10).map(([, v]) => v)).toEqual(b);
    expect(with_(0.1, 10).map(([v]) => v)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('has entries for each core of its own', () => {
    // Synapse k ends on neuron k mod 4; neurons 0 and 1 lie on core 0.
    const a = [1, 2, 10, 20, 1, 2, 10, 20];
    const b = a.map(() => 0.5);
    const own = share(network(a, b, 4), 2, 2);
    expect(own.vectors.map(([v]) => v)).toEqual(a);
    const together = share(network(a, b, 4), 2, 4);
    expect(new Set(together.vectors.map(String)).size).toBe(2);
    expect(together.vectors.map(([v]) => v)).not.toEqual(a);
  });

  it('leaves scalar coefficients and fixed projections alone', () => {
    const given = foldNetwork(
      new NetworkBuilder('n')
        .input('input', 2)
        .population('out', 2, ECHO)
        .projection('input', 'out', { rule: 'hebb' })
        .projection('input', 'out', { name: 'fixed', initialWeights: 0.5 })
        .output('out')
        .build(),
    );
    const all = watched({ options: { palette: 1 } });
    const groups = [{ population: 'out', first: 0, count: 2, core: 0 }];
    const level: PlacedNetwork = { kind: 'network', network: given, tags: {}, groups };
    expect(palette.run(level, all.context).network).toEqual(given);
    expect(all.codes()).toEqual([]);
  });
});
