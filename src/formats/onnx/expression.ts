import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Expression, FunctionName } from '../../equations/ast.js';
import type { NodeWriter } from './graph.js';

const ARITHMETIC = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div' } as const;
const COMPARISONS = {
  '<': 'Less',
  '<=': 'LessOrEqual',
  '>': 'Greater',
  '>=': 'GreaterOrEqual',
} as const;
const FUNCTIONS = {
  abs: 'Abs',
  exp: 'Exp',
  log: 'Log',
  tanh: 'Tanh',
  sqrt: 'Sqrt',
} as const;

/** An expression as standard operators on float32 tensors, in the order of `evaluate`; gives the name of the result. */
export function writeExpression(
  e: Expression,
  writer: NodeWriter,
  name: (name: string) => string,
): string {
  const write = (child: Expression): string => writeExpression(child, writer, name);
  switch (e.kind) {
    case 'number':
      return writer.constant(e.value);
    case 'name':
      return name(e.name);
    case 'unary': {
      const operand = write(e.operand);
      if (e.operator === '-') return writer.op('Neg', [operand]);
      return writer.number(writer.op('Equal', [operand, writer.constant(0)]));
    }
    case 'binary':
      return writeBinary(e, writer, write);
    case 'call':
      return writeCall(e.function, e.arguments.map(write), writer);
    default:
      return unreachable(e);
  }
}

function writeBinary(
  e: Expression & { readonly kind: 'binary' },
  writer: NodeWriter,
  write: (child: Expression) => string,
): string {
  const left = write(e.left);
  if (e.operator === '^') {
    const exponent = e.right.kind === 'number' ? e.right.value : 1;
    if (exponent === 0) return writer.constant(1);
    let result = left;
    for (let i = 1; i < exponent; i++) result = writer.op('Mul', [result, left]);
    return result;
  }
  const right = write(e.right);
  switch (e.operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      return writer.op(ARITHMETIC[e.operator], [left, right]);
    case '==':
      return writer.number(writer.op('Equal', [left, right]));
    case '!=':
      return writer.number(writer.op('Not', [writer.op('Equal', [left, right])]));
    case 'and':
      return writer.number(writer.op('And', [writer.holds(left), writer.holds(right)]));
    case 'or':
      return writer.number(writer.op('Or', [writer.holds(left), writer.holds(right)]));
    default:
      return writer.number(writer.op(COMPARISONS[e.operator], [left, right]));
  }
}

function writeCall(name: FunctionName, operands: readonly string[], writer: NodeWriter): string {
  const [a, b] = operands as readonly [string, string];
  if (name === 'min') return writer.op('Where', [writer.op('Less', [a, b]), a, b]);
  if (name === 'max') return writer.op('Where', [writer.op('Greater', [a, b]), a, b]);
  // The standard's Sign keeps NaN.
  if (name === 'sign') {
    const [positive, negative] = ['Greater', 'Less'].map((comparison) =>
      writer.number(writer.op(comparison, [a, writer.constant(0)])),
    ) as [string, string];
    return writer.op('Sub', [positive, negative]);
  }
  return writer.op(FUNCTIONS[name], [a]);
}
