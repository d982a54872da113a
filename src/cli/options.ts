import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';

/** Reads a whole number within limits; anything else is a usage error with a sentence. */
export function wholeNumber(from: number, to: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
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
