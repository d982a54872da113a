import { describe, expect, it } from 'vitest';
import type { PlacedNetwork } from '../../../compiler/levels/placed.js';
import { legalise } from '../../../compiler/passes/legalise.js';
import type { Capabilities } from '../../../compiler/target.js';
import { ruleModel } from '../../../src/equations/load.js';
import { printExpression } from '../../../src/equations/print.js';
import { NetworkBuilder, type ProjectionOptions } from '../../../src/network/builder.js';
import { checkNetwork } from '../../../src/network/check.js';
import type { Machine } from '../../../src/network/machine.js';
import type { Network } from '../../../src/network/network.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { LOIHI1, LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { unplaced, type Watched, watched } from '../context.js';
import { Dice } from '../dice.js';

const SEED = 41;
const CELL = `neuron cell()
  a <- a * 0.5 + I
  b <- a > 1
  c <- a > 2
  d <- a > 3
  spike <- a > 0
`;

/** input → cells → more, of spiking neurons; the second projection is the one under test. */
function network(options: ProjectionOptions, clip = 1): Network {
  return new NetworkBuilder('n')
    .input('input', 2, { clip })
    .population('cells', 2, CELL)
    .population('more', 2, CELL)
    .projection('input', 'cells', { initialWeights: 0.5 })
    .projection('cells', 'more', { delay: 1, ...options })
    .output('more')
    .build();
}

interface Outcome extends Watched {
  readonly result: Network;
}

function run(given: Network, target: 'loihi1' | 'loihi2' = 'loihi2'): Outcome {
  const all = watched({ target, capabilities: target === 'loihi1' ? LOIHI1 : LOIHI2 });
  const level: PlacedNetwork = legalise.run(unplaced(given), all.context);
  return { ...all, result: checkNetwork(level.network) };
}

const normalised = (text: string): Network =>
  network({ rule: `rule r(a = 0.5)\n  dw = a * x_a\n  normalize ${text}\n` });

describe('legalise: normalisations', () => {
  it.each(['max', 'pow2'])('%s becomes a clip to ±1, with a warning', (kind) => {
    const { result, diagnostics } = run(normalised(kind));
    const { rule } = result.projections[1]!;
    expect(rule!.normalizations).toMatchObject([{ kind: 'clip', low: -1, high: 1 }]);
    expect(rule!.text).toContain('normalize clip -1 1');
    expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([['PL3001', 'warning']]);
    expect(diagnostics[0]!.message).toContain(`cells->more: loihi2 cannot normalise by ${kind}`);
    expect(diagnostics[0]!.span).toEqual(
      normalised(kind).projections[1]!.rule!.normalizations[0]!.origin,
    );
  });

  describe('by a target with scales', () => {
    const able: Capabilities = { ...LOIHI2, normalizations: ['clip', 'decay', 'max'] };
    const outcome = (given: Network): [kinds: string[], messages: string[]] => {
      const all = watched({ target: 'able', capabilities: able });
      const { network: legal } = legalise.run(unplaced(given), all.context);
      const { rule } = checkNetwork(legal).projections[1]!;
      return [rule!.normalizations.map((n) => n.kind), all.diagnostics.map((d) => d.message)];
    };
    const replaced = (kind: string): string =>
      `cells->more: able cannot normalise by ${kind}; weights are clipped to ±1 instead`;

    it.each([
      ['max', ['max'], []],
      ['decay 0.125, max', ['max'], []],
      ['max, decay 0.125', ['max'], ['normalises weights after their decay']],
      ['clip -1 1', ['clip'], []],
      ['pow2', ['clip'], [replaced('pow2')]],
      ['clip -2 2, max', ['clip', 'clip'], [replaced('max')]],
      ['max, clip -0.5 0.5', ['clip', 'clip'], [replaced('max')]],
    ])('%s becomes %j', (text, expected, messages) => {
      const [kinds, said] = outcome(normalised(text));
      expect(kinds).toEqual(expected);
      expect(said).toEqual(messages.map((m) => expect.stringContaining(m)));
    });

    it('max of messages that are weighed when sent is replaced', () => {
      const rule = 'rule r(a = 0.5)\n  dw = a * x_a\n  normalize max\n';
      expect(outcome(network({ rule, weight: 'send', delay: 2 }))).toEqual([
        ['clip'],
        [replaced('max')],
      ]);
    });
  });

  it('a clip stays as it is', () => {
    const given = normalised('clip -0.5 0.25');
    const { result, codes } = run(given);
    expect(result.projections[1]!.rule).toBe(given.projections[1]!.rule);
    expect(codes()).toEqual([]);
  });

  it('a decay becomes a product with the weight', () => {
    const { result, codes } = run(normalised('decay 0.125, clip -1 1'));
    const { rule } = result.projections[1]!;
    expect(printExpression(rule!.dw!)).toBe('a * x_a + -0.125 * w');
    expect(rule!.normalizations.map((n) => n.kind)).toEqual(['clip']);
    expect(ruleModel(rule!.text).normalizations.map((n) => n.kind)).toEqual(['clip']);
    expect(codes()).toEqual([]);
  });

  it('a decay alone is a rule', () => {
    const { result } = run(network({ rule: 'rule fade()\n  normalize decay 0.25\n' }));
    expect(printExpression(result.projections[1]!.rule!.dw!)).toBe('-0.25 * w');
  });

  it.each([
    ['clip -1 1, decay 0.5', 1],
    ['max, decay 0.5', 2],
    ['decay 0.25, decay 0.5', 0],
    ['decay 0.25, clip -1 1', 0],
  ])('%s gives %i warnings: a decay is legal before a clip only', (text, warnings) => {
    expect(run(normalised(text)).codes()).toEqual(Array(warnings).fill('PL3001'));
  });

  it(`decay before a clip keeps its meaning (seed ${SEED})`, () => {
    const given = normalised('decay 0.125, decay 0.0625, clip -1 1');
    const machines = [given, run(given).result].map((n) => createReferenceMachine(n));
    const dice = new Dice(SEED);
    const weights = Array.from({ length: 4 }, () => dice.real(-1, 1));
    const probe = { kind: 'weight', projection: 'cells->more' } as const;
    for (const m of machines) m.write(probe, weights);
    let changed = 0;
    for (let step = 0; step < 30; step++) {
      const values = { input: [dice.real(-2, 2), dice.real(-2, 2)] };
      const states = machines.map((m: Machine) => {
        m.step({ values, modulator: 0 });
        return Array.from(m.read(probe));
      });
      for (const [k, w] of states[0]!.entries()) expect(states[1]![k]).toBeCloseTo(w, 12);
      if (`${states[0]}` !== `${weights}`) changed++;
    }
    expect(changed).toBe(30);
  });

  it('changes nothing of what it was given', () => {
    const given = normalised('max, decay 0.5');
    const before = structuredClone(given);
    run(given);
    expect(given).toEqual(before);
  });
});

