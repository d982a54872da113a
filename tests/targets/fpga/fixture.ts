import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SimulatedCircuit } from '../../../targets/fpga/simulate/simulator.js';

const name = 'plastron_core.v';
const file = fileURLToPath(new URL(`fixture/${name}`, import.meta.url));
const text = readFileSync(file, 'utf8');

export const LANES = 2;

/** A circuit with the ports of the core whose every clock `FixtureModel` foretells. */
export const fixture: SimulatedCircuit = {
  sources: [{ name, text }],
  parameters: { LANES, TRACE: 1 },
};

/** Registers of the fixture. */
export const REGISTER = { steps: 2, cycles: 3, state: 4, identity: 10 } as const;

/** Where its memory begins on the bus. */
export const MEMORY = 0x100000;

/** The state of the fixture while it is busy, and what it then traces: fixture/plastron_core.v once more. */
export class FixtureModel {
  now = 0;
  constructor(public state: number) {}

  /** The records of one busy clock, three words each. */
  clock(): number[] {
    const words: number[] = [];
    const { state } = this;
    for (let r = 0; r < LANES * 9 + 1; r++) {
      const bit = (at: number): number => (state >>> (at % 32)) & 1;
      if (bit(r) === 0 || bit(r + 7) === 0) continue;
      const high = 0x80000000 | ((state & 7) << 28) | (r << 22) | (state & 0xff);
      words.push(this.now, high >>> 0, (state + r) >>> 0);
    }
    this.now++;
    let next = state ^ (state << 13);
    next ^= next >>> 17;
    next ^= next << 5;
    this.state = next >>> 0;
    return words;
  }
}
