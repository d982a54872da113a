/** Types of values in WebAssembly with SIMD. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** What stands behind the opcode: nothing, a memory argument (alignment, offset), a lane, or sixteen lanes. */
export type Immediate = 'none' | 'memory' | 'lane' | 'shuffle';

/** An instruction that takes operands from the stack: bytes and signature as the specification has them. */
export interface Opcode {
  readonly bytes: readonly number[];
  readonly operands: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly immediate: Immediate;
  /** log2 of the bytes that a memory instruction touches: its natural alignment. */
  readonly alignment: number;
}

const types = (text: string): readonly ValueType[] =>
  text === '' ? [] : (text.split(' ') as ValueType[]);

const plain = (byte: number, operands: string, result: ValueType): Opcode => ({
  bytes: [byte],
  operands: types(operands),
  result,
  immediate: 'none',
  alignment: 0,
});

/** Vector instructions: the prefix 0xfd and a LEB128 number. */
const vector = (
  code: number,
  operands: string,
  result: ValueType = 'v128',
  immediate: Immediate = 'none',
): Opcode => ({
  bytes: code < 128 ? [0xfd, code] : [0xfd, (code & 127) | 128, code >> 7],
  operands: types(operands),
  result,
  immediate,
  alignment: 0,
});

const memory = (
  opcode: Opcode,
  alignment: number,
  result: ValueType | undefined = opcode.result,
): Opcode => ({ ...opcode, immediate: 'memory', alignment, result });

const unary = 'v128';
const binary = 'v128 v128';

