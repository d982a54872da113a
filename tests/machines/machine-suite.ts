import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { chain, everything, GATE, growing, LEAK, loop, pair } from './networks.js';

/** What a machine's target may be unable to do; specs about it are then not made. */
export type Feature =
  | 'delay'
  | 'send'
  | 'every'
  | 'modulator'
  | 'normalize max'
  | 'sparse'
  | 'rule state'
  | 'chain'
  | 'loop';

export interface SuiteOptions {
  /** Largest difference from the exact value, for machines that quantise; 0 by default. */
  readonly tolerance?: number;
  readonly lacks?: readonly Feature[];
}

const WEIGHT: Probe = { kind: 'weight', projection: 'input->out' };

/** The specs that every Machine passes; `create` makes a fresh one, not yet reset. */
export function machineSuite(
  name: string,
  create: (network: Network) => Machine,
  options: SuiteOptions = {},
): void {
  const { tolerance = 0, lacks = [] } = options;
  const close = (actual: ArrayLike<number>, expected: readonly number[]): void => {
    expect(actual.length).toBe(expected.length);
    const worst = Math.max(...expected.map((e, i) => Math.abs(e - actual[i]!)));
    if (!(worst <= tolerance)) expect([...Array.from(actual)]).toEqual(expected);
  };
  const start = (network: Network): Machine => {
    const machine = create(network);
    machine.reset({ seed: 1 });
    return machine;
  };
  const context: Context = { start, close };

  describe(`${name} is a machine`, () => {
    stateSpecs(context);
    stepSpecs(context);
    diagnosticSpecs(context);
    for (const [feature, specs] of Object.entries(FEATURES)) {
      if (!lacks.some((lack) => lack === feature)) specs(context);
    }
  });
}

interface Context {
  readonly start: (network: Network) => Machine;
  readonly close: (actual: ArrayLike<number>, expected: readonly number[]) => void;
}

/** One step of a machine with one input port. */
function step(machine: Machine, values: readonly number[], modulator = 0): number[] {
  const outputs = machine.step({ values: { input: values }, modulator });
  return Object.values(outputs).flatMap((array) => [...array]);
}

/** Everything that the machine lets one read, by probe. */
function snapshot(machine: Machine): Map<string, number[]> {
  return new Map(
    machine.shape.probes
      .filter(({ probe }) => probe.kind !== 'counter' || probe.name === 'step')
      .map(({ probe }) => [JSON.stringify(probe), [...machine.read(probe)]]),
  );
}

/** A run of `steps` steps with inputs and modulators that vary; its outputs and final state. */
function run(
  machine: Machine,
  steps: number,
): { outputs: number[][]; state: Map<string, number[]> } {
  const outputs = Array.from({ length: steps }, (_, t) =>
    step(machine, [((t * 3) % 5) / 4 - 0.5, t % 3 === 0 ? 0.5 : -0.25], (t % 4) / 4 - 0.25),
  );
  return { outputs, state: snapshot(machine) };
}

function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
}

function stateSpecs({ start, close }: Context): void {
  it('says which ports it has and reads every probe that it offers', () => {
    const machine = start(everything());
    expect(machine.shape.inputs).toEqual([{ name: 'input', size: 2 }]);
    expect(machine.shape.outputs).toEqual([{ name: 'out', size: 1 }]);
    for (const { probe, length } of machine.shape.probes) {
      expect(machine.read(probe)).toHaveLength(length);
    }
    const offered = machine.shape.probes.map((p) => JSON.stringify(p.probe));
    expect(new Set(offered).size).toBe(offered.length);
    expect(offered).toContain(JSON.stringify({ kind: 'weight', projection: 'input->hidden' }));
  });

  it('starts with the declared weights and variables', () => {
    const machine = start(everything());
    const weights = machine.read({ kind: 'weight', projection: 'input->hidden' });
    close(weights, [0.5, -0.5, 0.25, 0.25, 0.75, -0.25]);
    close(machine.read({ kind: 'weight', projection: 'hidden->out' }), [0.5, 0.5, 0.5]);
    close(machine.read({ kind: 'variable', population: 'hidden', name: 'v' }), [0.25, 0.25, 0.25]);
    close(machine.read({ kind: 'variable', population: 'hidden', name: 'trace' }), [0, 0, 0]);
  });

  it('gives the same run again after a reset with the same seed', () => {
    const machine = start(everything());
    const first = run(machine, 12);
    machine.reset({ seed: 1 });
    expect(run(machine, 12)).toEqual(first);
  });

  it('gives the same run as another machine of the same network and seed', () => {
    const network = everything();
    expect(run(start(network), 12)).toEqual(run(start(network), 12));
  });

  it('forgets steps and writes at a reset', () => {
    const machine = start(everything());
    const fresh = snapshot(machine);
    run(machine, 5);
    for (const { probe, length, writable } of machine.shape.probes) {
      if (writable) machine.write(probe, new Float64Array(length).fill(0.125));
    }
    expect(snapshot(machine)).not.toEqual(fresh);
    machine.reset({ seed: 1 });
    expect(snapshot(machine)).toEqual(fresh);
  });

  it('leaves the learning switch alone at a reset', () => {
    const machine = start(growing(0.25));
    machine.learning = false;
    machine.reset({ seed: 1 });
    expect(machine.learning).toBe(false);
  });

  it('keeps every writable state when what was read is written back', () => {
    const machine = start(everything());
    run(machine, 6);
    const before = snapshot(machine);
    for (const { probe, writable } of machine.shape.probes) {
      if (writable) machine.write(probe, machine.read(probe));
    }
    expect(snapshot(machine)).toEqual(before);
  });

  it('goes on as if nothing had happened when its state is restored', () => {
    const machine = start(everything());
    run(machine, 6);
    const kept = machine.shape.probes
      .filter((p) => p.writable)
      .map(({ probe }) => ({ probe, values: machine.read(probe) }));
    const other = start(everything());
    run(other, 6);
    for (const { probe, values } of kept) other.write(probe, values);
    expect(run(other, 4)).toEqual(run(machine, 4));
  });

  it('gives copies of its state', () => {
    const machine = start(pair({ initialWeights: 0.5 }));
    machine.read(WEIGHT).fill(0);
    close(machine.read(WEIGHT), [0.5, 0.5, 0.5, 0.5]);
  });
}

