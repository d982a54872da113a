import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Expression } from './ast.js';
import { expand } from './expand.js';
import type { RuleModel, SumOfProducts, Update } from './model.js';
import { forEachNode, namesOf, operandsOf, substitute } from './names.js';
import { simplify } from './simplify.js';

/**
 * An expression as a sum of products `coefficient · Π factors`: products and whole powers are expanded, like products merged.
 * Factors are names that are no coefficients, or functions of them that do not expand (a call, a comparison, the reciprocal of
 * an expression with signals), sorted by their text. Equal to the original in real numbers; coefficients are simplified.
 *
 * @throws DiagnosticsError PL1012 beyond 1000 products or 32 factors.
 */
export function sumOfProducts(
  expression: Expression,
  isCoefficient: (name: string) => boolean,
): SumOfProducts {
  const products = expand(simplify(expression), isCoefficient)
    .map((p) => ({ ...p, coefficient: simplify(p.coefficient) }))
    .filter((p) => !(p.coefficient.kind === 'number' && p.coefficient.value === 0));
  return { products };
}

/** A rule without local names: they are written out where they were read. */
export interface InlinedRule {
  readonly dw: Expression | undefined;
  /** Updates of per-synapse variables, in order. */
  readonly updates: readonly Update[];
}

/** A local name: what it stands for, its size in nodes, and the update that outdated it. */
interface Local {
  readonly value: Expression;
  readonly size: number;
  readonly reads: ReadonlySet<string>;
  outdatedBy: Update | undefined;
}

/** Most nodes of an expression with its locals written out. */
const MOST_NODES = 20_000;

/**
 * Writes out the local names of a rule.
 *
 * @throws DiagnosticsError PL1013 where a local is read after a variable that it was computed from has changed (written out, it
 * would see the new value), PL1012 where the result would have more than 20,000 nodes.
 */
export function inlineLocals(rule: Pick<RuleModel, 'dw' | 'updates'>): InlinedRule {
  const locals = new Map<string, Local>();
  const inline = (e: Expression): Expression => writeOut(e, locals);
  const updates: Update[] = [];
  for (const update of rule.updates) {
    const value = inline(update.value);
    if (update.local) {
      const size = sizeOf(update.value, locals);
      locals.set(update.target, { value, size, reads: namesOf(value), outdatedBy: undefined });
      continue;
    }
    updates.push({ ...update, value, condition: update.condition && inline(update.condition) });
    for (const local of locals.values())
      if (local.reads.has(update.target)) local.outdatedBy ??= update;
  }
  return { dw: rule.dw && inline(rule.dw), updates };
}

function writeOut(e: Expression, locals: ReadonlyMap<string, Local>): Expression {
  if (sizeOf(e, locals) > MOST_NODES) {
    const message = `with its local names written out, this has more than ${MOST_NODES} operations`;
    fail(diagnostic('PL1012', message, { span: e.origin, help: 'use fewer local names of names' }));
  }
  forEachNode(e, (node) => {
    const local = node.kind === 'name' ? locals.get(node.name) : undefined;
    if (node.kind === 'name' && local?.outdatedBy) {
      const { target, origin } = local.outdatedBy;
      fail(
        diagnostic(
          'PL1013',
          `\`${node.name}\` was computed from \`${target}\`, which has changed since`,
          {
            span: node.origin,
            notes: [`\`${target}\` changes in line ${origin.line}`],
            help: `compute \`${node.name}\` behind that line, or keep it as a variable: \`${node.name} <- …\``,
          },
        ),
      );
    }
  });
  return substitute(e, (name) => locals.get(name)?.value);
}

function sizeOf(e: Expression, locals: ReadonlyMap<string, Local>): number {
  if (e.kind === 'name') return locals.get(e.name)?.size ?? 1;
  return operandsOf(e).reduce((sum, operand) => sum + sizeOf(operand, locals), 1);
}
