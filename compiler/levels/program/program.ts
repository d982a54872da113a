import type { PortCodec } from '../numbers/codec.js';
import type { Format } from '../numbers/format.js';
import type { Integers } from '../numbers/integers.js';
import type { ScaleKind } from '../numbers/scale.js';

/** The version of the container. Readers refuse others. */
export const PROGRAM_VERSION = 1;

/** One field of the neurons of a group: an integer per neuron. */
export interface ProgramField {
  readonly name: string;
  readonly format: Format;
  /** Cleared when the neuron has run: the accumulator of a projection. */
  readonly clear: boolean;
  /** One integer, or one per neuron of the group. */
  readonly initial: readonly number[];
}

/** Neurons of one population on one core. `entry` is a word address in the core's neuron code. */
export interface ProgramGroup {
  readonly population: number;
  readonly first: number;
  readonly count: number;
  readonly phase: number;
  readonly entry: number;
  readonly fields: readonly ProgramField[];
  /** Number of y registers written. */
  readonly traces: number;
}

/** Synapses of one projection that end on one group. */
export interface ProgramBlock {
  readonly projection: number;
  /** The presynaptic population and the group (index in the core) on which the synapses end. */
  readonly pre: number;
  readonly group: number;
  readonly rowStart: Uint32Array;
  /** Postsynaptic neurons, numbered within the population. */
  readonly columns: Uint32Array;
  readonly weightFormat: Format;
  readonly weights: Integers;
  readonly tagFormat: Format | undefined;
  /** None where there is no `tagFormat`. */
  readonly tags: Integers;
  /** Per synapse: a row of `coefficients`. */
  readonly profiles: Uint32Array;
  /** Profile-major: mantissa and exponent of each product word in turn. */
  readonly coefficients: Integers;
  readonly wordsPerProfile: number;
  /** The accumulator: a field of the group. */
  readonly accumulator: number;
  readonly delay: number;
  readonly send: boolean;
  readonly every: number;
  /** Word address in the core's learning code; −1 for fixed synapses. */
  readonly entry: number;
  /** How the scale of the projection follows from its weights, where normalisation is lazy; `weights` are then W′. */
  readonly scale: ScaleKind | undefined;
}

export interface ProgramTable {
  readonly first: number;
  readonly shift: number;
  readonly entries: readonly number[];
}

export interface ProgramCore {
  readonly index: number;
  readonly neuronCode: readonly number[];
  readonly learningCode: readonly number[];
  /** Of the sequencer, on chips that have one. */
  readonly controlCode: readonly number[];
  readonly tables: readonly ProgramTable[];
  readonly groups: readonly ProgramGroup[];
  readonly blocks: readonly ProgramBlock[];
}

/** A population as the messages see it. Inputs have payloads and traces from outside the chip. */
export interface ProgramPopulation {
  readonly name: string;
  readonly size: number;
  readonly input: boolean;
  readonly phase: number;
  readonly payloadFormat: Format;
  /** Trace messages that its neurons send (x registers at the receiving synapses): initial values. */
  readonly traces: readonly {
    readonly format: Format;
    readonly initial: number;
    readonly offset: number;
  }[];
}

export interface ProgramPort extends PortCodec {
  readonly population: number;
  /** Outputs: the field of the groups of that population. Inputs: 0. */
  readonly field: number;
}

export const SYMBOL_KINDS = ['weight', 'stored', 'scale', 'synapse', 'variable'] as const;
export const SYMBOL_MEMORIES = ['weights', 'tags', 'scale', 'field', 'payload'] as const;
export const CODE_MEMORIES = ['neuron', 'learning', 'control'] as const;

/** A part of a symbol's values: a group (`field`) or a block (`weights`, `tags`, `scale`) of a core, by its index there. */
export interface ProgramPlace {
  /** The core's own index. */
  readonly core: number;
  readonly index: number;
}

/** Where the messages of a population go: the cores on which synapses listen to it, ascending. */
export interface ProgramRoute {
  readonly population: number;
  readonly cores: readonly number[];
}

/**
 * Where a probe's values lie. `memory` is read at the element of each neuron or synapse; `scale` holds a mantissa and an exponent
 * for each projection.
 */
export interface ProgramSymbol {
  readonly kind: (typeof SYMBOL_KINDS)[number];
  readonly owner: string;
  readonly name: string;
  readonly memory: (typeof SYMBOL_MEMORIES)[number];
  /** For `field`: its index in the groups of the population. */
  readonly field: number;
  readonly format: Format;
  /** Every group or block that holds a part; none for `payload`, which lies in no core. */
  readonly places: readonly ProgramPlace[];
}

/** The text behind one word of code. */
export interface ProgramSource {
  readonly core: number;
  readonly memory: (typeof CODE_MEMORIES)[number];
  readonly address: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What was compiled, for `verify`; emulators never read it. */
export interface ProgramProvenance {
  readonly network: string;
  readonly calibration: string;
  readonly options: string;
  /** SHA-256 of the three texts. */
  readonly hashes: readonly string[];
}

export interface ProgramParameter {
  readonly name: string;
  readonly value: number;
}

/** The bytes of a chip, as plain data; encode.ts and decode.ts turn it into a protobuf file and back. */
export interface Program {
  readonly kind: 'program';
  readonly version: number;
  readonly tool: string;
  readonly target: string;
  /** SHA-256 of the target's capabilities. */
  readonly capabilities: string;
  readonly name: string;
  /** Parameters of the hardware for which it was compiled, where a family has any: `lanes`, `units`. */
  readonly parameters: readonly ProgramParameter[];
  readonly phases: number;
  readonly populations: readonly ProgramPopulation[];
  readonly projections: readonly { readonly name: string; readonly index: number }[];
  readonly inputs: readonly ProgramPort[];
  readonly outputs: readonly ProgramPort[];
  readonly modulator: { readonly format: Format; readonly offset: number } | undefined;
  readonly cores: readonly ProgramCore[];
  readonly routes: readonly ProgramRoute[];
  readonly symbols: readonly ProgramSymbol[];
  readonly sources: readonly ProgramSource[];
  readonly provenance: ProgramProvenance;
}
