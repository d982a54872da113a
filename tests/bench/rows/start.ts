import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, figureOf } from '../measure.js';
import type { Row } from '../row.js';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const ROUNDS = 15;

/** Milliseconds from starting Node.js to its end. */
function milliseconds(words: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, words);
  return performance.now() - started;
}

interface Starts {
  readonly help: Figure;
  readonly node: Figure;
  /** What the help takes beyond Node.js, in pairs. */
  readonly own: Figure;
}

/** Both in turn, after one of each that warms up. */
function measureStarts(): Starts {
  const pairs = Array.from({ length: ROUNDS + 1 }, () => ({
    node: milliseconds(['-e', '0']),
    help: milliseconds([MAIN, '--help']),
  })).slice(1);
  return {
    help: figureOf(pairs.map(({ help }) => help)),
    node: figureOf(pairs.map(({ node }) => node)),
    own: figureOf(pairs.map(({ help, node }) => help - node)),
  };
}

/** What a user waits for before anything happens: one measurement for all rows. */
export function startRows(): readonly Row[] {
  let starts: Starts | undefined;
  const measure = (name: keyof Starts) => async (): Promise<Figure> => {
    starts ??= measureStarts();
    return starts[name];
  };
  const unit = 'ms';
  return [
    {
      name: 'cli-help-milliseconds',
      about: 'plastron --help, the start of Node.js with it',
      unit,
      bar: { most: 80 },
      measure: measure('help'),
    },
    {
      name: 'node-start-milliseconds',
      about: 'node -e 0, in turn with plastron --help',
      unit,
      measure: measure('node'),
    },
    {
      name: 'cli-own-milliseconds',
      about: 'what plastron --help takes beyond node -e 0',
      unit,
      measure: measure('own'),
    },
  ];
}
