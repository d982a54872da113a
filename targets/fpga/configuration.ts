/** What the core is built with: the parameters of `plastron_core` (rtl/plastron_core.v). */
export interface CoreConfiguration {
  /** Lanes, units of a lane, cycles of a unit: 1 … 16, 1 | 2 | 4, 2 | 3 | 4. */
  readonly lanes: number;
  readonly units: number;
  readonly depth: number;
  /** 1: words of memories are kept in a register before units work on them. */
  readonly fetchRegister: number;
  /** 1: a command is fetched while the one before is at work, and begins when that has begun its last item. */
  readonly overlap: number;
  readonly weightBits: number;
  /** Coefficients of a synapse, and their bits. */
  readonly coefficients: number;
  readonly coefficientBits: number;
  /** Bits of the index where synapses choose their coefficients from a palette; 0: each has its own. */
  readonly paletteBits: number;
  /** 1: a bit for every synapse says whether it is there. */
  readonly presence: number;
  /** Bits of the variable of a synapse: 0 or 16. */
  readonly variableBits: number;
  readonly accumulatorBits: number;
  /** Words that neurons send for learning, beside the payload: 1 or 2. */
  readonly xBanks: number;
  /** Stochastic roundings of a rule: 1 or 2. */
  readonly draws: number;
  readonly parity: number;
  /** 1: coefficients and commands lie in memory with one port. */
  readonly singlePort: number;
  /** Words, of the four fields and two temporaries, that lie in block RAM on their way through a unit; the others lie in registers. */
  readonly waitMemory: number;
  /** 1: multipliers shift. */
  readonly productShifts: number;
  /** 1: draws are made in a ring, while their synapses go round; rules with one stochastic rounding only. */
  readonly drawRing: number;
  /** Rounds of the draw function per cycle; of a ring, in each pass. */
  readonly rounds: number;
  /** Bits of a scale's quotient per cycle: 1, 2, 7 or 14. */
  readonly divide: number;
  readonly scales: number;
  /** Words of the memories of a lane. */
  readonly weightWords: number;
  readonly fieldWords: number;
  /** Address bits of message memory, those of the frame included. */
  readonly messageAddress: number;
  readonly frameBits: number;
  readonly codeWords: number;
  readonly controlWords: number;
}

/** Names of the Verilog parameters, in the order of the module. */
export const PARAMETER_NAMES: Readonly<Record<keyof CoreConfiguration, string>> = {
  lanes: 'LANES',
  units: 'UNITS',
  depth: 'DEPTH',
  fetchRegister: 'FETCH_REGISTER',
  overlap: 'OVERLAP',
  weightBits: 'WEIGHT_BITS',
  coefficients: 'COEFFICIENTS',
  coefficientBits: 'COEFFICIENT_BITS',
  paletteBits: 'PALETTE_BITS',
  presence: 'PRESENCE',
  variableBits: 'VARIABLE_BITS',
  accumulatorBits: 'ACCUMULATOR_BITS',
  xBanks: 'X_BANKS',
  draws: 'DRAWS',
  parity: 'PARITY',
  singlePort: 'SINGLE_PORT',
  waitMemory: 'WAIT_MEMORY',
  productShifts: 'PRODUCT_SHIFTS',
  drawRing: 'DRAW_RING',
  rounds: 'ROUNDS',
  divide: 'DIVIDE',
  scales: 'SCALES',
  weightWords: 'WEIGHT_WORDS',
  fieldWords: 'FIELD_WORDS',
  messageAddress: 'MESSAGE_ADDRESS',
  frameBits: 'FRAME_BITS',
  codeWords: 'CODE_WORDS',
  controlWords: 'CONTROL_WORDS',
};

/** What a parameter can be: values by name, or all whole numbers between two. */
type Allowed =
  | { readonly values: readonly number[] }
  | { readonly least: number; readonly most: number };

const flag: Allowed = { values: [0, 1] };

