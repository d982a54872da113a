import type { InputPort, OutputPort } from '../../../src/network/network.js';
import { valueAt } from '../../../src/network/synapses.js';
import type { FixedNetwork } from '../../levels/fixed/fixed.js';
import type { PortCodec } from '../../levels/numbers/codec.js';
import { type Format, maximumOf, minimumOf, scaleOf } from '../../levels/numbers/format.js';
import type { Placed } from './layout.js';
import { f64x2, i32x4, type Node, operation } from './node.js';
import type { OpcodeName } from './opcodes.js';

/** Four numbers of float64, one per lane: the first two lanes, then the others. */
export type Halves = readonly [Node, Node];

/** How a lane machine takes real values and gives them: where they lie, and the conversions that its `step` makes. */
export interface LanePorts {
  readonly input: {
    readonly placed: Placed;
    /** Four lanes of the machine from four values of the outside. */
    encode(values: Halves, index: number): Node;
  };
  /** Absent where no rule reads it. */
  readonly modulator: { readonly placed: Placed; encode(values: Halves): Node } | undefined;
  readonly output: {
    readonly placed: Placed;
    /** Four values for the outside from four lanes of the machine. */
    decode(lanes: Node): Halves;
  };
}

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);

/** The ports of a network in float32: `inputValue` and `outputValue` of network/ports.ts. */
export function floatPorts(
  input: InputPort,
  output: OutputPort,
  places: { readonly input: Placed; readonly modulator: Placed; readonly output: Placed },
): LanePorts {
  const rounded = (values: Halves): Node =>
    joined(values.map((half) => v('f32x4.demote_f64x2_zero', half)));
  return {
    input: {
      placed: places.input,
      encode: (values, index) =>
        rounded(
          both(values, (value) => {
            const [mean, deviation] = [valueAt(input.mean, index), valueAt(input.deviation, index)];
            return limited(normalised(value, mean, deviation, input.scale), input.clip);
          }),
        ),
    },
    modulator: { placed: places.modulator, encode: rounded },
    output: {
      placed: places.output,
      decode: (lanes) =>
        both([lanes, upper(lanes)], (half) => {
          const value = v('f64x2.promote_low_f32x4', half);
          return limited(v('f64x2.mul', value, f64x2(output.scale)), output.clip);
        }),
    },
  };
}

/** The ports of a quantised network: `encodeInput`, `toInteger` and `decodeOutput` of levels/numbers. */
export function integerPorts(
  input: PortCodec,
  output: PortCodec,
  modulator: FixedNetwork['modulator'],
  places: { readonly input: Placed; readonly modulator: Placed; readonly output: Placed },
): LanePorts {
  return {
    input: {
      placed: places.input,
      encode: (values, index) =>
        integers(
          both(values, (value) => {
            const [mean, deviation] = [at(input.mean, index), at(input.deviation, index)];
            return limited(normalised(value, mean, deviation, input.scale), input.clip);
          }),
          input.format,
        ),
    },
    modulator: modulator
      ? {
          placed: places.modulator,
          encode: (values) =>
            v('i32x4.add', integers(values, modulator.format), i32x4(modulator.offset)),
        }
      : undefined,
    output: {
      placed: places.output,
      decode: (lanes) =>
        both([lanes, upper(lanes)], (half) => {
          const integer = v('f64x2.convert_low_i32x4_s', half);
          const real = v('f64x2.div', integer, f64x2(scaleOf(output.format.fraction)));
          return limited(v('f64x2.mul', real, f64x2(output.scale)), output.clip);
        }),
    },
  };
}

const at = (values: number | readonly number[], index: number): number =>
  typeof values === 'number' ? values : values[index]!;

const both = ([low, high]: Halves, map: (half: Node) => Node): Halves => [map(low), map(high)];

function normalised(value: Node, mean: number, deviation: number, scale: number): Node {
  const centred = v('f64x2.sub', value, f64x2(mean));
  return v('f64x2.mul', v('f64x2.div', centred, f64x2(deviation)), f64x2(scale));
}

/** `Math.max(-clip, Math.min(clip, value))`: NaN stays NaN. */
function limited(value: Node, clip: number | null): Node {
  if (clip === null || clip === Number.POSITIVE_INFINITY) return value;
  return v('f64x2.max', f64x2(-clip), v('f64x2.min', f64x2(clip), value));
}

/** `toInteger` to the nearest of a format of at most 32 bits; NaN gives 0, as a typed array of integers does. */
function integers(values: Halves, format: Format): Node {
  const converted = both(values, (value) => {
    const scaled = v('f64x2.mul', value, f64x2(scaleOf(format.fraction)));
    const rounded = v('f64x2.floor', v('f64x2.add', scaled, f64x2(0.5)));
    const low = v('f64x2.max', rounded, f64x2(minimumOf(format)));
    return v('i32x4.trunc_sat_f64x2_s_zero', v('f64x2.min', low, f64x2(maximumOf(format))));
  });
  return joined(converted);
}

/** The low halves of two vectors as one. */
const joined = ([low, high]: readonly Node[]): Node =>
  operation(
    'i8x16.shuffle',
    [low!, high!],
    [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
  );

/** The high half of a vector in the place of the low one; `lanes` is read twice, so it is to be kept in a local. */
const upper = (lanes: Node): Node =>
  operation(
    'i8x16.shuffle',
    [lanes, lanes],
    [8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0],
  );
