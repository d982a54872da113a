import fc from 'fast-check';
import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import { OVERFLOWS, ROUNDINGS } from '../../compiler/levels/numbers/rounding.js';
import type {
  ArithmeticOperator,
  BinaryOperator,
  Definition,
  Expression,
  FunctionName,
  Normalization,
  Statement,
} from '../../src/equations/ast.js';
import { FUNCTIONS } from '../../src/equations/ast.js';

/** The span of everything that no text was parsed for. */
export const NOWHERE: Span = { file: 'nowhere', line: 1, column: 1, length: 1 };
const origin = NOWHERE;

export const number = (value: number): Expression => ({ kind: 'number', value, origin });
export const name = (text: string): Expression => ({ kind: 'name', name: text, origin });
export const binary = (
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression => ({ kind: 'binary', operator, left, right, origin });

export interface ExpressionShape {
  readonly names: readonly string[];
  /** Numbers as a text can hold them: not negative. */
  readonly numbers: fc.Arbitrary<number>;
  readonly operators: readonly Exclude<BinaryOperator, '^'>[];
  readonly functions: readonly FunctionName[];
  readonly exponents: number;
}

const ARITHMETIC: readonly Exclude<ArithmeticOperator, '^'>[] = ['+', '-', '*', '/'];
const LOGIC = ['<', '<=', '>', '>=', '==', '!=', 'and', 'or'] as const;
const NAMES = [
  'v',
  'tau',
  'I',
  'x',
  'y_spike',
  'scalar',
  'e2',
  'min',
  'none',
  'saturate',
  '_a',
  's8',
];
const functions = Object.keys(FUNCTIONS).filter((f): f is FunctionName =>
  Object.hasOwn(FUNCTIONS, f),
);

/** Every number that a text can hold. */
export const anyNumber = fc
  .oneof(fc.nat(12), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }))
  .map((n) => Math.abs(n));

export const WHOLE_LANGUAGE: ExpressionShape = {
  names: NAMES,
  numbers: anyNumber,
  operators: [...ARITHMETIC, ...LOGIC],
  functions,
  exponents: 8,
};

/** Random expressions of at most `depth` levels, most of them several levels deep. */
export function expressions(
  shape: ExpressionShape = WHOLE_LANGUAGE,
  depth = 4,
): fc.Arbitrary<Expression> {
  const leaf = fc.oneof(
    { arbitrary: shape.numbers.map(number), weight: 1 },
    { arbitrary: fc.constantFrom(...shape.names).map(name), weight: 3 },
  );
  if (depth === 0) return leaf;
  const inner = expressions(shape, depth - 1);
  const operation = fc
    .tuple(fc.constantFrom(...shape.operators), inner, inner)
    .map(([operator, left, right]) => binary(operator, left, right));
  const power = fc
    .tuple(inner, fc.nat(shape.exponents))
    .map(([left, exponent]) => binary('^', left, number(exponent)));
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: leaf, weight: 1 },
    { arbitrary: operation, weight: 5 },
    { arbitrary: power, weight: 1 },
    { arbitrary: unary(shape, inner), weight: 1 },
    ...(shape.functions.length > 0 ? [{ arbitrary: call(shape, inner), weight: 1 }] : []),
  );
}

function unary(shape: ExpressionShape, inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const operators = shape.operators.includes('and') ? (['-', 'not'] as const) : (['-'] as const);
  return fc
    .tuple(fc.constantFrom(...operators), inner)
    .map(([operator, operand]) => ({ kind: 'unary', operator, operand, origin }));
}

function call(shape: ExpressionShape, inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc
    .tuple(fc.constantFrom(...shape.functions), inner, inner)
    .map(([called, first, second]) => ({
      kind: 'call',
      function: called,
      arguments: FUNCTIONS[called] === 1 ? [first] : [first, second],
      origin,
    }));
}

const names = fc.constantFrom(...NAMES);
const anyReal = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n));

const stated = fc.record({
  format: fc.record({
    signed: fc.boolean(),
    width: fc.integer({ min: 1, max: 53 }),
    fraction: fc.integer({ min: -99, max: 99 }),
  }),
  rounding: fc.constantFrom(...ROUNDINGS),
  overflow: fc.constantFrom(...OVERFLOWS),
});
const condition = fc.oneof(
  expressions().map((expression) => ({ word: 'if' as const, expression })),
  names.map((text) => ({ word: 'on' as const, expression: name(text) })),
);
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({
    kind: fc.constant('define' as const),
    target: names,
    value: expressions(),
    origin: fc.constant(origin),
  }),
  fc.record(
    {
      kind: fc.constant('update' as const),
      target: names,
      value: expressions(),
      stated,
      condition,
      origin: fc.constant(origin),
    },
    { requiredKeys: ['kind', 'target', 'value', 'origin'] },
  ),
);
const normalization: fc.Arbitrary<Normalization> = fc.oneof(
  fc.constantFrom<Normalization>({ kind: 'max', origin }, { kind: 'pow2', origin }),
  fc
    .tuple(anyReal, anyReal)
    .map(([low, high]): Normalization => ({ kind: 'clip', low, high, origin })),
  anyReal.map((rate): Normalization => ({ kind: 'decay', rate, origin })),
);
const common = {
  name: names,
  parameters: fc.array(
    fc.record(
      {
        name: names,
        scope: fc.constantFrom('scalar', 'neuron', 'synapse'),
        default: expressions(),
        origin: fc.constant(origin),
      },
      { requiredKeys: ['name', 'scope', 'origin'] },
    ),
    { maxLength: 4 },
  ),
  states: fc.array(
    fc.record({ name: names, initial: expressions(), origin: fc.constant(origin) }),
    { maxLength: 2 },
  ),
  statements: fc.array(statement, { maxLength: 4 }),
  origin: fc.constant(origin),
};

/** Random definitions over the whole grammar; their names need not make sense. */
export const definitions: fc.Arbitrary<Definition> = fc.oneof(
  fc.record({ kind: fc.constant('neuron' as const), ...common }),
  fc.record(
    {
      kind: fc.constant('rule' as const),
      ...common,
      dw: expressions(),
      normalizations: fc.array(normalization, { maxLength: 3 }),
    },
    {
      requiredKeys: [
        'kind',
        'name',
        'parameters',
        'states',
        'statements',
        'normalizations',
        'origin',
      ],
    },
  ),
);

/** The same tree with all spans alike: what is left when a text is printed and read again. */
export function withoutSpans<T>(tree: T): T {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'origin' ? undefined : value)),
  );
}
