import type { CoreConfiguration } from './configuration.js';

/** Regions of the host's addresses: bits 23 … 20. */
export const REGION = {
  registers: 0,
  weights: 1,
  coefficients: 2,
  palette: 3,
  fields: 4,
  payloads: 5,
  x: 6,
  code: 7,
  passes: 8,
  control: 9,
  scales: 10,
  variables: 11,
} as const;
export type Region = keyof typeof REGION;

/** Registers of region 0. */
export const REGISTER = {
  command: 0,
  status: 1,
  /** The step whose learning is pending, or was done last: one before the step to come. */
  learningStep: 2,
  seed: 3,
  modulator: 4,
  cycles: 5,
  cyclesHigh: 6,
  stalls: 7,
  saturations: 8,
  pending: 9,
  identity: 10,
  modulatorLearned: 11,
} as const;

/** What the register `identity` holds: the version of what this folder describes. */
export const CORE_VERSION = 0x504c0002;

/** Commands of register 0; the mask of what learns stands in bits 31 … 16. */
export const COMMAND = { step: 1, flush: 2 } as const;

/** The host's address of a word of a region. */
export const addressIn = (region: Region, index: number): number =>
  REGION[region] * 2 ** 20 + index;

/** Addresses of what lanes hold, and of code. Lanes and units are powers of two. */
export function addressesOf({ lanes, units }: Pick<CoreConfiguration, 'lanes' | 'units'>) {
  return {
    weight: (lane: number, word: number) => addressIn('weights', word * lanes + lane),
    variable: (lane: number, word: number) => addressIn('variables', word * lanes + lane),
    coefficients: (lane: number, word: number, half: number) =>
      addressIn('coefficients', (word * lanes + lane) * 2 + half),
    palette: (lane: number, entry: number, half: number) =>
      addressIn('palette', (entry * lanes + lane) * 2 + half),
    field: (lane: number, word: number, bank: number) =>
      addressIn('fields', (word * lanes + lane) * 4 + bank),
    payload: (lane: number, message: number) => addressIn('payloads', message * lanes + lane),
    x: (lane: number, message: number, bank: number) =>
      addressIn('x', (message * lanes + lane) * 2 + bank),
    code: (address: number, unit: number, half: number) =>
      addressIn('code', (address * units + unit) * 2 + half),
  };
}

/** A core as its host sees it: the circuit, simulated or on a board, or its emulator. */
export interface CoreDevice {
  /** A word of the host's address space; memories take as many low bits as they are wide. Only between runs. */
  write(address: number, data: number): void;
  /** The word at an address, memories sign-extended to 32 bits. */
  read(address: number): number;
  /** The words at several addresses, at once where there is a way to wait for. */
  readAll(addresses: Uint32Array): Uint32Array;
  /** Writes the COMMAND register and waits until nothing is at work; gives the cycles that it took. */
  run(command: number): number;
  /** Does both, in one round trip where there is a way to wait for: what a step is. */
  runAndRead(command: number, addresses: Uint32Array): Uint32Array;
  close(): void;
}
