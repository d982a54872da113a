import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CompileOptions } from '../../compiler/pass.js';

/** Reads a whole number within limits; anything else is a usage error with a sentence. */
export function wholeNumber(from: number, to: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}

/** Reads a finite decimal number; anything else is a usage error. */
export function realNumber(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

/** Reads a decimal number above 0; anything else is a usage error. */
export function positiveNumber(text: string): number {
  const value = realNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Takes the name of a file whose ending says its format; another ending is a usage error that names them. */
export function fileEnding(...endings: readonly string[]) {
  return (file: string): string => {
    if (endings.some((ending) => file.toLowerCase().endsWith(ending))) return file;
    const [last, ...others] = [...endings].reverse();
    throw new InvalidArgumentError(`It must end in ${others.reverse().join(', ')} or ${last}.`);
  };
}

const SEED_MAXIMUM = 2 ** 32 - 1;

/** `--seed`, on every command. */
export const seedOption = (): Option =>
  new Option('--seed <number>', 'seed of every random draw (32 bits)').argParser(
    wholeNumber(0, SEED_MAXIMUM),
  );

/** `--workers`, where work is shared among threads. */
export const workersOption = (): Option =>
  new Option('--workers <number>', 'worker threads; the result does not depend on it')
    .argParser(wholeNumber(0, 256))
    .default(availableParallelism(), 'one per core');

/** Adds one more value to an option that may be given several times. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

/** Flags of the options that `widthOptions` makes. */
export interface WidthFlags {
  readonly weightBits?: number;
  readonly traceBits?: number;
  readonly coefficientBits?: number;
}

/** `--weight-bits`, `--trace-bits`, `--coefficient-bits`: widths on a target, for `compile` and `train --on`. */
export const widthOptions = (): readonly Option[] => [
  new Option('--weight-bits <number>', 'bits of a weight').argParser(wholeNumber(1, 64)),
  new Option('--trace-bits <number>', 'bits of a trace').argParser(wholeNumber(1, 64)),
  new Option('--coefficient-bits <number>', 'bits of a coefficient of the rule').argParser(
    wholeNumber(1, 64),
  ),
];

/** The widths that flags ask for, as the compiler takes them. */
export function widthsOf({
  weightBits,
  traceBits,
  coefficientBits,
}: WidthFlags): Partial<Pick<CompileOptions, keyof WidthFlags>> {
  return {
    ...(weightBits === undefined ? {} : { weightBits }),
    ...(traceBits === undefined ? {} : { traceBits }),
    ...(coefficientBits === undefined ? {} : { coefficientBits }),
  };
}

/** The words of a command line that say the same as these flags. */
export function optionWords(
  options: readonly Option[],
  flags: Readonly<Record<string, unknown>>,
): readonly string[] {
  return options.flatMap((option) => {
    const value = flags[option.attributeName()];
    return value === undefined ? [] : [option.long!, `${value}`];
  });
}

/** Ends with a usage error when one of the options is given without the one that gives it a meaning. */
export function requireWith(
  self: Command,
  options: readonly Option[],
  flags: Readonly<Record<string, unknown>>,
  needed: string,
): void {
  const alone = options.find((option) => flags[option.attributeName()] !== undefined);
  if (alone) self.error(`error: option '${alone.flags}' needs '${needed}'`);
}
