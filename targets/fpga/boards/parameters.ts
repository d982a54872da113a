import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticsError,
  didYouMean,
} from '../../../compiler/diagnostics/diagnostic.js';
import { type CoreConfiguration, PARAMETER_NAMES, parameterFault } from '../configuration.js';

type Key = keyof CoreConfiguration;

/**
 * A core with some parameters changed, as in `LANES=4,DEPTH=3`.
 *
 * @throws DiagnosticsError PL3051 for what is no parameter, no number, or none that it can have.
 */
export function withParameters(core: CoreConfiguration, text: string): CoreConfiguration {
  const keys = new Map(Object.entries(PARAMETER_NAMES).map(([key, name]) => [name, key as Key]));
  const faults: Diagnostic[] = [];
  const changed: Partial<Record<Key, number>> = {};
  for (const word of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    const key = keys.get(name.toUpperCase());
    if (name === '' || !/^\d{1,6}$/.test(value)) {
      const help = 'parameters are written NAME=NUMBER, separated by commas';
      faults.push(diagnostic('PL3051', `\`${word}\` is no parameter with a number`, { help }));
    } else if (key === undefined) {
      const help = didYouMean(name.toUpperCase(), [...keys.keys()], 'parameters');
      faults.push(diagnostic('PL3051', `the core has no parameter \`${name}\``, { help }));
    } else {
      const fault = parameterFault(key, Number(value));
      if (fault === undefined) changed[key] = Number(value);
      else faults.push(diagnostic('PL3051', `${name.toUpperCase()} is ${value}; it is ${fault}`));
    }
  }
  if (faults.length > 0) throw new DiagnosticsError(faults);
  return { ...core, ...changed };
}
