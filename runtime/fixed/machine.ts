import type {
  FixedExpression,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  FixedUpdate,
} from '../../compiler/levels/fixed/fixed.js';
import { roundingDraw } from '../../compiler/levels/numbers/draw.js';
import { overflowTo } from '../../compiler/levels/numbers/rounding.js';
import type { Machine } from '../../src/network/machine.js';
import { type IntegerKernels, IntegerMachine, type IntegerState } from '../integer-machine.js';
import type { IntegerArray } from '../probes.js';
import { evaluateFixed } from './evaluate.js';

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

class TreeKernels implements IntegerKernels {
  constructor(
    private readonly state: IntegerState,
    private readonly observe: ObserveSynapse | undefined,
  ) {}

  accumulate(projection: FixedProjection, payload: IntegerArray, into: IntegerArray): void {
    const { synapses, fixed } = this.state;
    const weights = synapses.get(projection.name)!.get('weight')!;
    const post = fixed.populations.find((p) => p.name === projection.post)!;
    const { format } = post.fields.find((f) => f.name === projection.accumulator)!;
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

  neurons({ name, size, updates }: FixedPopulation): void {
    const store = this.state.neurons.get(name)!;
    for (let i = 0; i < size; i++) {
      const read = (field: string): number => store.get(field)![i]!;
      this.run(updates, read, noRandom, (field, value) => {
        store.get(field)![i] = value;
      });
    }
  }

  learn(projection: FixedProjection): void {
    const { neurons, synapses } = this.state;
    const rule = projection.rule!;
    const own = synapses.get(projection.name)!;
    const coefficients = new Map(rule.coefficients.map((c) => [c.name, c.values]));
    const pre = neurons.get(projection.pre)!;
    const post = neurons.get(projection.post)!;
    for (let i = 0; i + 1 < projection.rowStart.length; i++) {
      for (let k = projection.rowStart[i]!; k < projection.rowStart[i + 1]!; k++) {
        const j = projection.columns[k]!;
        const profile = rule.profiles[k]!;
        const read = (name: string): number => {
          if (name.startsWith('pre.')) return pre.get(name.slice(4))![i]!;
          if (name.startsWith('post.')) return post.get(name.slice(5))![j]!;
          if (name === 'modulator') return this.state.modulator;
          const values = coefficients.get(name);
          return values ? values[profile]! : own.get(name)![k]!;
        };
        const random = (operation: number, bits: number): number =>
          roundingDraw(this.state.seed, projection.index, i, j, this.state.step, operation, bits);
        const write = (name: string, value: number): void => {
          own.get(name)![k] = value;
        };
        const { observe } = this;
        const visited =
          observe &&
          ((e: FixedExpression, value: number): void => observe(projection.name, k, e, value));
        this.run(rule.updates, read, random, write, visited);
      }
    }
  }

  /** Runs assignments in order. */
  private run(
    updates: readonly FixedUpdate[],
    read: (name: string) => number,
    random: (operation: number, bits: number) => number,
    write: (name: string, value: number) => void,
    visited?: (expression: FixedExpression, value: number) => void,
  ): void {
    const saturated = (): void => {
      this.state.saturations++;
    };
    for (const { target, value } of updates)
      write(target, evaluateFixed(value, { read, random, saturated, visited }));
  }
}

function noRandom(): number {
  throw new Error('a neuron draws no random numbers');
}
