import { describe, expect, it } from 'vitest';
import { proveInvariant, withClaims } from '../../../targets/fpga/formal/induct.js';
import { proveLine } from '../../../targets/fpga/formal/line.js';
import { sourcesWith } from '../../../targets/fpga/formal/prove.js';
import {
  proveSequencer,
  sequencerSources,
  withRowClaims,
} from '../../../targets/fpga/formal/sequencer.js';
import {
  proveUnit,
  type UnitShape,
  unitAlignment,
  unitSources,
} from '../../../targets/fpga/formal/unit.js';
import type { Texts } from '../../../targets/fpga/tools/sources.js';

const SHAPES: readonly UnitShape[] = [
  { depth: 2, weightBits: 8, coefficients: 4, coefficientBits: 8 },
  { depth: 3, weightBits: 12, coefficients: 4, coefficientBits: 8 },
  { depth: 4, weightBits: 16, coefficients: 2, coefficientBits: 16 },
];
const PROVED = { holds: true, counterexample: [] };
const files = unitSources();

/** Sources with one place of a file written otherwise. */
function changed(sources: Texts, file: string, from: string, to: string): Texts {
  const text = sources[file]!;
  expect(text.split(from).length).toBe(2);
  return { ...sources, [file]: text.replace(from, () => to) };
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
    expect(await proveUnit(files, shape)).toEqual(PROVED);
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
    ['a comparison of the wrong sign', 'by_less && less_1', 'by_less && !less_1'],
    [
      'a product without signs',
      'wire signed [15:0] u_1, c_1, e_1;',
      'wire [15:0] u_1, c_1; wire signed [15:0] e_1;',
    ],
    ['a choice that is kept', "vanishes ? 16'd0 : holds", 'holds'],
    [
      'another operand',
      ".low({f, t1, t0, special, 16'd0}),\n      .high({x1, x0, wide_k, v, wide_w}),\n      .value(a)",
      ".low({f, t1, t0, special, 16'd0}),\n      .high({x0, x1, wide_k, v, wide_w}),\n      .value(a)",
    ],
    ['a saturation that is not counted', '(over || cut_3) && d_3', 'over && d_3'],
  ])('finds %s', async (_, from, to) => {
    const { holds, counterexample } = await proveUnit(changed(files, 'unit.v', from, to), shape);
    expect(holds).toBe(false);
    expect(counterexample.length).toBeGreaterThan(3);
  });
});

describe('the rows of a sweep without a queue', () => {
  const rows = (lanes: number) =>
    ({
      top: 'rows_direct',
      files: ['rows_direct.v', 'rows_counting.v', 'rows_given.v'],
      parameters: { LANES: lanes, MESSAGE_ADDRESS: 4, ROW_BITS: 8, SLOT_BITS: 8 },
      seen: { given_rows: 'giving.given' },
    }) as const;
  const claimed = withRowClaims(sourcesWith([]), 'rows_direct');

  it.each([1, 2, 4])('come to an end, %i lanes', async (lanes) => {
    expect(await proveInvariant(claimed, rows(lanes))).toEqual(PROVED);
  });

  it.each([
    ['words that never show', 'shows <= running && !start', 'shows <= running && start'],
    [
      'a last word that is not the last',
      '!(pop && word_last && slot_last));',
      '!(pop && slot_last));',
    ],
  ])('are not proved with %s', async (_, from, to) => {
    const { holds } = await proveInvariant(changed(claimed, 'rows_direct.v', from, to), rows(2));
    expect(holds).toBe(false);
  });
});

describe('the rows of a sweep', () => {
  const rows = (lanes: number) =>
    ({
      top: 'rows',
      files: ['rows.v', 'rows_counting.v', 'rows_given.v'],
      parameters: { LANES: lanes, MESSAGE_ADDRESS: 4, ROW_BITS: 8, SLOT_BITS: 8 },
      seen: { given_rows: 'giving.given' },
    }) as const;
  const claimed = withRowClaims(sourcesWith([]), 'rows');

  it.each([1, 2, 4])('come to an end, and their queue never overflows, %i lanes', async (lanes) => {
    expect(await proveInvariant(claimed, rows(lanes))).toEqual(PROVED);
  });

  it.each([
    ['a queue with a word too many', "{1'b0, asked} < 2'd2", "{1'b0, asked} < 2'd3"],
    ['a slot without rows that does not end', '(!none || word_last)', '!none'],
  ])('are not proved of %s', async (_, from, to) => {
    const file = claimed['rows.v']!.includes(from) ? 'rows.v' : 'rows_given.v';
    const { holds } = await proveInvariant(changed(claimed, file, from, to), rows(2));
    expect(holds).toBe(false);
  });
});

