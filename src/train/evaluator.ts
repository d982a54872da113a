import { unreachable } from '../../compiler/diagnostics/diagnostic.js';
import { createHostMachine } from '../../runtime/host/host.js';
import type { Inputs, Machine, MachineShape, Outputs, Probe } from '../network/machine.js';
import type { Network } from '../network/network.js';
import { type GenomeSlot, type GenomeWrite, genomeOf, genomeWrites } from './genome.js';
import { type TargetDescription, targetMember } from './target-evaluator.js';

/** A machine that can be given one genome after another. */
export interface MemberMachine {
  readonly machine: Machine;
  /** Takes effect with the machine's next reset. */
  load(genome: Float64Array): void;
}

/** Makes machines to judge genomes on; each worker makes its own. */
export interface Evaluator {
  create(): MemberMachine;
}

/**
 * What a worker is told so that it can make an evaluator: plain data that survives `structuredClone`.
 * `float`: the network in float32 on generated code. `target`: a chip's own integers.
 */
export type EvaluatorDescription =
  | { readonly kind: 'float'; readonly network: Network }
  | TargetDescription;

/** Makes the evaluator that a description stands for. */
export function createEvaluator(description: EvaluatorDescription): Evaluator {
  switch (description.kind) {
    case 'float':
      return { create: () => floatMember(description.network) };
    case 'target':
      return { create: () => targetMember(description) };
    default:
      return unreachable(description);
  }
}

/** One line that says what members run on; checkpoints of different labels do not mix. */
export function evaluatorLabel(description: EvaluatorDescription): string {
  if (description.kind === 'float') return 'float';
  const { target, options } = description;
  const widths = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return ['target', target, ...widths.sort()].join(' ');
}

function floatMember(network: Network): MemberMachine {
  const { slots, values } = genomeOf(network);
  const machine = new GenomeMachine(createHostMachine(network), slots, values);
  return { machine, load: (genome) => machine.load(genome) };
}

/** A machine whose reset puts a genome where the network's own parameters and initial weights would be. */
class GenomeMachine implements Machine {
  readonly shape: MachineShape;
  readonly #inner: Machine;
  readonly #slots: readonly GenomeSlot[];
  #writes: readonly GenomeWrite[];

  constructor(inner: Machine, slots: readonly GenomeSlot[], genome: Float64Array) {
    this.shape = inner.shape;
    this.#inner = inner;
    this.#slots = slots;
    this.#writes = genomeWrites(slots, genome);
  }

  load(genome: Float64Array): void {
    this.#writes = genomeWrites(this.#slots, genome);
  }

  reset(options: { readonly seed: number }): void {
    this.#inner.reset(options);
    for (const { probe, values } of this.#writes) this.#inner.write(probe, values);
  }

  step(inputs: Inputs): Outputs {
    return this.#inner.step(inputs);
  }

  read(probe: Probe): Float64Array {
    return this.#inner.read(probe);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    this.#inner.write(probe, values);
  }

  get learning(): boolean {
    return this.#inner.learning;
  }

  set learning(on: boolean) {
    this.#inner.learning = on;
  }
}