/** Instructions of the WebAssembly core specification 2.0, under its names: those that generated code uses. */
export const OPCODES = {
  'i32.load': memory(plain(0x28, 'i32', 'i32'), 2),
  'i64.load': memory(plain(0x29, 'i32', 'i64'), 3),
  'f32.load': memory(plain(0x2a, 'i32', 'f32'), 2),
  'f64.load': memory(plain(0x2b, 'i32', 'f64'), 3),
  'i32.store': { ...memory(plain(0x36, 'i32 i32', 'i32'), 2), result: undefined },
  'i64.store': { ...memory(plain(0x37, 'i32 i64', 'i64'), 3), result: undefined },
  'f32.store': { ...memory(plain(0x38, 'i32 f32', 'f32'), 2), result: undefined },
  'f64.store': { ...memory(plain(0x39, 'i32 f64', 'f64'), 3), result: undefined },
  'i32.eqz': plain(0x45, 'i32', 'i32'),
  'i32.eq': plain(0x46, 'i32 i32', 'i32'),
  'i32.ne': plain(0x47, 'i32 i32', 'i32'),
  'i32.lt_s': plain(0x48, 'i32 i32', 'i32'),
  'i32.lt_u': plain(0x49, 'i32 i32', 'i32'),
  'i32.gt_s': plain(0x4a, 'i32 i32', 'i32'),
  'i32.ge_s': plain(0x4e, 'i32 i32', 'i32'),
  'i32.add': plain(0x6a, 'i32 i32', 'i32'),
  'i32.sub': plain(0x6b, 'i32 i32', 'i32'),
  'i32.mul': plain(0x6c, 'i32 i32', 'i32'),
  'i32.rem_u': plain(0x70, 'i32 i32', 'i32'),
  'i32.and': plain(0x71, 'i32 i32', 'i32'),
  'i32.or': plain(0x72, 'i32 i32', 'i32'),
  'i32.xor': plain(0x73, 'i32 i32', 'i32'),
  'i32.shl': plain(0x74, 'i32 i32', 'i32'),
  'i32.shr_s': plain(0x75, 'i32 i32', 'i32'),
  'i32.shr_u': plain(0x76, 'i32 i32', 'i32'),
  'i32.rotl': plain(0x77, 'i32 i32', 'i32'),
  'i32.rotr': plain(0x78, 'i32 i32', 'i32'),
  'f32.demote_f64': plain(0xb6, 'f64', 'f32'),
  'f64.promote_f32': plain(0xbb, 'f32', 'f64'),
  'v128.load': memory(vector(0, 'i32'), 4),
  'v128.load32_splat': memory(vector(9, 'i32'), 2),
  'v128.load64_splat': memory(vector(10, 'i32'), 3),
  'v128.store': { ...memory(vector(11, 'i32 v128'), 4), result: undefined },
  'i8x16.shuffle': vector(13, binary, 'v128', 'shuffle'),
  'i32x4.splat': vector(17, 'i32'),
  'i64x2.splat': vector(18, 'i64'),
  'f32x4.splat': vector(19, 'f32'),
  'f64x2.splat': vector(20, 'f64'),
  'i32x4.extract_lane': vector(27, unary, 'i32', 'lane'),
  'i32x4.replace_lane': vector(28, 'v128 i32', 'v128', 'lane'),
  'f32x4.extract_lane': vector(31, unary, 'f32', 'lane'),
  'f32x4.replace_lane': vector(32, 'v128 f32', 'v128', 'lane'),
  'f64x2.extract_lane': vector(33, unary, 'f64', 'lane'),
  'f64x2.replace_lane': vector(34, 'v128 f64', 'v128', 'lane'),
  'i32x4.eq': vector(55, binary),
  'i32x4.ne': vector(56, binary),
  'i32x4.lt_s': vector(57, binary),
  'i32x4.gt_s': vector(59, binary),
  'i32x4.le_s': vector(61, binary),
  'i32x4.ge_s': vector(63, binary),
  'f32x4.eq': vector(65, binary),
  'f32x4.ne': vector(66, binary),
  'f32x4.lt': vector(67, binary),
  'f32x4.gt': vector(68, binary),
  'f32x4.le': vector(69, binary),
  'f32x4.ge': vector(70, binary),
  'f64x2.eq': vector(71, binary),
  'f64x2.ne': vector(72, binary),
  'f64x2.lt': vector(73, binary),
  'f64x2.gt': vector(74, binary),
  'f64x2.le': vector(75, binary),
  'f64x2.ge': vector(76, binary),
  'v128.not': vector(77, unary),
  'v128.and': vector(78, binary),
  'v128.andnot': vector(79, binary),
  'v128.or': vector(80, binary),
  'v128.xor': vector(81, binary),
  'v128.bitselect': vector(82, 'v128 v128 v128'),
  'v128.any_true': vector(83, unary, 'i32'),
  'f32x4.demote_f64x2_zero': vector(94, unary),
  'f64x2.promote_low_f32x4': vector(95, unary),
  'f64x2.floor': vector(117, unary),
  'i32x4.abs': vector(160, unary),
  'i32x4.neg': vector(161, unary),
  'i32x4.shl': vector(171, 'v128 i32'),
  'i32x4.shr_s': vector(172, 'v128 i32'),
  'i32x4.shr_u': vector(173, 'v128 i32'),
  'i32x4.add': vector(174, binary),
  'i32x4.sub': vector(177, binary),
  'i32x4.mul': vector(181, binary),
  'i32x4.min_s': vector(182, binary),
  'i32x4.max_s': vector(184, binary),
  'i64x2.abs': vector(192, unary),
  'i64x2.neg': vector(193, unary),
  'i64x2.extend_low_i32x4_s': vector(199, unary),
  'i64x2.extend_high_i32x4_s': vector(200, unary),
  'i64x2.shl': vector(203, 'v128 i32'),
  'i64x2.shr_s': vector(204, 'v128 i32'),
  'i64x2.add': vector(206, binary),
  'i64x2.sub': vector(209, binary),
  'i64x2.mul': vector(213, binary),
  'i64x2.eq': vector(214, binary),
  'i64x2.ne': vector(215, binary),
  'i64x2.lt_s': vector(216, binary),
  'i64x2.gt_s': vector(217, binary),
  'i64x2.le_s': vector(218, binary),
  'i64x2.ge_s': vector(219, binary),
  'i64x2.extmul_low_i32x4_s': vector(220, binary),
  'i64x2.extmul_high_i32x4_s': vector(221, binary),
  'f32x4.abs': vector(224, unary),
  'f32x4.neg': vector(225, unary),
  'f32x4.sqrt': vector(227, unary),
  'f32x4.add': vector(228, binary),
  'f32x4.sub': vector(229, binary),
  'f32x4.mul': vector(230, binary),
  'f32x4.div': vector(231, binary),
  'f32x4.pmin': vector(234, binary),
  'f32x4.pmax': vector(235, binary),
  'f64x2.abs': vector(236, unary),
  'f64x2.neg': vector(237, unary),
  'f64x2.sqrt': vector(239, unary),
  'f64x2.add': vector(240, binary),
  'f64x2.sub': vector(241, binary),
  'f64x2.mul': vector(242, binary),
  'f64x2.div': vector(243, binary),
  'f64x2.min': vector(244, binary),
  'f64x2.max': vector(245, binary),
  'f64x2.pmin': vector(246, binary),
  'f64x2.pmax': vector(247, binary),
  'i32x4.trunc_sat_f64x2_s_zero': vector(252, unary),
  'f64x2.convert_low_i32x4_s': vector(254, unary),
} as const satisfies Record<string, Opcode>;

export type OpcodeName = keyof typeof OPCODES;
