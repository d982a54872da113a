import { unreachable } from '../../diagnostics/diagnostic.js';
import { MAX_WIDTH, maximumOf, minimumOf, printFormat } from '../numbers/format.js';
import type { FixedExpression, FixedNetwork, FixedUpdate } from './fixed.js';

/** The level's invariants: known fields, aligned operands, exact widths. A fault is a bug of a pass. */
export function checkFixed(fixed: FixedNetwork): FixedNetwork {
  for (const { name, size, fields, updates } of fixed.populations) {
    const known = new Set(fields.map((f) => f.name));
    for (const field of fields) {
      if (typeof field.initial !== 'number' && field.initial.length !== size) {
        throw new Error(`${name}.${field.name} has ${field.initial.length} initial values`);
      }
    }
    for (const p of fixed.projections)
      if (p.scale && p.post === name) for (const f of scaleFields(`:${p.name}`)) known.add(f);
    checkUpdates(name, updates, (field) => known.has(field));
  }
  for (const projection of fixed.projections) {
    const fieldsOf = (population: string): Set<string> =>
      new Set(fixed.populations.find((p) => p.name === population)!.fields.map((f) => f.name));
    const pre = fieldsOf(projection.pre);
    const post = fieldsOf(projection.post);
    const own = new Set(['weight', 'modulator', ...projection.fields.map((f) => f.name)]);
    if (projection.scale) for (const f of scaleFields('')) own.add(f);
    for (const c of projection.rule?.coefficients ?? []) own.add(c.name);
    checkUpdates(projection.name, projection.rule?.updates ?? [], (field) => {
      if (field.startsWith('pre.')) return pre.has(field.slice(4));
      return field.startsWith('post.') ? post.has(field.slice(5)) : own.has(field);
    });
  }
  return fixed;
}

const scaleFields = (suffix: string): string[] => [
  `scale.mantissa${suffix}`,
  `scale.exponent${suffix}`,
];

function checkUpdates(
  owner: string,
  updates: readonly FixedUpdate[],
  known: (field: string) => boolean,
): void {
  for (const { target, value } of updates) {
    if (!known(target)) throw new Error(`${owner}: ${target} is no field`);
    checkExpression(value, owner, known);
  }
}

function checkExpression(
  e: FixedExpression,
  owner: string,
  known: (field: string) => boolean,
): void {
  const fault = (what: string): Error =>
    new Error(`${owner}: ${e.kind} ${printFormat(e.format)}${what}`);
  if (e.format.width > MAX_WIDTH) throw fault(` is wider than ${MAX_WIDTH} bits`);
  for (const child of childrenOf(e)) checkExpression(child, owner, known);
  const aligned = (a: FixedExpression, b: FixedExpression): void => {
    if (a.format.fraction !== b.format.fraction) throw fault(': operands are not aligned');
  };
  switch (e.kind) {
    case 'constant':
      if (e.value < minimumOf(e.format) || e.value > maximumOf(e.format))
        throw fault(`: ${e.value}`);
      return;
    case 'read':
      if (!known(e.field)) throw fault(`: ${e.field} is no field`);
      return;
    case 'add':
    case 'subtract':
    case 'minimum':
    case 'maximum':
    case 'compare':
      return aligned(e.left, e.right);
    case 'select':
      return aligned(e.then, e.otherwise);
    default:
      return;
  }
}

/** The operands of an expression, in order. */
export function childrenOf(e: FixedExpression): readonly FixedExpression[] {
  switch (e.kind) {
    case 'constant':
    case 'read':
      return [];
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'minimum':
    case 'maximum':
    case 'compare':
    case 'and':
    case 'or':
      return [e.left, e.right];
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
    case 'convert':
    case 'reinterpret':
    case 'table':
      return [e.operand];
    case 'shift-left':
      return [e.operand, e.by];
    case 'select':
      return [e.condition, e.then, e.otherwise];
    default:
      return unreachable(e);
  }
}
