import type { Capabilities, MultiplyAddArithmetic } from '../../compiler/target.js';

/** What the core's instructions hold ([README](README.md)). */
export const FPGA_LEARNING: MultiplyAddArithmetic = {
  kind: 'multiply-add',
  weightBits: { default: 8, maximum: 16 },
  traceBits: { default: 16, maximum: 16 },
  coefficientBits: { default: 8, choices: [4, 8, 16] },
  coefficients: 4,
  operandBits: 16,
  productBits: 32,
  preShiftMaximum: 15,
  shiftMaximum: 31,
  randomBits: 8,
  traces: { pre: 2, post: 4 },
  variables: 1,
  variableBits: 16,
  temporaries: 2,
};

/** The limits of one board, which the core as such does not have. */
export interface FpgaLimits {
  readonly weightBits?: number;
  readonly accumulatorBits?: number;
  readonly neurons: number;
  readonly synapseBits: number;
  readonly delay: number;
  /** Where the numbers come from. */
  readonly source: string;
}

/** Capabilities of the core on a board; everything lies on one core. */
export function fpgaCapabilities(limits: FpgaLimits): Capabilities {
  const { weightBits = FPGA_LEARNING.weightBits.default, accumulatorBits = 24, source } = limits;
  return {
    neuron: {
      registerBits: 16,
      stateBits: 16,
      accumulatorBits,
      constantBits: 16,
      payloadBits: 16,
      tableEntries: 0,
      products: true,
      gradedPayloads: true,
    },
    learning: { ...FPGA_LEARNING, weightBits: { default: weightBits, maximum: 16 } },
    normalizations: ['clip', 'decay', 'max', 'pow2'],
    phases: true,
    modulator: true,
    limits: {
      cores: { value: 1, source },
      neuronsPerCore: { value: limits.neurons, source },
      synapseBitsPerCore: { value: limits.synapseBits, source },
      profilesPerCore: { value: null, source: 'every synapse holds its own coefficients' },
      delay: { value: limits.delay, source },
    },
  };
}
