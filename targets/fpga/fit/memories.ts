import type { Family, Resources } from '../boards/board.js';
import type { CoreConfiguration } from '../configuration.js';

/** A memory of the circuit, so many times. */
export interface CoreMemoryShape {
  readonly name: string;
  readonly width: number;
  readonly words: number;
  readonly count: number;
  /** Whether it has one port (rtl/single_port_memory.v). */
  readonly isSingle: boolean;
}

/** The memories of a core, as rtl instantiates them. */
export function memoriesOf(configuration: CoreConfiguration): readonly CoreMemoryShape[] {
  const { lanes, units, weightWords, fieldWords, codeWords, controlWords } = configuration;
  const { weightBits, variableBits, parity, presence, paletteBits, xBanks } = configuration;
  const { coefficients, coefficientBits, messageAddress, singlePort, waitMemory } = configuration;
  const own = Math.max(1, coefficients * coefficientBits);
  const memory = (
    name: string,
    count: number,
    width: number,
    words: number,
    isSingle = false,
  ): CoreMemoryShape[] => (count * width > 0 ? [{ name, width, words, count, isSingle }] : []);
  const messages = 2 ** messageAddress;
  return [
    ...memory('weights', lanes, weightBits, weightWords),
    ...memory('parity of weights', lanes * parity, 1, weightWords),
    ...memory('variables of synapses', lanes, variableBits, weightWords),
    ...memory(
      paletteBits > 0 ? 'palette numbers of synapses' : 'coefficients of synapses',
      lanes,
      (paletteBits > 0 ? paletteBits : own) + presence,
      weightWords,
      singlePort === 1,
    ),
    ...memory('palette', paletteBits > 0 ? lanes : 0, own, 2 ** paletteBits),
    ...memory('neuron variables', 4 * lanes, 16, fieldWords),
    ...memory('messages', lanes * (1 + xBanks), 16, messages),
    ...memory('code, lower half', units, 32, codeWords),
    ...memory('code, upper half', units, 18, codeWords),
    ...memory('passes', 1, 11, codeWords),
    ...memory('commands', 1, 32, controlWords, singlePort === 1),
    ...memory('frames of the link', 1, 8, 512),
    ...memory('words on their way through units', lanes * units * waitMemory, 16, 4),
  ];
}

type Shapes = readonly (readonly [width: number, words: number])[];

/** A block of 18 kbit: Lattice FPGA-TN-02204, table 1; AMD UG473, table 1-8 (a half of a block); Gowin UG285, table 3-1. */
const OF_18_KBIT: Shapes = [
  [36, 512],
  [18, 1024],
  [9, 2048],
  [4, 4096],
  [2, 8192],
  [1, 16_384],
];

/** Shapes that a block RAM takes, in bits by words. */
const SHAPES: Readonly<Record<Family, Shapes>> = {
  // Lattice FPGA-TN-02002, table 2.
  ice40: [
    [16, 256],
    [8, 512],
    [4, 1024],
    [2, 2048],
  ],
  ecp5: OF_18_KBIT,
  xilinx: OF_18_KBIT,
  gowin: OF_18_KBIT,
};

/** Words and bits of a memory with one port on UP5K. */
const SPRAM = { width: 16, words: 16_384 };

/** Memories up to so many bits lie in look-up tables, where a family's can hold words: as Yosys 0.55 maps memory.v. */
const SMALL: Readonly<Record<Family, number>> = { ice40: 0, ecp5: 1152, xilinx: 2048, gowin: 1024 };

/** Blocks that memories take. */
export interface MemoryUse {
  readonly blockRams: number;
  readonly singlePortRams: number;
}

/** The blocks that one memory takes, each of its instances. */
export function useOf(
  { width, words, count, isSingle }: CoreMemoryShape,
  family: Family,
  { singlePortRams }: Resources,
): MemoryUse {
  if (isSingle && singlePortRams > 0) {
    const each = Math.ceil(width / SPRAM.width) * Math.ceil(words / SPRAM.words);
    return { blockRams: 0, singlePortRams: count * each };
  }
  if (width * words <= SMALL[family]) return { blockRams: 0, singlePortRams: 0 };
  const each = Math.min(
    ...SHAPES[family].map(([w, n]) => Math.ceil(width / w) * Math.ceil(words / n)),
  );
  return { blockRams: count * each, singlePortRams: 0 };
}
