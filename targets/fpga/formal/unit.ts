import type { Texts } from '../tools/sources.js';
import { alignment } from './alignment.js';
import { made, type Proof, prove, sourcesWith } from './prove.js';

/** The parameters of a unit (rtl/unit.v). */
export interface UnitShape {
  readonly depth: number;
  readonly weightBits: number;
  readonly coefficients: number;
  readonly coefficientBits: number;
}

/** Sources of the proof; `unit.v` may be exchanged for another text. */
export const unitSources = (): Texts =>
  sourcesWith(['meaning.v', 'unit_proof.v', 'register_as_wire.v']);

const parametersOf = ({ depth, weightBits, coefficients, coefficientBits }: UnitShape): string =>
  Object.entries({
    DEPTH: depth,
    WEIGHT_BITS: weightBits,
    COEFFICIENTS: coefficients,
    COEFFICIENT_BITS: coefficientBits,
    K_WIDTH: Math.max(1, coefficients * coefficientBits),
  })
    .map(([name, value]) => `-set ${name} ${value}`)
    .join(' ');

/** Wires of the unit that `unit_proof` looks at. */
const SEEN = {
  a: 'a',
  b: 'b',
  c: 'c',
  e: 'e',
  u: 'u_1',
  times: 'c_1',
  product: 'product_1',
  z: 'z_2',
  cut: 'cut_0',
};
type Seen = keyof typeof SEEN;

/** Parts of the proof, each with the wires at which it begins. */
const PARTS: readonly { readonly about: string; readonly cuts: readonly Seen[] }[] = [
  { about: 'operands', cuts: [] },
  { about: 'product', cuts: [] },
  { about: 'z from operands and product', cuts: ['a', 'b', 'c', 'e', 'product'] },
  { about: 'd from z', cuts: ['z', 'cut'] },
];

/** Registers as wires, cut wires as inputs, and what `unit_proof` claims of them. */
function scriptOf(shape: UnitShape, part: number): string {
  const { cuts } = PARTS[part]!;
  return [
    'design -reset',
    'read_verilog -formal delay.v operand.v right_shift.v unit.v meaning.v unit_proof.v',
    `chparam ${parametersOf(shape)} -set PART ${part} unit_proof`,
    'hierarchy -check -top unit_proof',
    'rename -top unit_proof',
    'proc',
    'flatten',
    'setattr -unset init',
    ...cuts.map((cut) => `expose -cut w:unit.${SEEN[cut]}`),
    ...Object.entries(SEEN).map(
      ([seen, wire]) => `connect -nounset -set unit_${seen} unit.${wire}`,
    ),
    'techmap -map register_as_wire.v',
    'check -assert',
    'chformal -lower',
    'opt -full',
    `sat -prove-asserts -set-assumes -verify -timeout 300 -show-inputs ${cuts
      .map((cut) => `-set unit.${SEEN[cut]}.i free_${cut}`)
      .join(' ')}`,
  ].join('\n');
}

/** Shows that a unit without its registers computes what its instruction means, for all operands. */
export const proveUnit = (files: Texts, shape: UnitShape): Promise<Proof> =>
  prove(files, PARTS.map((_, part) => scriptOf(shape, part)).join('\n'));

/** The clocks of the outputs of a unit; `draw` is that in which its draws come. */
export async function unitAlignment(files: Texts, shape: UnitShape, draw: number) {
  const script = [
    'read_verilog delay.v operand.v right_shift.v unit.v',
    `chparam ${parametersOf(shape)} unit`,
    'hierarchy -check -top unit',
    'rename -top unit',
    'proc',
    'flatten',
    'opt_clean',
    'write_json unit.json',
  ].join('\n');
  const json = await made(files, script, 'unit.json');
  return alignment(json, 'unit', { draw0: draw, draw1: draw });
}
