import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import { uniform } from '../../../compiler/levels/numbers/draw.js';
import type { Target } from '../../../compiler/target.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { createHostMachine } from '../../../runtime/host/host.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { createIntegerLanes } from '../../../runtime/host/integer-lanes.js';
import { createLaneMachine } from '../../../runtime/host/lanes.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { LOIHI2 } from '../../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../../targets/loihi/index.js';
import { figureOf } from '../measure.js';
import type { Row } from '../row.js';

/** Neurons of each of two populations, every one joined with every other: what is not a synapse does not show. */
const SIZE = 400;
const SYNAPSES = SIZE * SIZE;
const ROUNDS = 3;

/** One network on all levels. `oja` has one number per coefficient for all synapses, `abcd` one per synapse. */
interface Levels {
  readonly network: Network;
  readonly target: Target;
  readonly compiled: Compilation;
}

function levelsOf(rule: 'oja' | 'abcd'): Levels {
  const each = (parameter: number) =>
    Float64Array.from({ length: SYNAPSES }, (_, k) => uniform(1, parameter, k, 0, 0, 0) - 0.5);
  const parameters = { lr: 0.1, A: each(0), B: each(1), C: each(2), D: each(3) };
  const network = new NetworkBuilder('dense')
    .input('pre', SIZE, { clip: 2 })
    .population('post', SIZE, 'lif')
    .projection('pre', 'post', { rule, ...(rule === 'abcd' ? { parameters } : {}) })
    .output('post')
    .build();
  const limits = { ...LOIHI2.limits, cores: { value: 2 ** 16, source: 'the bench' } };
  const target = loihiTarget('loihi2', 'with more cores', { ...LOIHI2, limits }, []);
  return { network, target, compiled: compile(network, target, NO_CALIBRATION) };
}

/** What is measured: a copy of a level, or a machine beside the level that it runs. */
const MEASURED: Readonly<
  Record<string, { readonly about: string; readonly make: (levels: Levels) => unknown }>
> = {
  network: { about: 'a Network', make: ({ network }) => structuredClone(network) },
  fixed: { about: 'a FixedNetwork', make: ({ compiled }) => structuredClone(compiled.fixed) },
  micro: {
    about: 'micro-operations, beside their FixedNetwork',
    make: ({ compiled }) => structuredClone(compiled.micro.kernels),
  },
  program: {
    about: 'a Program in memory',
    make: ({ compiled }) => structuredClone(compiled.program),
  },
  bytes: { about: 'a Program as a file', make: ({ compiled }) => Uint8Array.from(compiled.bytes) },
  'reference-machine': {
    about: 'the reference machine',
    make: ({ network }) => createReferenceMachine(network),
  },
  'fixed-machine': {
    about: 'the fixed machine',
    make: ({ compiled }) => createFixedMachine(compiled.fixed),
  },
  host: {
    about: 'generated JavaScript in float32',
    make: ({ network }) => createHostMachine(network),
  },
  'integer-host': {
    about: 'vectors of integers',
    make: ({ compiled }) => createIntegerHost(compiled.micro),
  },
  lanes: {
    about: 'WebAssembly lanes in float32, of one of four members',
    make: ({ network }) => createLaneMachine(network),
  },
  'integer-lanes': {
    about: 'WebAssembly lanes on integers, of one of four members',
    make: ({ compiled }) => createIntegerLanes(compiled.micro),
  },
  emulator: {
    about: 'the emulator, with the Program that it decodes',
    make: ({ target, compiled }) => target.createMachine(compiled.bytes, 'bench'),
  },
};

const collect = (): void => {
  setFlagsFromString('--expose-gc');
  const gc: () => void = runInNewContext('gc');
  // The second one frees what the first one found to be dead behind finalizers.
  gc();
  gc();
};

/** Bytes that a value keeps alive: on the heap, in array buffers, in WebAssembly memories. */
function bytesOf(make: () => unknown): number {
  const used = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const shared: WebAssembly.Memory[] = [];
  const kept = [withSharedMemories(shared, make)];
  // Memory that threads share is in no count of the engine.
  const bytes = used() - before + shared.reduce((sum, m) => sum + m.buffer.byteLength, 0);
  kept.pop();
  return bytes;
}

/** Makes a value, and collects the shared memories that come with it. */
function withSharedMemories(found: WebAssembly.Memory[], make: () => unknown): unknown {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: ConstructorParameters<typeof Memory>[0]) {
      super(descriptor);
      if (descriptor.shared) found.push(this);
    }
  };
  try {
    return make();
  } finally {
    WebAssembly.Memory = Memory;
  }
}

function rowOf(rule: 'oja' | 'abcd', name: string, levels: () => Levels): Row {
  const { about, make } = MEASURED[name]!;
  const members = name.endsWith('lanes') ? 4 : 1;
  const whose = rule === 'oja' ? 'a rule that all share' : 'coefficients of its own';
  return {
    name: `bytes-per-synapse/${rule === 'oja' ? '' : 'own-coefficients/'}${name}`,
    about: `${about}: a plastic synapse with ${whose}`,
    unit: 'bytes',
    measure: async () => {
      const made = levels();
      return figureOf(
        Array.from({ length: ROUNDS }, () => bytesOf(() => make(made)) / SYNAPSES / members),
      );
    },
  };
}

/** Bytes per plastic synapse of every level and every machine. */
export function memoryRows(): readonly Row[] {
  return (['oja', 'abcd'] as const).flatMap((rule) => {
    let made: Levels | undefined;
    const levels = (): Levels => {
      made ??= levelsOf(rule);
      return made;
    };
    return Object.keys(MEASURED).map((name) => rowOf(rule, name, levels));
  });
}
