import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostMachine } from '../../runtime/host/host.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import { taskOf } from '../../src/tasks/registry.js';
import { createMembers } from '../../src/train/evaluator.js';
import { genomeOf, synapseUpdatesPerStep, withGenome } from '../../src/train/genome.js';
import { createPolicyNetwork } from '../../src/train/policy.js';

const task = taskOf('point-mass');
const plastic = createPolicyNetwork(task, { hidden: 4 });
const fixed = createPolicyNetwork(task, { hidden: 4, rule: 'static' });

describe('a policy network', () => {
  it('has the sizes of the task, and the bindings of plasticity-driven learning', () => {
    const bindings = plastic.projections.map((p) =>
      p.bindings.map((b) => `${b.signal} = ${b.side}.${b.variable}`),
    );
    expect(plastic.populations.map((p) => p.size)).toEqual([6, 4, 2]);
    expect(bindings).toEqual([
      ['x = pre.value', 'y = post.trace'],
      ['x = pre.trace', 'y = post.value'],
    ]);
    expect(plastic.projections.map((p) => p.initialWeights)).toEqual([0, 0]);
  });

  it('begins at random weights that depend on the seed when it is static', () => {
    const weights = (seed: number) =>
      genomeOf(createPolicyNetwork(task, { rule: 'static', seed })).values;
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
    const variance = weights(1).reduce((sum, w) => sum + w * w, 0) / weights(1).length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 1);
  });

  it('takes any rule of the library', () => {
    const other = createPolicyNetwork(task, { rule: 'abcd', neuron: 'lif', hidden: 3 });
    expect(genomeOf(other).slots.length).toBeGreaterThan(2);
  });
});

describe('a genome', () => {
  it('lists the per-synapse parameters of every rule, in order', () => {
    const { slots, values } = genomeOf(plastic);
    expect(slots.map((s) => (s.kind === 'synapse' ? s.name : s.kind)).join(' ')).toBe(
      'lr A B C D lr A B C D',
    );
    expect(slots.map((s) => s.offset)).toEqual([0, 24, 48, 72, 96, 120, 128, 136, 144, 152]);
    expect(values).toEqual(new Float64Array(160));
  });

  it('is the initial weights where there is no rule', () => {
    const { slots, values } = genomeOf(fixed);
    expect(slots.map((s) => [s.kind, s.projection, s.length])).toEqual([
      ['weights', 'observation->hidden', 24],
      ['weights', 'hidden->action', 8],
    ]);
    expect(values).toHaveLength(32);
  });

  it('comes back from the network that it was put in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 160, maxLength: 160 }),
        (numbers) => {
          const genome = Float64Array.from(numbers);
          expect(genomeOf(withGenome(plastic, genome)).values).toEqual(genome);
        },
      ),
      { seed: 1, numRuns: 20 },
    );
  });

  it('scales weights by the largest of their projection, and leaves zeros', () => {
    const genome = new Float64Array(32);
    genome[3] = -4;
    genome[5] = 1;
    const [first, second] = withGenome(fixed, genome).projections.map((p) => p.initialWeights);
    expect((first as Float64Array)[3]).toBe(-1);
    expect((first as Float64Array)[5]).toBe(0.25);
    expect(second).toEqual(new Float64Array(8));
  });

  it('of another length is a bug', () => {
    expect(() => withGenome(plastic, new Float64Array(3))).toThrow('a genome of 3 numbers');
  });
});

describe('members side by side', () => {
  const inputs = { values: { observation: [1, -0.5, 0.25, 0, 1, 0] }, modulator: 0 };
  const genomeOfLane = (size: number, lane: number): Float64Array =>
    Float64Array.from({ length: size }, (_, i) => ((i * 37 + lane * 5) % 19) / 9 - 1);

  it.each([
    ['rules', plastic, 160],
    ['weights', fixed, 32],
  ])('with %s loaded do each what the network with its genome does', (_, network, size) => {
    const { machine, load } = createMembers({ kind: 'float', network });
    const lanes = Array.from({ length: machine.lanes }, (_, lane) => lane);
    for (const lane of lanes) load(genomeOfLane(size, lane), lane);
    const singles = lanes.map((lane) =>
      createHostMachine(withGenome(network, genomeOfLane(size, lane))),
    );
    for (const episode of [1, 2]) {
      for (const m of [machine, ...singles]) m.reset({ seed: episode });
      let moved = false;
      for (let step = 0; step < 20; step++) {
        machine.step(lanes.map(() => inputs));
        for (const [lane, single] of singles.entries()) {
          const expected = Array.from(single.step(inputs)['action']!);
          expect(Array.from(machine.outputs(lane)['action']!)).toEqual(expected);
          moved ||= expected.some((v) => v !== 0);
        }
      }
      expect(moved).toBe(true);
    }
  });

  it('pass learning and probes through', () => {
    const { machine } = createMembers({ kind: 'float', network: fixed });
    machine.reset({ seed: 1 });
    machine.learning = false;
    expect(machine.learning).toBe(false);
    expect(machine.read({ kind: 'weight', projection: 'hidden->action' }, 2)).toHaveLength(8);
  });
});

describe('synapse updates', () => {
  it('count plastic synapses by how often their rule runs', () => {
    expect(synapseUpdatesPerStep(plastic)).toBe(32);
    expect(synapseUpdatesPerStep(fixed)).toBe(0);
    const parameters = { lr: 0, A: 0, B: 0, C: 0, D: 0 };
    const slow = new NetworkBuilder('slow')
      .input('a', 3)
      .population('b', 2, 'ternary_lif')
      .projection('a', 'b', { rule: 'pdlf', parameters, every: 4 })
      .output('b')
      .build();
    expect(synapseUpdatesPerStep(slow)).toBe(1.5);
  });
});
