import { unreachable } from '../../diagnostics/diagnostic.js';
import { type Format, MAX_WIDTH, maximumOf, minimumOf, printFormat } from '../numbers/format.js';
import { mayScale, SCALE_RANGES } from '../numbers/scale.js';
import type { FixedExpression, FixedNetwork, FixedProjection, FixedUpdate } from './fixed.js';
import { type ScaleRead, scaleRead } from './scale.js';

/** The level's invariants: known fields, aligned operands, exact widths. A fault is a bug of a pass. */
export function checkFixed(fixed: FixedNetwork): FixedNetwork {
  for (const { name, size, fields, updates } of fixed.populations) {
    const known = new Set(fields.map((f) => f.name));
    for (const field of fields) {
      if (typeof field.initial !== 'number' && field.initial.length !== size) {
        throw new Error(`${name}.${field.name} has ${field.initial.length} initial values`);
      }
    }
    const leading = new Map(
      fixed.projections.flatMap((p) => (p.post === name ? [[p.name, p] as const] : [])),
    );
    checkUpdates(name, updates, {
      field: (field) => known.has(field),
      scaled: ({ projection }) => (projection === undefined ? undefined : leading.get(projection)),
    });
  }
  for (const projection of fixed.projections) {
    const fieldsOf = (population: string): Set<string> =>
      new Set(fixed.populations.find((p) => p.name === population)!.fields.map((f) => f.name));
    const pre = fieldsOf(projection.pre);
    const post = fieldsOf(projection.post);
    const own = new Set(['weight', 'modulator', ...projection.fields.map((f) => f.name)]);
    for (const c of projection.rule?.coefficients ?? []) own.add(c.name);
    checkUpdates(projection.name, projection.rule?.updates ?? [], {
      field: (field) => {
        if (field.startsWith('pre.')) return pre.has(field.slice(4));
        return field.startsWith('post.') ? post.has(field.slice(5)) : own.has(field);
      },
      scaled: (read) => (read.projection === undefined ? projection : undefined),
    });
    if (projection.scale) checkScale(projection);
  }
  return fixed;
}

/** What an owner's expressions may read: fields, and the scales of projections. */
interface Known {
  field(name: string): boolean;
  /** The projection whose scale is meant, where the owner may read it. */
  scaled(read: ScaleRead): FixedProjection | undefined;
}

function checkScale({ name, weights, rule, delay, weight }: FixedProjection): void {
  const fault = (what: string): Error => new Error(`${name} has a scale, but ${what}`);
  if (!mayScale(weights.format)) throw fault(`weights ${printFormat(weights.format)}`);
  if (!rule) throw fault('no rule');
  // What was weighed when it was sent would be multiplied by the scale of its arrival.
  if (weight === 'send' && delay > 0) throw fault('weighs messages when they are sent');
}

function checkUpdates(owner: string, updates: readonly FixedUpdate[], known: Known): void {
  for (const { target, value } of updates) {
    if (!known.field(target)) throw new Error(`${owner}: ${target} is no field`);
    checkExpression(value, owner, known);
  }
}

function checkExpression(e: FixedExpression, owner: string, known: Known): void {
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
      return checkRead(e.field, e.format, known, fault);
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

function checkRead(
  field: string,
  format: Format,
  known: Known,
  fault: (what: string) => Error,
): void {
  const read = scaleRead(field);
  const projection = read && known.scaled(read);
  const there = read ? projection?.scale !== undefined : known.field(field);
  if (!there) throw fault(`: ${field} is no field`);
  if (!read || !projection) return;
  const [low, high] = SCALE_RANGES[read.part](projection.weights.format);
  if (low < minimumOf(format) || high > maximumOf(format)) throw fault(`: holds no ${read.part}`);
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
