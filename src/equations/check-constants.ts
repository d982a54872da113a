import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression } from './ast.js';
import { evaluate, FLOAT64, noNames } from './evaluate.js';
import { namesOf, operandsOf } from './names.js';

/** A part of an expression that no value of its names can mend. */
export interface BadConstant {
  readonly message: string;
  readonly span: Span;
}

/** Constant divisors that are 0, and constant parts that are NaN or infinite although their operands are not. */
export function badConstants(e: Expression): readonly BadConstant[] {
  const inner = operandsOf(e).flatMap(badConstants);
  if (inner.length > 0) return inner;
  if (e.kind === 'binary' && e.operator === '/' && constantValue(e.right) === 0)
    return [{ message: 'this divides by zero', span: e.right.origin }];
  const value = constantValue(e);
  if (value === undefined || Number.isFinite(value)) return [];
  const message = e.kind === 'number' ? 'this number is too large' : `this is ${value}`;
  return [{ message, span: e.origin }];
}

function constantValue(e: Expression): number | undefined {
  return namesOf(e).size === 0 ? evaluate(e, noNames, FLOAT64) : undefined;
}
