import { beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import { type Drive, taskDrive } from '../../../runtime/verify/drive.js';
import { libraryNeurons, libraryRules } from '../../../src/equations/library.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { taskOf } from '../../../src/tasks/registry.js';
import {
  Circuit,
  compared,
  type Pair,
  policyOf,
  randomDrive,
  type Shape,
  TASKS,
} from './circuits.js';
import { randomCase } from './random-network.js';
import { neuronOfLibrary, ruleOfLibrary } from './select/library.js';

/** How much of everything is run on each circuit. */
export interface Amount {
  /** Of each network of the library and of each random one. */
  readonly steps: number;
  /** Of each task. */
  readonly taskSteps: number;
  /** Random networks, by their first and last seed. */
  readonly seeds: readonly [first: number, last: number];
}

/** The emulator and the circuit of each shape make the same writes in the same cycles. */
export function circuitSpecs(shapes: Readonly<Record<string, Shape>>, amount: Amount): void {
  describe.each(Object.entries(shapes))('emulator and circuit, %s', (_, shape) => {
    let circuit: Circuit;
    let cycles = 0;
    const agrees = (pair: Pair, drive: Drive, steps: number, about?: string): void => {
      const found = compared(pair, drive, steps);
      expect(found.firstDifference, about).toBeNull();
      expect(found.cycles).toBeGreaterThan(steps);
      cycles += found.cycles!;
    };
    beforeAll(async () => {
      circuit = await Circuit.of(shape);
    }, 600_000);

    it.each(Object.keys(libraryNeurons))('agree on the neuron %s', (neuron) => {
      agrees(circuit.pair(neuronOfLibrary(neuron).network), randomDrive(1), amount.steps);
    });

    it.each(Object.keys(libraryRules))('agree on the rule %s', (rule) => {
      agrees(circuit.pair(ruleOfLibrary(rule).network), randomDrive(2), amount.steps);
    });

    it.each(TASKS)('agree on a policy of %s', (name) => {
      const { network, calibration } = policyOf(name, 'pdlf');
      const drive = taskDrive(taskOf(name), { seed: 1 });
      agrees(circuit.pair(network, calibration), drive, amount.taskSteps);
    });

    it('agree on short sweeps, of which some are scaled and some are passed over', () => {
      agrees(circuit.pair(shortSweeps()), randomDrive(3), amount.steps);
    });

    const [first, last] = amount.seeds;
    it(`agree on random networks of seeds ${first} to ${last}`, () => {
      let refused = 0;
      for (let seed = first; seed <= last; seed++) {
        const pair = pairOf(circuit, seed);
        if (pair) agrees(pair, randomDrive(seed), amount.steps, `seed ${seed}`);
        else refused++;
      }
      expect(refused).toBeLessThan(0.4 * (last - first + 1));
      console.log(`${cycles} cycles without a difference`);
    });
  });
}

/** Sweeps of one synapse each: with a scale and without, every step and every other one. */
function shortSweeps(): Network {
  const scaled = { rule: 'rule scaled()\n  dw = 0.1 * x\n  normalize max\n', initialWeights: 0.5 };
  const clipped = {
    rule: 'rule clipped()\n  e <- 0.9 * e + 0.3 * y\n  dw = 0.2 * x * e\n  normalize clip -1 1\n',
    bindings: { x: 'pre.value', y: 'post.v' },
  };
  return new NetworkBuilder('short')
    .input('a', 1)
    .population('p', 1, 'lif')
    .projection('a', 'p', { name: 'first', ...clipped })
    .projection('a', 'p', { name: 'second', ...scaled })
    .projection('a', 'p', { name: 'third', ...clipped, every: 3 })
    .projection('a', 'p', { name: 'fourth', initialWeights: 0.5 })
    .projection('a', 'p', { name: 'fifth', ...scaled, every: 2 })
    .output('p')
    .build();
}

/** A random network on a circuit; undefined where it does not fit. */
function pairOf(circuit: Circuit, seed: number): Pair | undefined {
  const { network, calibration } = randomCase(seed);
  try {
    return circuit.pair(network, calibration);
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw error;
  }
}
