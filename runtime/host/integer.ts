import { emitVectorNetwork, vectorsRefuse } from '../../compiler/codegen/wasm/vector-network.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import { type IntegerKernels, IntegerMachine, type IntegerState } from '../integer-machine.js';
import type { IntegerArray } from '../probes.js';
import { kernelsOf, type PackedArray, PackedMemory, packedOf } from './packed-memory.js';
import { createWideHost } from './wide.js';

/**
 * Runs a quantised network on WebAssembly generated from its micro-operations, eight neurons or synapses at a time: the bits of
 * `fixed`. Networks with integers beyond 32 bits, or normalised lazily, run on generated JavaScript.
 */
export function createIntegerHost(micro: MicroProgram): Machine {
  return vectorsRefuse(micro) === undefined ? new VectorMachine(micro) : createWideHost(micro);
}

class VectorMachine extends IntegerMachine {
  private readonly edits: { count: number };

  constructor(micro: MicroProgram) {
    const memory = new PackedMemory();
    const edits = { count: 0 };
    super(micro.fixed, {
      name: 'host (integers)',
      allocate: (length, format) => memory.integers(length, format),
      kernels: (state) => generate(micro, state, memory, edits),
    });
    this.edits = edits;
  }

  override reset(options: { readonly seed: number }): void {
    super.reset(options);
    // The constructor of the base resets before there is anything to tell.
    if (this.edits) this.edits.count++;
  }

  override write(probe: Probe, values: ArrayLike<number>): void {
    super.write(probe, values);
    this.edits.count++;
  }
}

/** `edits` counts what is put into the state from outside: the next sweep of a rule is then a whole one. */
function generate(
  micro: MicroProgram,
  state: IntegerState,
  memory: PackedMemory,
  edits: { readonly count: number },
): IntegerKernels {
  const { populations, projections } = micro.fixed;
  const modulator = memory.allocate(1, 4);
  const functions = emitVectorNetwork(micro, {
    neuron: (population, field) =>
      packedOf(state.neurons.get(population)!.get(field) as PackedArray),
    synapse: (projection, field) =>
      packedOf(state.synapses.get(projection)!.get(field) as PackedArray),
    modulator: packedOf(modulator),
    constants: (values, least) => packedOf(memory.constants(values, least)),
  });
  const kernel = kernelsOf(memory.compile(functions), memory.memory);
  const exported = new Set(functions.map((f) => f.name));
  const named = (name: string, index: number) =>
    exported.has(`${name}${index}`) ? kernel(`${name}${index}`) : undefined;
  const neurons = new Map(populations.map((p, i) => [p.name, named('neurons', i)]));
  const deliver = new Map(projections.map((p, i) => [p.name, named('deliver', i)]));
  const draw = new Map(projections.map((p, i) => [p.name, named('draw', i)]));
  const learn = new Map(projections.map((p, i) => [p.name, named('learn', i)]));
  const swept = new Map<string, number>();
  const address = (array: IntegerArray): number => (array as PackedArray).byteOffset;
  return {
    accumulate: ({ name }, payload, into) => {
      deliver.get(name)?.(address(payload), address(into));
    },
    neurons: ({ name }) => neurons.get(name)?.(),
    learn: ({ name }) => {
      modulator[0] = state.modulator;
      draw.get(name)?.(state.seed, state.step);
      learn.get(name)?.(swept.get(name) === edits.count ? 0 : 1);
      swept.set(name, edits.count);
    },
  };
}
