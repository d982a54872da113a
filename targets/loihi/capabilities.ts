import type { Capabilities, SumOfProductsArithmetic } from '../../compiler/target.js';

const LAVA = 'lava-nc/lava@b6822fbc';
const NENGO = 'nengo/nengo-loihi@e564f66e';
const BRIEF = 'Intel Loihi 2 technology brief, 2021';

/** The tables of a chip of this family. */
export interface LoihiCapabilities extends Capabilities {
  readonly learning: SumOfProductsArithmetic;
}

const learning: SumOfProductsArithmetic = {
  kind: 'sum-of-products',
  weightBits: { default: 8, maximum: 9 },
  traceBits: { default: 7, maximum: 7 },
  fractionBits: 7,
  accumulatorBits: 16,
  productBits: 15,
  mantissaBits: 4,
  exponentMaximum: 15,
  widths: { trace: 7, weight: 9, tag: 9 },
  traces: { pre: 2, post: 3 },
  variables: 1,
};

/** Loihi 2: neurons are programs, spikes are graded, a third factor reaches learning. */
export const LOIHI2: LoihiCapabilities = {
  neuron: {
    registerBits: 48,
    stateBits: 24,
    accumulatorBits: 24,
    constantBits: 13,
    payloadBits: 24,
    tableEntries: 256,
    products: true,
    gradedPayloads: true,
  },
  learning,
  normalizations: ['clip', 'decay'],
  phases: true,
  modulator: true,
  limits: {
    cores: { value: 120, source: `${LAVA}: subcompilers/constants.py NUM_VIRTUAL_CORES_L3` },
    neuronsPerCore: { value: 8192, source: BRIEF },
    synapseBitsPerCore: { value: 128 * 1024 * 8, source: `${BRIEF}: 128 KB of synapses` },
    profilesPerCore: {
      value: null,
      source: 'ASSUMPTION: not public; unlimited, and the number used is reported',
    },
    delay: { value: 63, source: `${LAVA}: DelayDense, 6 bits` },
  },
};

/** Loihi 1: fixed leaky integrate-and-fire neurons, binary spikes, one update of all neurons per step. */
export const LOIHI1: LoihiCapabilities = {
  neuron: {
    ...LOIHI2.neuron,
    payloadBits: 1,
    tableEntries: 0,
    products: false,
    gradedPayloads: false,
  },
  learning,
  normalizations: ['clip', 'decay'],
  phases: false,
  modulator: false,
  limits: {
    cores: { value: 128, source: 'Davies et al. 2018' },
    neuronsPerCore: { value: 1024, source: `${NENGO}: block.py MAX_COMPARTMENTS` },
    synapseBitsPerCore: { value: 16384 * 64, source: `${NENGO}: block.py MAX_SYNAPSE_BITS` },
    profilesPerCore: { value: 16, source: `${NENGO}: hardware validation, synapse configurations` },
    delay: { value: 62, source: 'sagacitysite/brian2_loihi@9ac5842e' },
  },
};

/** What no public source says, in the order in which it matters. */
export const LOIHI2_ASSUMPTIONS: readonly string[] = [
  'Instruction encodings of neuron and learning programs are Plastron’s own: Loihi’s are not public.',
  'Neuron programs have 32 registers of 48 bits and function tables of 256 entries; the size of the microcode memory is not public and not limited here.',
  'The number of learning profiles per core is not public: it is not limited, and the number used is reported (--palette bounds it).',
  'A neuron has one 24-bit accumulator per incoming projection.',
  'Trace registers x1, x2 are overwritten by graded trace messages, sent separately from the message that makes current; both are counted.',
  'Registers y1 … y3 are written by the neuron program in each step (Lava: Loihi3FLearningRule); the modulator arrives in y3.',
  'Signed signals lie in unsigned 7-bit registers with 64 added; the engine’s factor V + constant takes it off exactly.',
  'Several product words of one rule run one after the other, and the tag is written before the weight.',
  'Each synapse draws its own random number for rounding (Lava draws one per step; no public source says what the chip does).',
  'A network step takes one chip step per layer of projections without delay; learning runs after the last one.',
  'Times and energies are those of Loihi 1 (Davies et al. 2018); a cycle of the accounting is 0.1 ns, for the chip has no clock.',
  'A learning update costs 6.1 ns and 120 pJ per two products, rounded up; every hop costs 6.5 ns and 4 pJ; the barrier grows linearly with the tiles in use.',
  'Cores fill tiles of four on a mesh of eight columns, row by row; inputs enter at tile 0.',
];

export const LOIHI1_ASSUMPTIONS: readonly string[] = [
  'Neurons run as programs of the same instructions as on loihi2, without products of values that change and without tables; the fixed pipeline of Loihi 1 (one current, one voltage, one threshold) is not modelled stage by stage.',
  ...LOIHI2_ASSUMPTIONS.filter(
    (a) => !a.startsWith('The number of learning profiles') && !a.startsWith('A network step'),
  ),
  '16 learning profiles per core: nengo-loihi’s validation allows 16 synapse configurations, its hardware objects 8.',
];
