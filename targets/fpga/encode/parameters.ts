import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program, ProgramParameter } from '../../../compiler/levels/program/program.js';
import { type CoreConfiguration, PARAMETER_NAMES, verilogParameters } from '../configuration.js';

/** The core of a Program, by the names of its Verilog parameters. */
export const parametersOf = (configuration: CoreConfiguration): ProgramParameter[] =>
  Object.entries(verilogParameters(configuration)).map(([name, value]) => ({ name, value }));

/** The core for which a Program was made. PL5021 where a parameter is missing, or none that a core can have. */
export function configurationOf({ parameters }: Pick<Program, 'parameters'>): CoreConfiguration {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const entries = Object.entries(PARAMETER_NAMES).map(([key, name]) => {
    const value = values.get(name);
    const [least, most] = RANGES[key as keyof CoreConfiguration];
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= most)
      return [key, value] as const;
    const message = `the core of the program has ${value === undefined ? 'no' : value} ${name}; it is ${least} … ${most}`;
    return fail(diagnostic('PL5021', message));
  });
  return Object.fromEntries(entries) as unknown as CoreConfiguration;
}

/** The least and the most of each parameter: what words of commands and host addresses reach. */
const RANGES: Readonly<Record<keyof CoreConfiguration, readonly [least: number, most: number]>> = {
  lanes: [1, 16],
  units: [1, 4],
  depth: [2, 4],
  weightBits: [2, 16],
  coefficients: [0, 4],
  coefficientBits: [2, 16],
  paletteBits: [0, 8],
  presence: [0, 1],
  variableBits: [0, 16],
  accumulatorBits: [16, 32],
  xBanks: [1, 2],
  draws: [1, 2],
  parity: [0, 1],
  singlePort: [0, 1],
  rounds: [1, 13],
  divide: [1, 14],
  scales: [1, 16],
  weightWords: [1, 2 ** 19],
  fieldWords: [1, 2 ** 16],
  messageAddress: [1, 16],
  frameBits: [1, 4],
  codeWords: [1, 2 ** 16],
  controlWords: [8, 2 ** 16],
};