const rule = (...lines: string[]): ProjectionOptions => ({
  rule: `rule r()\n${lines.map((l) => `  ${l}\n`).join('')}`,
});

describe('legalise: limits, at their edges', () => {
  it.each([
    ['loihi2', 63, []],
    ['loihi2', 64, ['PL3004']],
    ['loihi1', 62, []],
    ['loihi1', 63, ['PL3004']],
  ] as const)('%s with delay %i: %j', (target, delay, codes) => {
    expect(run(network({ delay }), target).codes()).toEqual(codes);
  });

  it('PL3005: a synapse has one variable beside its weight, however often it is assigned', () => {
    const one = rule('e <- e * 0.5 + x', 'e <- e * 0.5', 'f = e * 2', 'dw = f');
    const two = rule('e <- e * 0.5 + x', 'f <- f * 0.5 + e', 'dw = f');
    expect(run(network(one)).codes()).toEqual([]);
    expect(run(network(two)).codes()).toEqual(['PL3005']);
  });

  it('PL3006: a condition in a rule, once per condition', () => {
    const free = rule('e <- e * 0.5 + x', 'dw = e');
    const bound = rule('e <- e * 0.5 + x if y_b > 0', 'e <- 0 if x > 1', 'dw = e');
    expect(run(network(free)).codes()).toEqual([]);
    expect(run(network(bound)).codes()).toEqual(['PL3006', 'PL3006']);
  });

  it('PL3007: a third factor reaches learning on loihi2 alone', () => {
    const modulated = rule('dw = m * x');
    expect(run(network(modulated)).codes()).toEqual([]);
    expect(run(network(modulated), 'loihi1').codes()).toEqual(['PL3007']);
    expect(run(network(rule('dw = x')), 'loihi1').codes()).toEqual([]);
  });

  it.each([
    ['dw = x_a * x_b', []],
    ['dw = x_a * x_b * x_c', ['PL3008']],
    ['dw = y_a * y_b * y_c', []],
    ['dw = y_a * y_b * y_c * y_d', ['PL3008']],
    ['dw = y_a * y_b * m', []],
    ['dw = y_a * y_b * y_c * m', ['PL3008']],
    ['dw = x_a * x_b * y_a * y_b * y_c', []],
    ['dw = x_a * x_a * x_a + x_b', []],
    ['dw = x_a * x_b * x_c * y_a * y_b * y_c * y_d', ['PL3008', 'PL3008']],
  ])('PL3008: two x and three y registers: %s', (text, codes) => {
    expect(run(network(rule(text))).codes()).toEqual(codes);
  });

  it('PL3008: rules of several projections share the registers of a population', () => {
    const shared = (second: string): Network =>
      new NetworkBuilder('n')
        .input('input', 2, { clip: 1 })
        .population('cells', 2, CELL)
        .projection('input', 'cells', { initialWeights: 1 })
        .projection('cells', 'cells', { name: 'p', delay: 1, ...rule('dw = x_a * y_b') })
        .projection('cells', 'cells', {
          name: 'q',
          delay: 2,
          rule: `rule s()\n  dw = ${second}\n`,
        })
        .output('cells')
        .build();
    expect(run(shared('x_a * x_b * y_c * y_d')).codes()).toEqual([]);
    expect(run(shared('x_b * x_c * y_c * y_d')).codes()).toEqual(['PL3008']);
    expect(run(shared('x_b * y_a * y_c * y_d')).codes()).toEqual(['PL3008']);
  });

  it('PL3009: loihi1 runs one layer a step; projections from inputs and delayed ones are none', () => {
    expect(run(network({ delay: 1 }), 'loihi1').codes()).toEqual([]);
    const { codes, diagnostics } = run(network({ delay: 0 }), 'loihi1');
    expect(codes()).toEqual(['PL3009']);
    expect(diagnostics[0]!.message).toContain('phase 2');
    expect(run(network({ delay: 0 })).codes()).toEqual([]);
  });

  it('PL3011: loihi1 sends single spikes', () => {
    const sending = (neuron: string, connected = true): Network => {
      const build = new NetworkBuilder('n')
        .input('input', 2, { clip: 1 })
        .population('cells', 2, neuron)
        .projection('input', 'cells', { initialWeights: 1 });
      if (connected) build.projection('cells', 'cells', { delay: 1 });
      return build.output('cells').build();
    };
    const binary = (value: string): string => `neuron n()\n  v <- v + I\n  spike <- ${value}\n`;
    for (const value of ['v > 1', '1 if v > 1', 'v > 1 and v < 2', 'v != 0'])
      expect(run(sending(binary(value)), 'loihi1').codes(), value).toEqual([]);
    for (const value of ['sign(v)', '2 if v > 1', 'v', '-1 if v > 1'])
      expect(run(sending(binary(value)), 'loihi1').codes(), value).toEqual(['PL3011']);
    expect(run(sending('ternary_lif')).codes()).toEqual([]);
    expect(run(sending('ternary_lif', false), 'loihi1').codes()).toEqual([]);
  });

  it('PL3011: an input is a train of spikes where it is clipped to 1', () => {
    expect(run(network({}, 1), 'loihi1').codes()).toEqual([]);
    expect(run(network({}, 2), 'loihi1').codes()).toEqual(['PL3011']);
    expect(run(network({}, 0.5), 'loihi1').codes()).toEqual(['PL3011']);
  });

  it('PL3015: an output is of neurons on the chip', () => {
    const build = (output: string): Network =>
      new NetworkBuilder('n')
        .input('input', 2, { clip: 1 })
        .population('cells', 2, 'lif')
        .projection('input', 'cells', { initialWeights: 1 })
        .output(output)
        .build();
    expect(run(build('cells')).codes()).toEqual([]);
    expect(run(build('input')).codes()).toEqual(['PL3015']);
  });

  it('PL3016: neurons of loihi1 multiply no values that change', () => {
    const neuron = (line: string): Network =>
      new NetworkBuilder('n')
        .input('input', 2, { clip: 1 })
        .population('cells', 2, `neuron n(k = 2)\n  v <- v / 2 + I\n  ${line}\n`)
        .projection('input', 'cells', { initialWeights: 1 })
        .output('cells')
        .build();
    for (const line of ['spike <- v > 1', 'spike <- k * k * v > k^3', 'value <- v^1 * k + 2 * I'])
      expect(run(neuron(line), 'loihi1').codes(), line).toEqual([]);
    for (const line of ['value <- v * v', 'value <- v^2', 'value <- 1 if v * I > k'])
      expect(run(neuron(line), 'loihi1').codes(), line).toEqual(['PL3016']);
    expect(run(neuron('value <- v * v')).codes()).toEqual([]);
  });

  it('reports every fault at once', () => {
    const all = {
      delay: 63,
      ...rule('e <- e + x if m > 0', 'f <- f + x', 'dw = e * f * m * x_a * x_b * x_c'),
    };
    expect(run(network(all, 2), 'loihi1').codes().sort()).toEqual([
      'PL3004',
      'PL3005',
      'PL3006',
      'PL3007',
      'PL3008',
      'PL3011',
    ]);
  });
});
