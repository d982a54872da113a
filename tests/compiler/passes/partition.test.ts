import { describe, expect, it } from 'vitest';
import type { Group } from '../../../compiler/levels/fixed/fixed.js';
import { partition } from '../../../compiler/passes/partition.js';
import { NetworkBuilder, type ProjectionOptions } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { columnsOf } from '../../../src/network/synapses.js';
import { ECHO } from '../../machines/networks.js';
import { limited, unplaced, type Watched, watched } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 77;
const PLENTY = 2 ** 30;
const LEARNS: ProjectionOptions = { rule: 'rule r()\n  dw = x\n' };
const REMEMBERS: ProjectionOptions = { rule: 'rule r()\n  e <- e + x\n  dw = e\n' };

/** One input neuron, and populations of these sizes, each heard by the input through one projection. */
function network(sizes: readonly number[], options: ProjectionOptions = {}, inputs = 1): Network {
  const build = new NetworkBuilder('n').input('input', inputs);
  for (const [i, size] of sizes.entries()) {
    build.population(`p${i}`, size, ECHO).projection('input', `p${i}`, options);
  }
  return build.output('p0').build();
}

interface Limits {
  readonly neurons: number;
  readonly bits?: number;
  readonly cores?: number;
  readonly weightBits?: number;
}

interface Placed extends Watched {
  readonly groups: readonly Group[];
}

function place(
  given: Network,
  { neurons, bits = PLENTY, cores = 1000, weightBits = 8 }: Limits,
): Placed {
  const capabilities = limited({ neuronsPerCore: neurons, synapseBitsPerCore: bits, cores });
  const all = watched({ capabilities, options: { weightBits } });
  return { ...all, groups: partition.run(unplaced(given), all.context).groups };
}

/** `p0[0..2]@0`, in order. */
const text = (groups: readonly Group[]): string[] =>
  groups.map((g) => `${g.population}[${g.first}..${g.first + g.count - 1}]@${g.core}`);