/** What words of commands, host addresses and the circuit allow. */
const ALLOWED: Readonly<Record<keyof CoreConfiguration, Allowed>> = {
  lanes: { values: [1, 2, 4, 8, 16] },
  units: { values: [1, 2, 4] },
  depth: { values: [2, 3, 4] },
  fetchRegister: flag,
  overlap: flag,
  weightBits: { least: 2, most: 16 },
  coefficients: { least: 0, most: 4 },
  coefficientBits: { values: [4, 8, 16] },
  paletteBits: { least: 0, most: 8 },
  presence: flag,
  variableBits: { values: [0, 16] },
  accumulatorBits: { least: 16, most: 32 },
  xBanks: { values: [1, 2] },
  draws: { values: [1, 2] },
  parity: flag,
  singlePort: flag,
  waitMemory: { least: 0, most: 6 },
  productShifts: flag,
  drawRing: flag,
  rounds: { least: 1, most: 13 },
  divide: { values: [1, 2, 7, 14] },
  scales: { least: 1, most: 16 },
  weightWords: { least: 1, most: 2 ** 19 },
  fieldWords: { least: 1, most: 2 ** 16 },
  messageAddress: { least: 2, most: 16 },
  frameBits: { least: 1, most: 4 },
  codeWords: { least: 64, most: 2 ** 16 },
  controlWords: { least: 8, most: 2 ** 16 },
};

/** What a parameter can be, in words, where a value is none of that. */
export function parameterFault(key: keyof CoreConfiguration, value: number): string | undefined {
  const allowed = ALLOWED[key];
  if ('values' in allowed) {
    return allowed.values.includes(value) ? undefined : `one of ${allowed.values.join(', ')}`;
  }
  const { least, most } = allowed;
  const fits = Number.isInteger(value) && value >= least && value <= most;
  return fits ? undefined : `a whole number from ${least} to ${most}`;
}

/** The parameters as Verilog names them. */
export function verilogParameters(configuration: CoreConfiguration): Record<string, number> {
  return Object.fromEntries(
    Object.entries(PARAMETER_NAMES).map(([key, name]) => [
      name,
      configuration[key as keyof CoreConfiguration],
    ]),
  );
}

/** Words of one frame of message memory. */
export const frameWords = ({
  messageAddress,
  frameBits,
}: Pick<CoreConfiguration, 'messageAddress' | 'frameBits'>): number =>
  2 ** (messageAddress - frameBits);

/** Cycles from the taking of one command to that in which the next is ready: its words, and the beginnings of its draws. */
export const fetched = (draws: number): number => 9 + 12 * draws;

/** Cycles that follow from a configuration; an item is issued a cycle after the walk chose it. */
export interface CoreTiming {
  /** From issue to the operands of unit 0. */
  readonly fetch: number;
  /** Length of the round: items that go round between two passes of a sweep. */
  readonly round: number;
  /** From issue to the cycle in which results are stored. */
  readonly end: number;
  /** From issue to the cycle in which a sum is stored in its field. */
  readonly sum: number;
  /** The stage of a unit that adds, which takes a draw. */
  readonly adds: number;
  /** From issue to the first cycle in which a draw can be taken. */
  readonly draw: number;
  /** The least cycles of a pass over neurons. */
  readonly neuronPass: number;
  /** Passes of a rule that draws, at least. */
  readonly drawPasses: number;
  /** From the issue of a sweep's last item to the last cycle in which its scale is made. */
  readonly scale: number;
}

/** The timing of the circuit, stage by stage as rtl/lane.v counts. */
export function timingOf(configuration: CoreConfiguration): CoreTiming {
  const { units, depth, fetchRegister, paletteBits, drawRing, rounds, divide } = configuration;
  const fetch = 1 + fetchRegister + Number(paletteBits > 0);
  const round = units * depth;
  const end = fetch + round;
  return {
    fetch,
    round,
    end,
    sum: end + 3,
    adds: depth === 2 ? 1 : 2,
    draw: drawRing === 1 ? Math.ceil((13 * round) / rounds) + 2 : Math.ceil(13 / rounds) + 1,
    drawPasses: drawRing === 1 ? Math.ceil(13 / rounds) : 1,
    neuronPass: end + 2,
    scale: end + 2 + 14 / divide,
  };
}
