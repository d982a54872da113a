import { describe, expect, it } from 'vitest';
import { neuronModel, ruleModel } from '../../src/equations/load.js';
import type { NeuronModel, RuleModel } from '../../src/equations/model.js';
import { printExpression } from '../../src/equations/print.js';

const persistent = (model: NeuronModel | RuleModel): string[] =>
  model.variables.filter((v) => v.persistent).map((v) => v.name);

const neuron = (...lines: string[]): NeuronModel => neuronModel(['neuron n', ...lines].join('\n'));
const rule = (...lines: string[]): RuleModel => ruleModel(['rule r', ...lines].join('\n'));

describe('what a variable keeps from the step before', () => {
  it.each([
    ['it is read by its own update', ['v <- v + I', 'value <- v'], ['v']],
    ['it is read before it is assigned', ['value <- v', 'v <- I'], ['v']],
    ['nothing, when it is assigned first', ['v <- I', 'value <- v + v'], []],
    [
      'nothing, when it is an event that is read after its condition',
      ['v <- v + I', 'spike <- sign(v) if |v| > 1', 'v <- 0 on spike'],
      ['v'],
    ],
    [
      'it counts down after a conditional start',
      ['spike <- I > 1', 'rest <- 5 on spike', 'rest <- rest - 1 if rest > 0'],
      ['rest'],
    ],
    ['it is read by its own condition', ['value <- I if value < 1'], ['value']],
    ['it is reset before it grows', ['v <- 0 if I > 1', 'v <- v + I', 'value <- v'], ['v']],
    ['it is read through a local name', ['next = v + I', 'v <- next', 'value <- v'], ['v']],
    ['it is declared', ['state v', 'v <- I', 'value <- v'], ['v']],
  ])('%s', (_, lines, expected) => {
    expect(persistent(neuron(...lines))).toEqual(expected);
  });

  it('is the same for the state of a synapse', () => {
    expect(persistent(rule('e <- e / 2 + x', 'dw = e'))).toEqual(['e']);
    expect(persistent(rule('e <- x', 'dw = e'))).toEqual([]);
  });
});

describe('a neuron', () => {
  it('has its parameters, variables and updates in order', () => {
    const model = neuronModel(`neuron n(tau, per neuron bias = 1 / 4, scalar gain = exp(0))
  state v = -2 * 3
  leak = v / tau
  v <- v - leak + gain * I + bias as s24.6 toward-zero wrap
  spike <- 1 if v > 1
  v <- 0 on spike
`);
    expect(model.parameters.map(({ origin: _, ...p }) => p)).toEqual([
      { name: 'tau', scope: 'scalar', default: undefined },
      { name: 'bias', scope: 'neuron', default: 0.25 },
      { name: 'gain', scope: 'scalar', default: 1 },
    ]);
    expect(model.variables.map(({ name, initial }) => [name, initial])).toEqual([
      ['v', -6],
      ['spike', 0],
    ]);
    expect(model.updates.map(({ target, local }) => [target, local])).toEqual([
      ['leak', true],
      ['v', false],
      ['spike', false],
      ['v', false],
    ]);
    expect(model.updates[1]!.stated).toEqual({
      format: { signed: true, width: 24, fraction: 6 },
      rounding: 'toward-zero',
      overflow: 'wrap',
    });
    expect(model.updates.map((u) => u.condition && printExpression(u.condition))).toEqual([
      undefined,
      undefined,
      'v > 1',
      'spike',
    ]);
    expect(model.updates[3]!.origin).toEqual({
      file: 'neuron.txt',
      line: 6,
      column: 3,
      length: 15,
    });
  });

  it('rounds to nearest and saturates when it does not say', () => {
    expect(neuron('value <- I as u8.0').updates[0]!.stated).toMatchObject({
      rounding: 'nearest',
      overflow: 'saturate',
    });
  });

  it('sends value if it has one, else spike', () => {
    expect(neuron('value <- I', 'spike <- I > 1').value).toBe('value');
    expect(neuron('spike <- I > 1').value).toBe('spike');
  });

  it('takes hyphenated names after a format only', () => {
    const model = neuronModel('neuron n(toward = 1, zero = 2)\n  value <- I * (toward-zero)\n');
    expect(printExpression(model.updates[0]!.value)).toBe('I * (toward - zero)');
  });
});

describe('a rule', () => {
  it('takes undeclared names with x or y in front for signals', () => {
    const model = rule('a = x_spike * y', 'dw = x * a + y_slow_trace * w');
    expect(model.signals.map(({ name, side }) => [name, side])).toEqual([
      ['x_spike', 'pre'],
      ['y', 'post'],
      ['x', 'pre'],
      ['y_slow_trace', 'post'],
    ]);
    expect(model.usesModulator).toBe(false);
    expect(rule('dw = m * x').usesModulator).toBe(true);
  });

  it('has its normalisations in order, with constant bounds', () => {
    const model = rule('dw = x', 'normalize decay 1/8, clip -1/2 (1 + 1)', 'normalize pow2, max');
    expect(model.normalizations.map(({ origin: _, ...n }) => n)).toEqual([
      { kind: 'decay', rate: 0.125 },
      { kind: 'clip', low: -0.5, high: 2 },
      { kind: 'pow2' },
      { kind: 'max' },
    ]);
  });

  it('reads two signed bounds, and no difference', () => {
    expect(rule('normalize clip -2 -1').normalizations[0]).toMatchObject({ low: -2, high: -1 });
  });

  it('may do nothing', () => {
    expect(rule('normalize none')).toMatchObject({ dw: undefined, normalizations: [] });
  });

  it('scopes parameters up to the next scope word', () => {
    const model = ruleModel(
      'rule r(k = 1, per synapse lr, A, B = 2, per neuron c, scalar tau = 20)\n  dw = k * lr * A * B * c * tau\n',
    );
    expect(model.parameters.map(({ name, scope }) => `${scope} ${name}`)).toEqual([
      'scalar k',
      'synapse lr',
      'synapse A',
      'synapse B',
      'neuron c',
      'scalar tau',
    ]);
  });
});