function stepSpecs({ start, close }: Context): void {
  it('sums weight times value over the presynaptic neurons', () => {
    const machine = start(pair({ initialWeights: [0.5, -0.5, 0.25, 1] }));
    close(step(machine, [1, 0.5]), [0.625, 0]);
    close(machine.read({ kind: 'variable', population: 'out', name: 'value' }), [0.625, 0]);
  });

  it('acts first and learns afterwards', () => {
    const machine = start(growing(0.25));
    close(step(machine, [1, 0]), [0, 0]);
    close(machine.read(WEIGHT), [0.25, 0.25, 0.25, 0.25]);
    close(step(machine, [1, 0]), [0.25, 0.25]);
    close(step(machine, [1, 1]), [1, 1]);
  });

  it('runs neurons but no rule while learning is off', () => {
    const machine = start(growing(0.25, { initialWeights: 0.5 }));
    machine.learning = false;
    close(step(machine, [1, 0]), [0.5, 0.5]);
    close(step(machine, [1, 0]), [0.5, 0.5]);
    machine.learning = true;
    close(step(machine, [1, 0]), [0.5, 0.5]);
    close(machine.read(WEIGHT), [0.75, 0.75, 0.75, 0.75]);
  });

  it('learns from the values of this step', () => {
    const rule = 'rule hebb()\n  dw = x * y * 0.5\n';
    const machine = start(pair({ rule, initialWeights: [1, 0, 0, -1] }));
    step(machine, [0.5, 1]);
    close(machine.read(WEIGHT), [1.125, -0.25, 0.25, -1.5]);
  });

  it('takes written weights in the next step', () => {
    const machine = start(pair({ initialWeights: 0.5 }));
    close(step(machine, [1, 1]), [1, 1]);
    machine.write(WEIGHT, [0, 0, 0.5, 0.25]);
    close(step(machine, [1, 1]), [0.5, 0.25]);
    close(machine.read(WEIGHT), [0, 0, 0.5, 0.25]);
  });

  it('takes written variables in the next step', () => {
    const machine = start(everything());
    machine.write({ kind: 'variable', population: 'hidden', name: 'v' }, [1, -1, 0.5]);
    step(machine, [0, 0]);
    close(machine.read({ kind: 'variable', population: 'hidden', name: 'v' }), [0.5, -0.5, 0.25]);
  });
}

