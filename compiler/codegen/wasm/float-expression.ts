import type { Expression, FunctionName } from '../../../src/equations/ast.js';
import {
  type Arithmetic,
  evaluate,
  exponentOf,
  FLOAT32,
  FLOAT64,
  noNames,
} from '../../../src/equations/evaluate.js';
import { namesOf } from '../../../src/equations/names.js';
import { unreachable } from '../../diagnostics/diagnostic.js';
import {
  call,
  type FunctionReference,
  f32x4,
  f64x2,
  get,
  type Local,
  type Node,
  operation,
} from './node.js';
import type { OpcodeName } from './opcodes.js';

/** The project's own functions of float64, which the embedder gives. */
export const MATH: Readonly<Record<'exp' | 'log' | 'tanh', FunctionReference>> = {
  exp: { name: 'exp', parameters: ['f64'], result: 'f64' },
  log: { name: 'log', parameters: ['f64'], result: 'f64' },
  tanh: { name: 'tanh', parameters: ['f64'], result: 'f64' },
};

/** The numbers that a vector holds: four of float32, or two of float64. */
export interface LaneType {
  readonly name: 'f32x4' | 'f64x2';
  readonly count: number;
  readonly arithmetic: Arithmetic;
  readonly constant: (value: number) => Node;
}

export const FLOAT32_LANES: LaneType = {
  name: 'f32x4',
  count: 4,
  arithmetic: FLOAT32,
  constant: f32x4,
};
export const FLOAT64_LANES: LaneType = {
  name: 'f64x2',
  count: 2,
  arithmetic: FLOAT64,
  constant: f64x2,
};

/** What names are while the lanes of an expression are computed. */
export interface LaneScope {
  /** Four lanes of float32 when absent. */
  readonly type?: LaneType;
  read(name: string): Node;
  /** Keeps a value that is used more than once in a local. */
  keep(value: Node): Local;
  /** A value that has been computed before, outside the inner loop. */
  readonly hoisted?: (e: Expression) => Node | undefined;
}

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);

/** An expression on every lane of a vector at once: the bits of `evaluate` in the arithmetic of the lanes on each. */
export function emitLanes(e: Expression, scope: LaneScope): Node {
  const { name, arithmetic, constant } = scope.type ?? FLOAT32_LANES;
  if (namesOf(e).size === 0) return constant(evaluate(e, noNames, arithmetic));
  const known = scope.hoisted?.(e);
  if (known) return known;
  const emit = (child: Expression): Node => emitLanes(child, scope);
  switch (e.kind) {
    case 'number':
      return constant(arithmetic.round(e.value));
    case 'name':
      return scope.read(e.name);
    case 'unary':
      return e.operator === '-'
        ? v(`${name}.neg`, emit(e.operand))
        : truth(v(`${name}.eq`, emit(e.operand), constant(0)), scope);
    case 'binary':
      return emitBinary(e, emit, scope);
    case 'call':
      return emitCall(e.function, e.arguments.map(emit), scope);
    default:
      return unreachable(e);
  }
}

/** All ones where a value is not ±0 (NaN too), as conditions read it. */
export const holds = (value: Node, { name, constant }: LaneType = FLOAT32_LANES): Node =>
  v(`${name}.ne`, value, constant(0));

/** 1 where a mask is set, else 0. */
const truth = (mask: Node, { type = FLOAT32_LANES }: LaneScope): Node =>
  v('v128.and', mask, type.constant(1));

const ARITHMETIC = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
const COMPARISONS = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
} as const;

function emitBinary(
  e: Expression & { readonly kind: 'binary' },
  emit: (child: Expression) => Node,
  scope: LaneScope,
): Node {
  const { type = FLOAT32_LANES } = scope;
  const left = emit(e.left);
  switch (e.operator) {
    case '^':
      return power(left, exponentOf(e.right), scope);
    case '+':
    case '-':
    case '*':
    case '/':
      return v(`${type.name}.${ARITHMETIC[e.operator]}`, left, emit(e.right));
    case 'and':
      return truth(v('v128.and', holds(left, type), holds(emit(e.right), type)), scope);
    case 'or':
      return truth(v('v128.or', holds(left, type), holds(emit(e.right), type)), scope);
    default:
      return truth(v(`${type.name}.${COMPARISONS[e.operator]}`, left, emit(e.right)), scope);
  }
}

/** ((e·e)·e)…, from the left. */
function power(base: Node, exponent: number, scope: LaneScope): Node {
  const { name, constant } = scope.type ?? FLOAT32_LANES;
  if (exponent === 0) return constant(1);
  if (exponent === 1) return base;
  const kept = scope.keep(base);
  let result = get(kept);
  for (let i = 1; i < exponent; i++) result = v(`${name}.mul`, result, get(kept));
  return result;
}

function emitCall(callee: FunctionName, operands: readonly Node[], scope: LaneScope): Node {
  const { name, constant } = scope.type ?? FLOAT32_LANES;
  const [a, b] = operands as readonly [Node, Node];
  switch (callee) {
    case 'abs':
      return v(`${name}.abs`, a);
    case 'sqrt':
      return v(`${name}.sqrt`, a);
    case 'sign': {
      const kept = scope.keep(a);
      const positive = truth(v(`${name}.gt`, get(kept), constant(0)), scope);
      return v(`${name}.sub`, positive, truth(v(`${name}.lt`, get(kept), constant(0)), scope));
    }
    // pmin(x, y) is y < x ? y : x.
    case 'min':
      return v(`${name}.pmin`, b, a);
    case 'max':
      return v(`${name}.pmax`, b, a);
    case 'exp':
    case 'log':
    case 'tanh':
      return perLane(MATH[callee], a, scope);
    default:
      return unreachable(callee);
  }
}

/** A function of float64 on each lane; of float32, rounded. */
function perLane(callee: FunctionReference, operand: Node, scope: LaneScope): Node {
  const { name, count, constant } = scope.type ?? FLOAT32_LANES;
  const kept = scope.keep(operand);
  let result = constant(0);
  for (let lane = 0; lane < count; lane++) {
    const number = operation(`${name}.extract_lane`, [get(kept)], [lane]);
    const value =
      name === 'f64x2'
        ? call(callee, [number])
        : v('f32.demote_f64', call(callee, [v('f64.promote_f32', number)]));
    result = operation(`${name}.replace_lane`, [result, value], [lane]);
  }
  return result;
}
