import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program, ProgramParameter } from '../../../compiler/levels/program/program.js';
import {
  type CoreConfiguration,
  PARAMETER_NAMES,
  parameterFault,
  verilogParameters,
} from '../configuration.js';

/** The core of a Program, by the names of its Verilog parameters. */
export const parametersOf = (configuration: CoreConfiguration): ProgramParameter[] =>
  Object.entries(verilogParameters(configuration)).map(([name, value]) => ({ name, value }));

/** The core for which a Program was made. PL5021 where a parameter is missing, or none that a core can have. */
export function configurationOf({ parameters }: Pick<Program, 'parameters'>): CoreConfiguration {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const of = (key: keyof CoreConfiguration): number => {
    const name = PARAMETER_NAMES[key];
    const value = values.get(name) ?? Number.NaN;
    const fault = parameterFault(key, value);
    if (fault === undefined) return value;
    const found = Number.isNaN(value) ? 'no' : value;
    const message = `the core of the program has ${found} ${name}; it is ${fault}`;
    return fail(diagnostic('PL5021', message));
  };
  return {
    lanes: of('lanes'),
    units: of('units'),
    depth: of('depth'),
    fetchRegister: of('fetchRegister'),
    overlap: of('overlap'),
    weightBits: of('weightBits'),
    coefficients: of('coefficients'),
    coefficientBits: of('coefficientBits'),
    paletteBits: of('paletteBits'),
    presence: of('presence'),
    variableBits: of('variableBits'),
    accumulatorBits: of('accumulatorBits'),
    xBanks: of('xBanks'),
    draws: of('draws'),
    parity: of('parity'),
    singlePort: of('singlePort'),
    waitMemory: of('waitMemory'),
    productShifts: of('productShifts'),
    drawRing: of('drawRing'),
    rounds: of('rounds'),
    divide: of('divide'),
    scales: of('scales'),
    weightWords: of('weightWords'),
    fieldWords: of('fieldWords'),
    messageAddress: of('messageAddress'),
    frameBits: of('frameBits'),
    codeWords: of('codeWords'),
    controlWords: of('controlWords'),
  };
}
