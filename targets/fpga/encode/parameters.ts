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
  const entries = Object.entries(PARAMETER_NAMES).map(([key, name]) => {
    const value = values.get(name);
    const fault = parameterFault(key as keyof CoreConfiguration, value ?? Number.NaN);
    if (fault === undefined) return [key, value] as const;
    const message = `the core of the program has ${value ?? 'no'} ${name}; it is ${fault}`;
    return fail(diagnostic('PL5021', message));
  });
  return Object.fromEntries(entries) as unknown as CoreConfiguration;
}
