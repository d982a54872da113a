import type { Texts } from '../tools/sources.js';
import { flat } from './induct.js';
import { type Proof, prove } from './prove.js';

/** Wires of line_proof.v, and what is behind them. */
const SEEN: Readonly<Record<string, string>> = {
  left: 'transmitter.left',
  taps: 'receiver.taps',
  running: 'receiver.running',
  waiting: 'receiver.waiting',
};

/** Shows that a byte goes over a line whole, from any state at rest to a state at rest. */
export function proveLine(files: Texts, divisor: number): Promise<Proof> {
  const module = {
    top: 'line_proof',
    files: ['uart_transmitter.v', 'uart_receiver.v', 'line_proof.v'],
    parameters: { DIVISOR: divisor },
    seen: SEEN,
  };
  const clocks = 10 * divisor + 2;
  const script = [
    ...flat(module),
    // Any contents but those of the clock of the proof itself.
    'setattr -unset init w:transmitter.* w:receiver.*',
    `sat -seq ${clocks} -prove-asserts -set-assumes -verify -timeout 300 -show-inputs`,
  ];
  return prove(files, script.join('\n'));
}
