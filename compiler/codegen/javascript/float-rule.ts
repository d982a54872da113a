import type { Expression, Normalization } from '../../../src/equations/ast.js';
import type { RuleModel } from '../../../src/equations/model.js';
import { namesOf } from '../../../src/equations/names.js';
import { printExpression } from '../../../src/equations/print.js';
import type { Population, Projection } from '../../../src/network/network.js';
import { emitFloat, type FloatScope, literal } from './float-expression.js';
import { comment, emitAssignments, own, take, unitVariables } from './float-neuron.js';

/** How many of a rule's normalisations its kernel does; the machine does the rest in plain loops. */
export function fusedNormalizations({ normalizations }: RuleModel): number {
  const local = localNormalizations(normalizations).length;
  return normalizations[local]?.kind === 'max' ? local + 1 : local;
}

type LocalNormalization = Extract<Normalization, { readonly kind: 'clip' | 'decay' }>;

/** The leading ones that change each weight by itself. */
function localNormalizations(all: readonly Normalization[]): readonly LocalNormalization[] {
  const local: LocalNormalization[] = [];
  for (const n of all) {
    if (n.kind !== 'clip' && n.kind !== 'decay') break;
    local.push(n);
  }
  return local;
}

/** Where the arrays of a kernel are, as source text: of the projection and of the populations at its ends. */
export interface RuleStores {
  readonly projection: string;
  readonly pre: string;
  readonly post: string;
}

/** The kernel of a rule: runs it, and its fused normalisations, on every synapse of a projection; takes the modulator. */
export function emitRule(
  projection: Projection,
  rule: RuleModel,
  [pre, post]: readonly [Population, Population],
  name: string,
  stores: RuleStores,
): string {
  const { parameters, variables, updates, normalizations } = rule;
  const rows = new RowConstants(projection, rule, [pre, post]);
  const { load, run, store } = emitAssignments(updates, variables, 'k', rows.scope);
  const change = rule.dw && emitFloat(rule.dw, rows.scope);
  const signals = (side: 'pre' | 'post'): readonly { signal: string; variable: string }[] =>
    projection.bindings.filter((b) => b.side === side);
  const bound = (side: 'pre' | 'post'): string[] =>
    take(
      signals(side).map(({ signal, variable }) => `${own(variable)}: S${own(signal)}`),
      stores[side],
    );
  const arrays = [...variables, ...parameters].map((v) => `${own(v.name)}: A${own(v.name)}`);
  const dense = projection.connectivity.kind === 'dense';
  const scoped = (scope: string, at: string): string[] =>
    parameters
      .filter((p) => p.scope === scope)
      .map((p) => `const ${own(p.name)} = A${own(p.name)}[${at}];`);
  const greatest = normalizations[localNormalizations(normalizations).length]?.kind === 'max';
  const columns = [
    ...signals('post').map(({ signal }) => `const ${own(signal)} = S${own(signal)}[j];`),
    ...scoped('neuron', 'j'),
    ...scoped('synapse', 'k'),
  ];
  const keepsBefore = normalizations
    .slice(fusedNormalizations(rule))
    .some((n) => n.kind === 'decay');
  const synapse = [
    'const $w = weights[k];',
    ...(keepsBefore ? ['before[k] = $w;'] : []),
    ...columns,
    ...load,
    ...run,
    ...store,
    // Without dw the change is 0, which turns -0 into +0.
    `let next = ${change === undefined ? '$w + 0' : `f($w + ${change})`};`,
    ...localNormalizations(normalizations).flatMap(emitLocal),
    ...(greatest ? ['if (abs(next) > largest) largest = abs(next);'] : []),
    'weights[k] = next;',
  ];
  const row = [
    ...signals('pre').map(({ signal }) => `const ${own(signal)} = S${own(signal)}[i];`),
    ...rows.definitions(),
    dense
      ? `for (let j = 0, k = i * ${post.size}; j < ${post.size}; j++, k++) {`
      : 'for (let k = rowStart[i], last = rowStart[i + 1]; k < last; k++) { const j = columns[k];',
    ...synapse.map((line) => `  ${line}`),
    '}',
  ];
  const taken = ['weights', ...(keepsBefore ? ['before'] : []), ...arrays];
  const body = [
    ...take([...taken, ...(dense ? [] : ['rowStart', 'columns'])], stores.projection),
    ...bound('pre'),
    ...bound('post'),
    ...scoped('scalar', '0'),
    ...(greatest ? ['let largest = 0;'] : []),
    `for (let i = 0; i < ${pre.size}; i++) {`,
    ...row.map((line) => `  ${line}`),
    '}',
    ...(greatest
      ? [
          'if (largest !== 0) for (let k = 0; k < weights.length; k++) weights[k] = f(weights[k] / largest);',
        ]
      : []),
  ];
  return `// ${comment(`${projection.name}: ${rule.text}`)}
function ${name}($m) {
  ${body.join('\n  ')}
}`;
}

/** In the order of `normalizeWeights`, on one weight. */
function emitLocal(n: LocalNormalization): string[] {
  if (n.kind === 'decay') return [`next = f(next - f(${literal(Math.fround(n.rate))} * $w));`];
  const [low, high] = [n.low, n.high].map((bound) => literal(Math.fround(bound)));
  return [`if (next < ${low}) next = ${low}; else if (next > ${high}) next = ${high};`];
}

/** Parts of a rule that are the same along a row, because only scalars, the modulator and presynaptic signals enter. */
class RowConstants {
  readonly scope: FloatScope;
  private readonly identifiers = new Map<
    string,
    { readonly name: string; readonly e: Expression }
  >();
  private readonly along: ReadonlySet<string>;

  constructor(
    { bindings }: Projection,
    rule: RuleModel,
    ends: readonly [pre: Population, post: Population],
  ) {
    const units = ends.map(unitVariables);
    const unitSignals = new Set(
      bindings.filter((b) => units[b.side === 'pre' ? 0 : 1]!.has(b.variable)).map((b) => b.signal),
    );
    this.along = new Set([
      'm',
      ...rule.parameters.filter((p) => p.scope === 'scalar').map((p) => p.name),
      ...bindings.filter((b) => b.side === 'pre').map((b) => b.signal),
    ]);
    this.scope = {
      identifier: own,
      isUnit: (name) => unitSignals.has(name),
      hoisted: (e) => this.hoisted(e),
    };
  }

  /** The lines that compute them, in front of the row. */
  definitions(): string[] {
    const scope = { ...this.scope, hoisted: () => undefined };
    return [...this.identifiers.values()].map(
      ({ name, e }) => `const ${name} = ${emitFloat(e, scope)};`,
    );
  }

  private hoisted(e: Expression): string | undefined {
    if (e.kind === 'name' || ![...namesOf(e)].every((name) => this.along.has(name))) {
      return undefined;
    }
    const key = printExpression(e);
    const known = this.identifiers.get(key);
    if (known) return known.name;
    const name = `h${this.identifiers.size}`;
    this.identifiers.set(key, { name, e });
    return name;
  }
}
