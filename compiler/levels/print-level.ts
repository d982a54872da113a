import { printNetwork } from '../../src/network/text.js';
import { unreachable } from '../diagnostics/diagnostic.js';
import type { Level } from '../pipeline.js';
import { printFixed } from './fixed/print.js';
import { printMicro } from './micro/print.js';
import type { PlacedNetwork } from './placed.js';
import { printName } from './text/print.js';

/** A level of the pipeline as text. */
export function printLevel(level: Level): string {
  switch (level.kind) {
    case 'network':
      return printPlaced(level);
    case 'fixed':
      return printFixed(level);
    case 'micro':
      return printMicro(level);
    default:
      return unreachable(level);
  }
}

/** The text of the network, which `parseNetwork` reads back. What lies where is in comments: `tag` and `partition` find it again. */
function printPlaced({ network, tags, groups }: PlacedNetwork): string {
  const lines = [
    ...Object.entries(tags).map(
      ([projection, name]) => `# ${printName(projection)}: ${name} in the tag of each synapse\n`,
    ),
    ...groups.map(
      ({ population, first, count, core }) =>
        `# ${printName(population)}: neurons ${first} to ${first + count - 1} on core ${core}\n`,
    ),
  ];
  return [printNetwork(network), ...(lines.length > 0 ? ['\n', ...lines] : [])].join('');
}