describe('partition', () => {
  it('fills a core with neurons to the last one', () => {
    const given = network([3, 5, 2]);
    expect(text(place(given, { neurons: 4 }).groups)).toEqual([
      'p0[0..2]@0',
      'p1[0..0]@0',
      'p1[1..4]@1',
      'p2[0..1]@2',
    ]);
    expect(text(place(given, { neurons: 10 }).groups)).toEqual([
      'p0[0..2]@0',
      'p1[0..4]@0',
      'p2[0..1]@0',
    ]);
    expect(text(place(given, { neurons: 9 }).groups).at(-1)).toBe('p2[1..1]@1');
  });

  it('starts a core with a population where the last one is full', () => {
    expect(text(place(network([4, 4]), { neurons: 4 }).groups)).toEqual([
      'p0[0..3]@0',
      'p1[0..3]@1',
    ]);
  });

  // With 4 neurons a core, an index and a profile take 2 bits each; a tag takes 9.
  it.each([
    ['a fixed synapse: weight and index', {}, 8 + 2],
    ['a learning one: and a profile', LEARNS, 8 + 2 + 2],
    ['one with a variable: and a tag', REMEMBERS, 8 + 2 + 2 + 9],
  ])('counts the bits of %s, to the last one', (_, options, each) => {
    const given = network([4], options, 3);
    const perNeuron = 3 * each;
    const limits = { neurons: 4 };
    expect(text(place(given, { ...limits, bits: 4 * perNeuron }).groups)).toEqual(['p0[0..3]@0']);
    expect(text(place(given, { ...limits, bits: 4 * perNeuron - 1 }).groups)).toEqual([
      'p0[0..2]@0',
      'p0[3..3]@1',
    ]);
    expect(text(place(given, { ...limits, bits: perNeuron }).groups)).toHaveLength(4);
  });

  it('counts the bits that the user gives to weights', () => {
    const bits = 4 * 3 * (5 + 2);
    const given = network([4], {}, 3);
    expect(place(given, { neurons: 4, bits, weightBits: 5 }).groups).toHaveLength(1);
    expect(place(given, { neurons: 4, bits, weightBits: 6 }).groups).toHaveLength(2);
  });

  it('counts only the synapses that exist', () => {
    const connectivity = [
      [0, 0],
      [1, 0],
      [2, 1],
    ] as const;
    const given = network([4], { connectivity }, 3);
    const each = 8 + 2;
    expect(text(place(given, { neurons: 4, bits: 2 * each }).groups)).toEqual([
      'p0[0..0]@0',
      'p0[1..3]@1',
    ]);
  });

  it('PL3012: one neuron fits a core to the last bit, or not at all', () => {
    const given = network([2], LEARNS, 5);
    const each = 8 + 2 + 2;
    expect(place(given, { neurons: 4, bits: 5 * each }).codes()).toEqual([]);
    const { codes, diagnostics } = place(given, { neurons: 4, bits: 5 * each - 1 });
    expect(codes()).toEqual(['PL3012']);
    expect(diagnostics[0]!.message).toBe(
      `the synapses on p0[0] need ${5 * each} bits; a core of loihi2 has ${5 * each - 1}`,
    );
  });

  it('PL3013: as many cores as the chip has, and not one more', () => {
    const given = network([3, 3]);
    expect(place(given, { neurons: 2, cores: 3 }).codes()).toEqual([]);
    const { codes, diagnostics } = place(given, { neurons: 2, cores: 2 });
    expect(codes()).toEqual(['PL3013']);
    expect(diagnostics[0]!.message).toContain('needs 3 cores; loihi2 has 2');
  });

  it(`covers every population in order, overfills no core and leaves no room unused (seed ${SEED})`, () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < 60; run++) {
      const sizes = Array.from({ length: dice.whole(1, 5) }, () => dice.whole(1, 9));
      const inputs = dice.whole(1, 6);
      const connectivity = { density: dice.real(0, 1), seed: dice.word() };
      const given = network(sizes, { connectivity }, inputs);
      const neurons = dice.whole(2, 8);
      const each = 8 + Math.ceil(Math.log2(neurons));
      const bits = each * dice.whole(inputs, 4 * inputs);
      const { groups } = place(given, { neurons, bits });
      const owners = groups.flatMap((g) =>
        Array.from({ length: g.count }, (_, i) => ({ name: g.population, i: g.first + i, ...g })),
      );
      const expected = sizes.flatMap((size, p) =>
        Array.from({ length: size }, (_, i) => `p${p}.${i}`),
      );
      expect(
        owners.map((o) => `${o.name}.${o.i}`),
        `run ${run}`,
      ).toEqual(expected);
      const needOf = ({ name, i }: (typeof owners)[number]): number => {
        const projection = given.projections.find((p) => p.post === name)!;
        const columns = columnsOf(projection, inputs, sizes[Number(name.slice(1))]!);
        return columns.filter((c) => c === i).length * each;
      };
      for (const [k, owner] of owners.entries()) {
        const core = owners.filter((o) => o.core === owner.core);
        const used = core.reduce((sum, o) => sum + needOf(o), 0);
        expect(core.length, `run ${run}`).toBeLessThanOrEqual(neurons);
        expect(used, `run ${run}`).toBeLessThanOrEqual(bits);
        const next = owners[k + 1];
        if (!next || next.core === owner.core) continue;
        expect(next.core, `run ${run}`).toBe(owner.core + 1);
        const fits = core.length < neurons && used + needOf(next) <= bits;
        expect(fits, `run ${run}: ${next.name}[${next.i}]`).toBe(false);
      }
    }
  });

  it('places no inputs', () => {
    expect(text(place(network([1]), { neurons: 4 }).groups)).toEqual(['p0[0..0]@0']);
  });
});
