import type {
  FixedExpression,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  FixedRule,
} from '../../compiler/levels/fixed/fixed.js';
import { SCALE_PARTS, scaleField } from '../../compiler/levels/fixed/scale.js';
import { roundingDraw } from '../../compiler/levels/numbers/draw.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import { overflowTo } from '../../compiler/levels/numbers/rounding.js';
import type { Machine } from '../../src/network/machine.js';
import {
  type IntegerKernels,
  IntegerMachine,
  type IntegerState,
  type Store,
} from '../integer-machine.js';
import type { IntegerArray } from '../probes.js';
import { evaluateFixed, type FixedEnvironment } from './evaluate.js';

/** Told of every node that a rule computes: projection, synapse, node, integer. */
export type ObserveSynapse = (
  projection: string,
  synapse: number,
  expression: FixedExpression,
  value: number,
) => void;

/**
 * The obviously right machine of the integer level: walks the expression trees of a FixedNetwork, one neuron and
 * one synapse after the other, in exact integers. `observe` sees the rules at work.
 */
export function createFixedMachine(fixed: FixedNetwork, observe?: ObserveSynapse): Machine {
  return new IntegerMachine(fixed, {
    name: 'fixed',
    allocate: (length) => new Float64Array(length),
    kernels: (state) => new TreeKernels(state, observe),
  });
}

/** One pass over the neurons of a population or the synapses of a rule; all that it needs is made once. */
interface Sweep {
  run(): void;
}

class TreeKernels implements IntegerKernels {
  private readonly populations: ReadonlyMap<string, Sweep>;
  private readonly rules: ReadonlyMap<string, Sweep>;
  private readonly accumulators: ReadonlyMap<string, Format>;

  constructor(
    private readonly state: IntegerState,
    private readonly observe: ObserveSynapse | undefined,
  ) {
    const { populations, projections } = state.fixed;
    this.populations = new Map(populations.map((p) => [p.name, this.neuronSweep(p)]));
    this.rules = new Map(
      projections.flatMap((p) => (p.rule ? [[p.name, this.ruleSweep(p, p.rule)] as const] : [])),
    );
    this.accumulators = new Map(
      projections.map(({ name, post, accumulator }) => {
        const { fields } = populations.find((p) => p.name === post)!;
        return [name, fields.find((f) => f.name === accumulator)!.format];
      }),
    );
  }

  accumulate(projection: FixedProjection, payload: IntegerArray, into: IntegerArray): void {
    const weights = this.state.synapses.get(projection.name)!.get('weight')!;
    const format = this.accumulators.get(projection.name)!;
    for (let pre = 0; pre < payload.length; pre++) {
      if (payload[pre] === 0) continue;
      for (let k = projection.rowStart[pre]!; k < projection.rowStart[pre + 1]!; k++) {
        const j = projection.columns[k]!;
        const sum = into[j]! + weights[k]! * payload[pre]!;
        into[j] = overflowTo(sum, format, 'wrap');
        if (into[j] !== sum) this.state.saturations++;
      }
    }
  }

  neurons({ name }: FixedPopulation): void {
    this.populations.get(name)!.run();
  }

  learn({ name }: FixedProjection): void {
    this.rules.get(name)!.run();
  }

  private neuronSweep({ name, size, updates }: FixedPopulation): Sweep {
    const store = this.state.neurons.get(name)!;
    const scales = new Map(
      [...this.state.scales].flatMap(([projection, { parts }]) => scaleFields(parts, projection)),
    );
    let i = 0;
    const environment: FixedEnvironment = {
      read: (field) => scales.get(field)?.[0] ?? store.get(field)![i]!,
      random: noRandom,
      saturated: this.saturated,
    };
    return {
      run: () => {
        for (i = 0; i < size; i++) {
          for (const { target, value } of updates) {
            store.get(target)![i] = evaluateFixed(value, environment);
          }
        }
      },
    };
  }

  private ruleSweep(projection: FixedProjection, rule: FixedRule): Sweep {
    const { state, observe } = this;
    const { name, index, rowStart, columns } = projection;
    const own = state.synapses.get(name)!;
    const of = (side: string, population: string): Store =>
      new Map([...state.neurons.get(population)!].map(([f, values]) => [`${side}.${f}`, values]));
    const pre = of('pre', projection.pre);
    const post = of('post', projection.post);
    const coefficients = new Map(rule.coefficients.map((c) => [c.name, c.values]));
    const scale = state.scales.get(name);
    const scales = new Map(scale ? scaleFields(scale.parts) : []);
    let [i, j, k] = [0, 0, 0];
    const environment: FixedEnvironment = {
      read: (field) => {
        if (field === 'modulator') return state.modulator;
        const signal = pre.get(field);
        if (signal) return signal[i]!;
        const kept = post.get(field);
        if (kept) return kept[j]!;
        const part = scales.get(field);
        if (part) return part[0]!;
        const values = coefficients.get(field);
        return values ? values[rule.profiles[k]!]! : own.get(field)![k]!;
      },
      random: (operation, bits) =>
        roundingDraw(state.seed, index, i, j, state.step, operation, bits),
      saturated: this.saturated,
      visited: observe && ((expression, value) => observe(name, k, expression, value)),
    };
    return {
      run: () => {
        for (i = 0; i + 1 < rowStart.length; i++) {
          for (k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
            j = columns[k]!;
            for (const { target, value } of rule.updates) {
              own.get(target)![k] = evaluateFixed(value, environment);
            }
          }
        }
      },
    };
  }

  private readonly saturated = (): void => {
    this.state.saturations++;
  };
}

/** The parts of a scale under the names by which expressions read them, one integer each. */
const scaleFields = (parts: Int32Array, projection?: string): (readonly [string, Int32Array])[] =>
  SCALE_PARTS.map((part, at) => [scaleField(part, projection), parts.subarray(at, at + 1)]);

function noRandom(): number {
  throw new Error('a neuron draws no random numbers');
}
