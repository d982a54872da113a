import { abcd } from './library/abcd.js';
import { adaptive_lif } from './library/adaptive-lif.js';
import { cuba_lif } from './library/cuba-lif.js';
import { hebb } from './library/hebb.js';
import { izhikevich } from './library/izhikevich.js';
import { lif } from './library/lif.js';
import { none } from './library/none.js';
import { oja } from './library/oja.js';
import { pdlf } from './library/pdlf.js';
import { r_stdp } from './library/r-stdp.js';
import { readout } from './library/readout.js';
import { stdp } from './library/stdp.js';
import { ternary_lif } from './library/ternary-lif.js';
import { triplet_stdp } from './library/triplet-stdp.js';

/** Texts of the built-in neurons, by name: the same language as a user's own. */
export const libraryNeurons: Readonly<Record<string, string>> = {
  lif,
  cuba_lif,
  ternary_lif,
  adaptive_lif,
  izhikevich,
  readout,
};

/** Texts of the built-in rules, by name. */
export const libraryRules: Readonly<Record<string, string>> = {
  pdlf,
  abcd,
  hebb,
  oja,
  stdp,
  triplet_stdp,
  r_stdp,
  none,
};

/** The text of a library neuron or rule by the file that its spans name: `library/pdlf`. */
export function libraryText(file: string): string | undefined {
  const [, name] = /^library\/(.+)$/.exec(file) ?? [];
  const texts = { ...libraryNeurons, ...libraryRules };
  return name !== undefined && Object.hasOwn(texts, name) ? texts[name] : undefined;
}
