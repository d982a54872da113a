import type { Capabilities } from '../../../compiler/target.js';
import { fpgaCapabilities } from '../capabilities.js';
import type { Board } from './board.js';

/** Bits of a neuron at least: a page of fields, and messages with x0 and x1 in two frames. */
const NEURON_BITS = 4 * 16 + 2 * 3 * 16;

/** The longest delay, in steps: what commands hold. */
const LONGEST_DELAY = 15;

/** What the core on a board can do, whatever its memories; these are looked at when a Program is encoded. */
export function capabilitiesOf({ name, resources, core }: Board): Capabilities {
  const { blockRams, blockRamBits, singlePortRams, singlePortRamBits } = resources;
  const bits = blockRams * blockRamBits + singlePortRams * singlePortRamBits;
  return fpgaCapabilities({
    accumulatorBits: core.accumulatorBits,
    neurons: Math.floor(bits / NEURON_BITS),
    synapseBits: bits,
    delay: LONGEST_DELAY,
    source: `the memories of ${name}: ${blockRams} × ${blockRamBits} and ${singlePortRams} × ${singlePortRamBits} bits`,
  });
}
