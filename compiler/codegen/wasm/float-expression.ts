import type { Expression, FunctionName } from '../../../src/equations/ast.js';
import { evaluate, exponentOf, FLOAT32, noNames } from '../../../src/equations/evaluate.js';
import { namesOf } from '../../../src/equations/names.js';
import { unreachable } from '../../diagnostics/diagnostic.js';
import {
  call,
  type FunctionReference,
  f32x4,
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

/** What names are while four lanes of an expression are computed. */
export interface LaneScope {
  read(name: string): Node;
  /** Keeps a value that is used more than once in a local. */
  keep(value: Node): Local;
  /** A value that has been computed before, outside the inner loop. */
  readonly hoisted?: (e: Expression) => Node | undefined;
}

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);
const ONE = f32x4(1);
const ZERO = f32x4(0);

/** An expression in float32 on four lanes at once: the bits of `evaluate(…, FLOAT32)` on each. */
export function emitLanes(e: Expression, scope: LaneScope): Node {
  if (namesOf(e).size === 0) return f32x4(evaluate(e, noNames, FLOAT32));
  const known = scope.hoisted?.(e);
  if (known) return known;
  const emit = (child: Expression): Node => emitLanes(child, scope);
  switch (e.kind) {
    case 'number':
      return f32x4(Math.fround(e.value));
    case 'name':
      return scope.read(e.name);
    case 'unary':
      return e.operator === '-'
        ? v('f32x4.neg', emit(e.operand))
        : truth(v('f32x4.eq', emit(e.operand), ZERO));
    case 'binary':
      return emitBinary(e, emit, scope);
    case 'call':
      return emitCall(e.function, e.arguments.map(emit), scope);
    default:
      return unreachable(e);
  }
}

/** All ones where a value is not ±0 (NaN too), as conditions read it. */
export const holds = (value: Node): Node => v('f32x4.ne', value, ZERO);

/** 1 where a mask is set, else 0. */
const truth = (mask: Node): Node => v('v128.and', mask, ONE);

const ARITHMETIC = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
} as const;
const COMPARISONS = {
  '<': 'f32x4.lt',
  '<=': 'f32x4.le',
  '>': 'f32x4.gt',
  '>=': 'f32x4.ge',
  '==': 'f32x4.eq',
  '!=': 'f32x4.ne',
} as const;

function emitBinary(
  e: Expression & { readonly kind: 'binary' },
  emit: (child: Expression) => Node,
  scope: LaneScope,
): Node {
  const left = emit(e.left);
  switch (e.operator) {
    case '^':
      return power(left, exponentOf(e.right), scope);
    case '+':
    case '-':
    case '*':
    case '/':
      return v(ARITHMETIC[e.operator], left, emit(e.right));
    case 'and':
      return truth(v('v128.and', holds(left), holds(emit(e.right))));
    case 'or':
      return truth(v('v128.or', holds(left), holds(emit(e.right))));
    default:
      return truth(v(COMPARISONS[e.operator], left, emit(e.right)));
  }
}

/** ((e·e)·e)…, from the left. */
function power(base: Node, exponent: number, scope: LaneScope): Node {
  if (exponent === 0) return ONE;
  if (exponent === 1) return base;
  const kept = scope.keep(base);
  let result = get(kept);
  for (let i = 1; i < exponent; i++) result = v('f32x4.mul', result, get(kept));
  return result;
}

function emitCall(name: FunctionName, operands: readonly Node[], scope: LaneScope): Node {
  const [a, b] = operands as readonly [Node, Node];
  switch (name) {
    case 'abs':
      return v('f32x4.abs', a);
    case 'sqrt':
      return v('f32x4.sqrt', a);
    case 'sign': {
      const kept = scope.keep(a);
      const positive = truth(v('f32x4.gt', get(kept), ZERO));
      return v('f32x4.sub', positive, truth(v('f32x4.lt', get(kept), ZERO)));
    }
    // pmin(x, y) is y < x ? y : x.
    case 'min':
      return v('f32x4.pmin', b, a);
    case 'max':
      return v('f32x4.pmax', b, a);
    case 'exp':
    case 'log':
    case 'tanh':
      return perLane(MATH[name], a, scope);
    default:
      return unreachable(name);
  }
}

/** A function of float64 on each lane, rounded to float32. */
function perLane(callee: FunctionReference, operand: Node, scope: LaneScope): Node {
  const kept = scope.keep(operand);
  let result = ZERO;
  for (let lane = 0; lane < 4; lane++) {
    const number = operation('f32x4.extract_lane', [get(kept)], [lane]);
    const value = operation('f32.demote_f64', [call(callee, [v('f64.promote_f32', number)])]);
    result = operation('f32x4.replace_lane', [result, value], [lane]);
  }
  return result;
}
