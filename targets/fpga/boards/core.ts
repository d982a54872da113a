import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticsError,
  didYouMean,
} from '../../../compiler/diagnostics/diagnostic.js';

/** Parameters of the circuit `plastron_core`, which has them in capitals: `weightBits` is its WEIGHT_BITS. */
export interface CoreParameters {
  /** Neurons at work at the same time: 2, 4, 8 … */
  readonly lanes: number;
  /** Units in the chain of a lane: 1, 2 or 4. */
  readonly units: number;
  /** Cycles from the operands of a unit to its result. */
  readonly depth: number;
  readonly weightBits: number;
  /** Coefficients that a synapse can name, 0 to 4. */
  readonly coefficients: number;
  readonly coefficientBits: number;
  /** Bits of the index of a shared coefficient vector; 0: each synapse holds its coefficients. */
  readonly paletteBits: number;
  /** 1: each synapse says whether it is there. */
  readonly presence: 0 | 1;
  /** Bits of the variable of a synapse; 0: there is none. */
  readonly variableBits: number;
  readonly accumulatorBits: number;
  /** Values that a neuron sends for learning, 0 to 2. */
  readonly xBanks: number;
  /** 1: roundings can be stochastic. */
  readonly draws: 0 | 1;
  /** 1: a bit of parity guards the coefficients of each synapse. */
  readonly parity: 0 | 1;
  /** 1: coefficients lie in memories with one port. */
  readonly singlePort: 0 | 1;
  /** Rounds of a draw that are done in one cycle. */
  readonly rounds: number;
  /** Bits of a quotient that are found in one cycle. */
  readonly divide: number;
  /** Projections that may have a scale. */
  readonly scales: number;
  /** Synapses of one lane. */
  readonly weightWords: number;
  /** Pages of fields of one lane. */
  readonly fieldWords: number;
  /** Bits of the address of a word of messages, its frame included. */
  readonly messageAddress: number;
  /** Bits of the number of a frame. */
  readonly frameBits: number;
  /** Instructions of one unit. */
  readonly codeWords: number;
  /** Words of commands. */
  readonly controlWords: number;
  /** 1: the circuit tells of every write, for simulation. */
  readonly trace: 0 | 1;
}

type ParameterKey = keyof CoreParameters;

const verilogName = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The parameters as Verilog names them, in the order of the record. */
export function verilogParameters(
  core: CoreParameters,
): readonly (readonly [name: string, value: number])[] {
  return Object.entries(core).map(([key, value]) => [verilogName(key), value]);
}

/**
 * A core with some parameters changed, as in `LANES=4,DEPTH=3`.
 *
 * @throws DiagnosticsError PL3051 for what is no parameter, or no number.
 */
export function withParameters(core: CoreParameters, text: string): CoreParameters {
  const names = new Map(Object.keys(core).map((key) => [verilogName(key), key as ParameterKey]));
  const faults: Diagnostic[] = [];
  const changed: Partial<Record<ParameterKey, number>> = {};
  for (const word of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    const key = names.get(name.toUpperCase());
    if (name === '' || !/^\d{1,6}$/.test(value)) {
      const help = 'parameters are written NAME=NUMBER, separated by commas';
      faults.push(diagnostic('PL3051', `\`${word}\` is no parameter with a number`, { help }));
    } else if (key === undefined) {
      const help = didYouMean(name.toUpperCase(), [...names.keys()], 'parameters');
      faults.push(diagnostic('PL3051', `the core has no parameter \`${name}\``, { help }));
    } else changed[key] = Number(value);
  }
  if (faults.length > 0) throw new DiagnosticsError(faults);
  return { ...core, ...changed } as CoreParameters;
}
