import { DeviceRestart, type Served } from '../../../runtime/link/device.js';
import type { CoreConfiguration } from '../configuration.js';
import { addressIn, COMMAND, REGION, REGISTER, type Region } from '../memory-map.js';
import { CodeFault } from '../model/code.js';
import { CoreModel } from '../model/core-model.js';
import { type CoreIdentity, encodeIdentity } from './identity.js';

const COMMAND_ADDRESS = addressIn('registers', REGISTER.command);

const RUNS: ReadonlySet<number> = new Set([COMMAND.step, COMMAND.flush]);

/** A board without a board: the emulator of the core where a device has its circuit. */
export class VirtualBoard implements Served {
  readonly identity: Uint8Array;
  private readonly model: CoreModel;

  constructor(
    identity: CoreIdentity,
    readonly configuration: CoreConfiguration,
  ) {
    this.identity = encodeIdentity(identity);
    this.model = new CoreModel(configuration);
  }

  /** Other commands than a step and a flush do nothing, as in the circuit. */
  write(address: number, word: number): void {
    if (address !== COMMAND_ADDRESS) this.model.write(address, word);
    else if (RUNS.has(word & 3)) this.run(word >>> 0);
  }

  private run(command: number): void {
    try {
      this.model.run(command);
    } catch (error) {
      // The loader of a circuit resets a core that does not end, and forgets its host.
      if (error instanceof CodeFault) throw new DeviceRestart();
      throw error;
    }
  }

  read(address: number): number {
    return this.model.read(address);
  }

  reset(): void {
    for (let register = 1; register < 12; register++) {
      this.model.write(addressIn('registers', register), 0);
    }
  }

  /** Every word that it holds, and back: what a board keeps that stays switched on. */
  get words(): Uint32Array {
    return this.model.readAll(addressesOfAll(this.configuration));
  }

  set words(words: Uint32Array) {
    for (const [i, address] of addressesOfAll(this.configuration).entries()) {
      this.model.write(address, words[i]!);
    }
  }
}

/** The addresses of every word that a core holds and shows. */
export function addressesOfAll(configuration: CoreConfiguration): Uint32Array {
  const { lanes, units } = configuration;
  const messages = 2 ** configuration.messageAddress * lanes;
  const sizes: readonly (readonly [Region, number])[] = [
    ['registers', 12],
    ['weights', configuration.weightWords * lanes],
    ['variables', configuration.variableBits > 0 ? configuration.weightWords * lanes : 0],
    ['coefficients', configuration.weightWords * lanes * 2],
    ['fields', configuration.fieldWords * lanes * 4],
    ['payloads', messages],
    ['x', messages * 2],
    ['code', configuration.codeWords * units * 2],
    ['passes', configuration.codeWords],
    ['control', configuration.controlWords],
    ['scales', configuration.scales],
  ];
  return Uint32Array.from(
    sizes.flatMap(([region, size]) =>
      Array.from({ length: size }, (_, i) => REGION[region] * 2 ** 20 + i),
    ),
  );
}
