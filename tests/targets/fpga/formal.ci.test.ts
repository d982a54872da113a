import { describe, expect, it } from 'vitest';
import {
  proveUnit,
  type UnitShape,
  unitAlignment,
  unitSources,
} from '../../../targets/fpga/formal/unit.js';

const SHAPES: readonly UnitShape[] = [
  { depth: 2, weightBits: 8, coefficients: 4, coefficientBits: 8 },
  { depth: 3, weightBits: 12, coefficients: 4, coefficientBits: 8 },
  { depth: 4, weightBits: 16, coefficients: 2, coefficientBits: 16 },
];
const files = unitSources();

/** The sources with one place of the unit written otherwise. */
function changed(from: string, to: string): typeof files {
  const text = files['unit.v']!;
  expect(text.split(from).length).toBe(2);
  return { ...files, 'unit.v': text.replace(from, () => to) };
}

describe.each(SHAPES)('a unit of depth $depth, weights of $weightBits bits', (shape) => {
  const draw = shape.depth === 2 ? 1 : 2;

  it('gives its result after as many clocks, and nothing of other instructions in it', async () => {
    const { depth } = shape;
    const outputs = { result: depth, d_result: depth, saturated: depth };
    expect(await unitAlignment(files, shape, draw)).toEqual(outputs);
    await expect(unitAlignment(files, shape, draw - 1)).rejects.toThrow('mixes clocks');
  });

  it('computes what the instruction means', async () => {
    expect(await proveUnit(files, shape)).toEqual({ holds: true, counterexample: [] });
  });
});

describe('the proof of the unit', () => {
  const shape = SHAPES[0]!;
  it.each([
    ['nearest without its half', 'nearest_3 && shifted[7]', 'nearest_3 && shifted[6]'],
    ['a draw that is too large by one', 'shifted[7:0] > ~draw_3', 'shifted[7:0] >= ~draw_3'],
    [
      'a limit that is off by one',
      "{(WEIGHT_BITS - 1) {1'b1}}};",
      "{(WEIGHT_BITS - 2) {1'b1}}, 1'b0};",
    ],
    ['a difference that wraps', 'clipped ? {difference[16], {15{~difference[16]}}} : ', ''],
    ['a comparison of the wrong sign', 'op == LT && less', 'op == LT && !less'],
    [
      'a product without signs',
      'wire signed [15:0] u_1, c_1, e_1;',
      'wire [15:0] u_1, c_1; wire signed [15:0] e_1;',
    ],
    ['another operand', '{x1, x0, wide_k, v,', '{x0, x1, wide_k, v,'],
    ['a saturation that is not counted', '(over || cut_3) && d_3', 'over && d_3'],
  ])('finds %s', async (_, from, to) => {
    const { holds, counterexample } = await proveUnit(changed(from, to), shape);
    expect(holds).toBe(false);
    expect(counterexample.length).toBeGreaterThan(3);
  });
});