describe('the sequencer', () => {
  const small = {
    ...{ LANES: 2, UNITS: 1, DEPTH: 2, SCALES: 2, WEIGHT_WORDS: 8, FIELD_WORDS: 8 },
    ...{ MESSAGE_ADDRESS: 4, CONTROL_WORDS: 16, CODE_WORDS: 64, OVERLAP: 1 },
  };
  // As the smallest boards have it.
  const oneByOne = {
    ...small,
    ...{ LANES: 1, DEPTH: 3, FETCH_REGISTER: 0, OVERLAP: 0, X_BANKS: 1, SINGLE_PORT: 1 },
    ...{ DRAWS: 1, DRAW_RING: 1, ROUNDS: 4, DIVIDE: 1, WAIT_MEMORY: 6, PRODUCT_SHIFTS: 1 },
  };
  const claimed = sequencerSources();

  it('has the next command within 32 clocks', async () => {
    const module = { top: 'commands', files: ['commands.v', 'draw_round.v'], parameters: {} };
    expect(await proveInvariant(claimed, module)).toEqual(PROVED);
    const [from, to] = ["drawn <= operation || draws == 2'd1", "drawn <= draws == 2'd1"];
    const stuck = await proveInvariant(changed(claimed, 'commands.v', from, to), module);
    expect(stuck.holds).toBe(false);
  });

  it.each([
    small,
    { ...small, LANES: 4, UNITS: 2, DEPTH: 3, PALETTE_BITS: 2, DIVIDE: 7 },
    { ...small, LANES: 1, UNITS: 4, DEPTH: 4, DIVIDE: 1 },
    oneByOne,
    {
      ...oneByOne,
      LANES: 2,
      UNITS: 2,
      DEPTH: 4,
      FETCH_REGISTER: 1,
      PALETTE_BITS: 2,
      SINGLE_PORT: 0,
    },
  ])(
    'ends a run when its commands end: $LANES lanes, $UNITS units of $DEPTH clocks, overlap $OVERLAP',
    async (p) => {
      expect(await proveSequencer(claimed, p)).toEqual(PROVED);
    },
  );

  it.each([
    [
      'a pass with a clock too many',
      'phase == LAST_PHASE[PB-1:0]',
      'phase == LAST_PHASE[PB-1:0] + ONE_PHASE',
    ],
    ['neurons without a last slot', 'slot + ONE_SLOT == slot_count', 'slot == slot_count'],
    ['an end that may be missed', "flying <= 8'd1 && !scale_busy", "flying == 8'd1 && !scale_busy"],
  ])('is not proved with %s', async (_, from, to) => {
    const { holds } = await proveSequencer(changed(claimed, 'plastron_core.v', from, to), small);
    expect(holds).toBe(false);
  });

  it.each([
    ['a command that is let go too early', '(used && !working && landed)', '(used && landed)'],
    [
      'a command that is kept',
      '(used && !working && landed)',
      "(used && !working && flying == 8'd2)",
    ],
    ['a command that is taken twice', 'command_ready && !used', 'command_ready'],
  ])('is not proved, where nothing overlaps, with %s', async (_, from, to) => {
    const { holds } = await proveSequencer(changed(claimed, 'plastron_core.v', from, to), oneByOne);
    expect(holds).toBe(false);
  });
});

describe('the serial line', () => {
  const receiver = {
    top: 'uart_receiver',
    files: ['uart_receiver.v'],
    parameters: { DIVISOR: 24 },
  };
  const received = withClaims(sourcesWith([]), 'uart_receiver.v', 'receiver_claims.v');
  const loader = { top: 'loader', files: ['loader.v'], parameters: { PATIENCE: 3 } };
  const loaded = withClaims(sourcesWith([]), 'loader.v', 'loader_claims.v');
  const line = sourcesWith(['line_proof.v']);

  it.each([8, 24])('brings every byte whole, %i clocks a bit', async (divisor) => {
    expect(await proveLine(line, divisor)).toEqual(PROVED);
  });

  it('loses no byte that is taken within the time of a frame', async () => {
    expect(await proveInvariant(received, receiver)).toEqual(PROVED);
    const careless = changed(
      received,
      'uart_receiver.v',
      'stopped && level && free',
      'stopped && level',
    );
    expect((await proveInvariant(careless, receiver)).holds).toBe(false);
  });

  it('ends in a loader that obeys whole frames of a host that greeted, and keeps what it offers', async () => {
    expect(await proveInvariant(loaded, loader)).toEqual(PROVED);
  });

  it.each([
    ['any frame', 'framed && crc == WHOLE', 'framed'],
    ['any host', "data[7:0] == 8'd2 && greeted", "data[7:0] == 8'd2"],
    ['an answer that runs on', 'phase <= state == SEND && !sent', 'phase <= state == SEND'],
  ])('is not proved of a loader that obeys %s', async (_, from, to) => {
    const { holds } = await proveInvariant(changed(loaded, 'loader.v', from, to), loader);
    expect(holds).toBe(false);
  });

  it.each([
    ['uart_receiver.v', 'DIVISOR / 2 - 1', 'DIVISOR - 1'],
    ['uart_transmitter.v', "BITS = 4'd10", "BITS = 4'd9"],
  ])('is not proved with another %s', async (file, from, to) => {
    const { holds, counterexample } = await proveLine(changed(line, file, from, to), 8);
    expect(holds).toBe(false);
    expect(counterexample.length).toBeGreaterThan(0);
  });
});