function diagnosticSpecs({ start }: Context): void {
  it('refuses unknown probes, and writes that do not fit', () => {
    const machine = start(pair({ initialWeights: 0.5 }));
    expect(codesOf(() => machine.read({ kind: 'weight', projection: 'nope' }))).toEqual(['PL5001']);
    expect(
      codesOf(() => machine.write({ kind: 'variable', population: 'out', name: 'nope' }, [0, 0])),
    ).toEqual(['PL5001']);
    expect(codesOf(() => machine.write(WEIGHT, [1]))).toEqual(['PL5002']);
    expect(codesOf(() => machine.write(WEIGHT, [0, 0, 0, Number.NaN]))).toEqual(['PL5002']);
    expect([...machine.read(WEIGHT)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('refuses inputs that are missing, too short, not numbers or not its own', () => {
    const machine = start(pair({ initialWeights: 0.5 }));
    const give = (values: Readonly<Record<string, readonly number[]>>, modulator = 0): string[] =>
      codesOf(() => machine.step({ values, modulator }));
    expect(give({})).toEqual(['PL5010']);
    expect(give({ input: [1] })).toEqual(['PL5011']);
    expect(give({ input: [1, Number.NaN] })).toEqual(['PL5012']);
    expect(give({ input: [1, Number.POSITIVE_INFINITY] })).toEqual(['PL5012']);
    expect(give({ input: [1, 1], imput: [1, 1] })).toEqual(['PL5013']);
    expect(give({ input: [1, 1] }, Number.NaN)).toEqual(['PL5012']);
    expect(give({ input: [1, 1] })).toEqual([]);
  });
}

/** The specs of what a target may lack. */
const FEATURES: Readonly<Record<Feature, (context: Context) => void>> = {
  delay: ({ start, close }) => {
    it('brings a current after the delay, and not before', () => {
      const machine = start(pair({ delay: 2, initialWeights: [0.5, 0, 0, 0.5] }));
      close(step(machine, [1, 0]), [0, 0]);
      close(step(machine, [0, -1]), [0, 0]);
      close(step(machine, [0, 0]), [0.5, 0]);
      close(step(machine, [0, 0]), [0, -0.5]);
      close(step(machine, [0, 0]), [0, 0]);
    });
    it('forgets at a reset what was under way', () => {
      const machine = start(pair({ delay: 2, initialWeights: 0.5 }));
      step(machine, [1, 1]);
      machine.reset({ seed: 1 });
      close(step(machine, [0, 0]), [0, 0]);
      close(step(machine, [0, 0]), [0, 0]);
    });
    it('weighs a delayed current as it arrives', () => {
      const machine = start(growing(0.25, { delay: 1 }));
      close(step(machine, [1, 0]), [0, 0]);
      close(step(machine, [0, 0]), [0.25, 0.25]);
    });
  },
  send: ({ start, close }) => {
    it('weighs a delayed current as it was sent, where the projection says so', () => {
      const machine = start(growing(0.25, { delay: 1, weight: 'send' }));
      close(step(machine, [1, 0]), [0, 0]);
      close(step(machine, [1, 0]), [0, 0]);
      close(step(machine, [0, 0]), [0.25, 0.25]);
    });
  },
  every: ({ start, close }) => {
    it('runs a rule in every n-th step', () => {
      const machine = start(growing(0.25, { every: 3 }));
      const seen = Array.from({ length: 7 }, () => {
        step(machine, [0, 0]);
        return machine.read(WEIGHT)[0]!;
      });
      close(seen, [0, 0, 0.25, 0.25, 0.25, 0.5, 0.5]);
    });
  },
  modulator: ({ start, close }) => {
    it('gives the modulator of the step to the rules of the step', () => {
      const machine = start(pair({ rule: 'rule rewarded()\n  dw = m * x\n' }));
      step(machine, [1, 0.5], 0.5);
      close(machine.read(WEIGHT), [0.5, 0.5, 0.25, 0.25]);
      step(machine, [0, 0.5], -1);
      close(machine.read(WEIGHT), [0.5, 0.5, -0.25, -0.25]);
    });
  },
  'normalize max': ({ start, close }) => {
    it('divides by the largest weight, and leaves zeros alone', () => {
      const rule = 'rule scaled()\n  dw = x\n  normalize max\n';
      const machine = start(pair({ rule }));
      step(machine, [0, 0]);
      close(machine.read(WEIGHT), [0, 0, 0, 0]);
      step(machine, [0.25, -0.5]);
      close(machine.read(WEIGHT), [0.5, 0.5, -1, -1]);
    });
  },
  sparse: ({ start, close }) => {
    it('has only the synapses of a sparse projection', () => {
      const connectivity = [[1, 0]] as const;
      const machine = start(growing(0.25, { connectivity, initialWeights: 0.5 }));
      close(step(machine, [1, 1]), [0.5, 0]);
      close(machine.read(WEIGHT), [0.75]);
    });
  },
  'rule state': ({ start, close }) => {
    it('keeps the state of each synapse between steps', () => {
      const rule = 'rule remembering()\n  e <- e * 0.5 + x\n  dw = e * 0.25\n';
      const machine = start(pair({ rule }));
      step(machine, [1, -1]);
      step(machine, [0, 1]);
      close(
        machine.read({ kind: 'synapse', projection: 'input->out', name: 'e' }),
        [0.5, 0.5, 0.5, 0.5],
      );
      close(machine.read(WEIGHT), [0.375, 0.375, -0.125, -0.125]);
    });
  },
  chain: ({ start, close }) => {
    it('runs a chain without delays within one step', () => {
      const machine = start(chain(LEAK));
      close(step(machine, [1]), [0.625]);
      close(step(machine, [-1]), [-0.1875]);
    });
    it('sends an event in its step only, and resets on it', () => {
      const machine = start(chain(GATE));
      close(step(machine, [0.5]), [0]);
      close(step(machine, [0.5]), [1]);
      close(machine.read({ kind: 'variable', population: 'cell', name: 'v' }), [0]);
      close(step(machine, [0.5]), [0]);
    });
  },
  loop: ({ start, close }) => {
    it('lets a population hear itself after a delay', () => {
      const machine = start(loop());
      close(step(machine, [1]), [1]);
      close(step(machine, [0]), [0.5]);
      close(step(machine, [1]), [1.25]);
    });
  },
};
