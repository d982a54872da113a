import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { didYouMean, fail } from '../../../compiler/diagnostics/diagnostic.js';
import { artyA7 } from './arty-a7.js';
import type { Board } from './board.js';
import { cmodA7 } from './cmod-a7.js';
import { ice40Hx8k } from './ice40-hx8k.js';
import { icebreaker } from './icebreaker.js';
import { tangNano20k } from './tang-nano-20k.js';
import { ulx3s25f, ulx3s45f, ulx3s85f } from './ulx3s.js';

/** Every board that plastron has facts of. */
export const boards: readonly Board[] = [
  icebreaker,
  ice40Hx8k,
  ulx3s25f,
  ulx3s45f,
  ulx3s85f,
  artyA7,
  cmodA7,
  tangNano20k,
];

/** The board of a name; an unknown one is PL3050 with the nearest names. */
export function boardNamed(name: string): Board {
  const found = boards.find((board) => board.name === name);
  if (found) return found;
  const names = boards.map((board) => board.name);
  const help = didYouMean(name, names, 'boards');
  return fail(diagnostic('PL3050', `there is no board \`${name}\``, { help }));
}
