import { InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../../compiler/diagnostics/diagnostic.js';
import { PASS_NAMES, type PassName } from '../../compiler/pass-names.js';

/** The levels that `--emit` writes. */
const EMITTED = ['network', 'fixed', 'micro', 'program'] as const;
export type EmittedLevel = (typeof EMITTED)[number];

/** Flags of the options that `levelOptions` makes. */
export interface LevelFlags {
  readonly emit?: EmittedLevel;
  readonly printAfter?: PassName;
  readonly passTimes?: boolean;
}

/** `--emit`, `--print-after` and `--pass-times`: looking into the compiler. */
export const levelOptions = (): readonly Option[] => [
  new Option(
    '--emit <level>',
    'write this level of the compiler as text in place of the Program',
  ).choices(EMITTED),
  new Option(
    '--print-after <pass>',
    `print the level as this pass leaves it: ${PASS_NAMES.join(', ')}`,
  ).argParser(passNamed),
  new Option('--pass-times', 'print how long each pass took'),
];

/** The name of a pass; another one is a usage error with the nearest names. */
function passNamed(text: string): PassName {
  const name = PASS_NAMES.find((known) => known === text);
  if (name !== undefined) return name;
  throw new InvalidArgumentError(
    `There is no such pass: ${didYouMean(text, PASS_NAMES, 'there are')}`,
  );
}
