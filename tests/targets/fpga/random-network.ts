import { type Calibration, NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import type { CompileOptions } from '../../../compiler/pass.js';
import { libraryNeurons, libraryRules } from '../../../src/equations/library.js';
import { neuronModel, ruleModel } from '../../../src/equations/load.js';
import type { NeuronModel, RuleModel } from '../../../src/equations/model.js';
import {
  NetworkBuilder,
  type ProjectionOptions,
  type Values,
} from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { calibrationOf, seen } from '../../compiler/context.js';
import { Dice } from '../../compiler/dice.js';
import { RandomEquations } from './select/random-equations.js';

/** A network, a core for it, and how it is compiled. */
export interface RandomCase {
  readonly network: Network;
  readonly core: Partial<CoreConfiguration>;
  readonly options: Partial<CompileOptions>;
  readonly calibration: Calibration;
}

/** Sizes that fill lanes and such that do not. */
const SIZES = [1, 1, 2, 3, 4, 5, 7, 8, 9, 13];

/** A core of any shape that parameters allow, its memories aside: these grow with the network. */
export function randomShape(dice: Dice): Partial<CoreConfiguration> {
  return {
    lanes: dice.pick([1, 2, 4, 8, 16]),
    units: dice.pick([1, 2, 4]),
    depth: dice.pick([2, 3, 4]),
    rounds: dice.pick([1, 2, 3, 5, 13]),
    divide: dice.pick([1, 2, 7, 14]),
    paletteBits: dice.pick([0, 0, 0, 4, 8]),
    presence: dice.whole(0, 1),
    variableBits: dice.pick([0, 16]),
    xBanks: dice.whole(1, 2),
    draws: dice.whole(1, 2),
    parity: dice.whole(0, 1),
    singlePort: dice.whole(0, 1),
    frameBits: dice.whole(1, 3),
    messageAddress: dice.pick([4, 8]),
    weightWords: dice.pick([16, 256]),
  };
}

/** A random network: what a seed gives is the same everywhere. */
export function randomCase(seed: number): RandomCase {
  return new RandomNetwork(new Dice(seed)).make();
}

class RandomNetwork {
  private readonly equations: RandomEquations;
  private readonly builder = new NetworkBuilder('random');
  private readonly models = new Map<string, NeuronModel | undefined>();
  private readonly sizes = new Map<string, number>();
  private readonly used = new Set<string>();

  constructor(private readonly dice: Dice) {
    this.equations = new RandomEquations(dice);
  }

  make(): RandomCase {
    const { dice, builder } = this;
    const core = randomShape(dice);
    const shares = (core.paletteBits ?? 0) > 0;
    for (const name of ['a', 'b'].slice(0, dice.whole(1, 2))) this.input(name);
    for (const name of ['p', 'q', 'r'].slice(0, dice.whole(1, 3))) this.population(name);
    const names = [...this.models.keys()];
    const own = names.filter((name) => this.models.get(name));
    for (const [at, post] of own.entries()) {
      // Each hears one that comes before it; more may be of any kind, a loop delayed.
      this.projection(dice.pick(names.slice(0, names.length - own.length + at)), post, 0);
      for (let more = dice.whole(0, 2); more > 0; more--) {
        const pre = dice.pick(names);
        const comesBefore = names.indexOf(pre) < names.indexOf(post);
        this.projection(pre, post, comesBefore ? dice.pick([0, 0, 1, 2, 5]) : dice.whole(1, 5));
      }
    }
    for (const name of own) if (name === own.at(-1) || dice.chance(0.3)) this.output(name);
    return {
      network: builder.build(),
      core,
      options: {
        weightBits: dice.pick([4, 8, 8, 12, 16]),
        coefficientBits: dice.pick([4, 8, 8, 16]),
        ...(shares || dice.chance(0.2) ? { palette: dice.whole(1, shares ? 4 : 16) } : {}),
      },
      calibration: dice.chance(0.5) ? NO_CALIBRATION : this.calibration(),
    };
  }

  private input(name: string): void {
    const { dice } = this;
    const size = dice.pick(SIZES);
    this.models.set(name, undefined);
    this.sizes.set(name, size);
    this.builder.input(name, size, {
      ...(dice.chance(0.3) ? { clip: dice.pick([0.5, 1, 4]) } : {}),
      ...(dice.chance(0.3) ? { scale: dice.real(-2, 2) } : {}),
      ...(dice.chance(0.3) ? { mean: this.values(size, -0.5, 0.5) } : {}),
    });
  }

  private population(name: string): void {
    const { dice } = this;
    const size = dice.pick(SIZES);
    const library = Object.keys(libraryNeurons).filter((n) => n !== 'izhikevich');
    const model = dice.chance(0.5)
      ? neuronModel(dice.pick(library))
      : neuronModel(this.equations.neuron().replace('neuron n(', `neuron n_${name}(`));
    const open = model.parameters.filter((p) => p.default === undefined || dice.chance(0.1));
    const given = open.filter((p) => p.scope === 'neuron' || p.default !== undefined);
    const parameters = given.map((p): [string, Values] => {
      const { default: usual = 1, scope } = p;
      if (scope !== 'neuron') return [p.name, usual * dice.real(0.6, 1.5)];
      return [p.name, this.values(size, 0.6 * usual, 1.5 * usual)];
    });
    this.models.set(name, model);
    this.sizes.set(name, size);
    this.builder.population(name, size, model, Object.fromEntries(parameters));
  }

  private projection(pre: string, post: string, delay: number): void {
    const { dice } = this;
    const kind = `${pre}->${post}`;
    const name = this.used.has(kind) ? `${kind}.${this.used.size}` : kind;
    this.used.add(name);
    const [rows, columns] = [this.sizes.get(pre)!, this.sizes.get(post)!];
    const pairs = Array.from({ length: rows * columns }, (_, k) => [
      Math.floor(k / columns),
      k % columns,
    ]) as [number, number][];
    const kept = dice.chance(0.35) ? pairs.filter(() => dice.chance(0.6)) : pairs;
    const isSparse = kept.length > 0 && kept.length < pairs.length;
    const count = isSparse ? kept.length : pairs.length;
    const rule = dice.chance(0.6) ? this.rule(name) : undefined;
    this.builder.projection(pre, post, {
      name,
      delay,
      initialWeights: dice.chance(0.2) ? 0.5 : this.values(count, -1, 1),
      ...(isSparse ? { connectivity: kept } : {}),
      ...(rule ? this.learning(rule, pre, post, count) : {}),
    });
  }

  private rule(projection: string): RuleModel {
    const { dice } = this;
    if (dice.chance(0.35)) {
      return ruleModel(dice.pick(Object.keys(libraryRules).filter((r) => r !== 'none')));
    }
    const text = this.equations
      .rule()
      .replace('rule r(', `rule r_${[...this.used].indexOf(projection)}(`);
    const normalize = dice.pick(['decay 0.05', 'decay 0.1, clip -1 1', 'clip -0.7 0.9']);
    return ruleModel(
      dice.chance(0.25) ? text.replace(/normalize .*/, `normalize ${normalize}`) : text,
    );
  }

  private learning(rule: RuleModel, pre: string, post: string, count: number): ProjectionOptions {
    const { dice } = this;
    const bindings = rule.signals.map(({ name }) => {
      const side = name.startsWith('x') ? 'pre' : 'post';
      return [name, `${side}.${this.signal(side === 'pre' ? pre : post)}`];
    });
    const open = rule.parameters.filter((p) => p.default === undefined);
    const parameters = open.map((p): [string, Values] => {
      const size = p.name === 'lr' ? 0.1 : dice.pick([0.05, 1]);
      return [p.name, dice.chance(0.8) ? this.values(count, -size, size) : size / 2];
    });
    return {
      rule,
      bindings: Object.fromEntries(bindings),
      parameters: Object.fromEntries(parameters),
      every: dice.pick([1, 1, 1, 2, 3]),
    };
  }

  /** A variable of a population that lasts, or what it sends. */
  private signal(population: string): string {
    const model = this.models.get(population);
    if (!model) return 'value';
    return this.dice.pick([
      model.value,
      ...model.variables.filter((v) => v.persistent).map((v) => v.name),
    ]);
  }

  private output(population: string): void {
    const { dice } = this;
    this.builder.output(population, {
      variable: this.signal(population),
      ...(dice.chance(0.3) ? { clip: 0.5, scale: 2 } : {}),
    });
  }

  /** What a run might have shown: narrower than what comes, at times. */
  private calibration(): Calibration {
    const { dice } = this;
    const rows = [...this.models].flatMap(([name, model]) =>
      (model?.variables ?? []).map((v) => {
        const size = dice.pick([0.25, 1, 3, 20]);
        return seen('variable', name, v.name, -size, size);
      }),
    );
    return calibrationOf(...rows.filter(() => dice.chance(0.8)));
  }

  private values(count: number, low: number, high: number): Float64Array {
    return Float64Array.from({ length: count }, () => this.dice.real(low, high));
  }
}
