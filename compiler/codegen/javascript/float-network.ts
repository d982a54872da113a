import type { ModelVariable, RuleModel, Update } from '../../../src/equations/model.js';
import type { Network, Population, Projection } from '../../../src/network/network.js';
import { emitFloat, FLOAT_PRELUDE, literal } from './float-expression.js';

/**
 * JavaScript for every kernel of a network in float32. The text is the body of a function of (populations, projections,
 * exp, log, tanh), the maps of the machine's state; it returns
 * `{ neurons: { POPULATION() }, deliver: { PROJECTION(payload, sums) }, learn: { PROJECTION(m) } }`.
 */
export function emitFloatNetwork(network: Network): string {
  const sizes = new Map(network.populations.map((p) => [p.name, p.size]));
  const neurons = network.populations.filter((p) => p.neuron).map(emitNeurons);
  const deliver = network.projections.map((p) => emitDeliver(p, sizes.get(p.pre)!, sizes.get(p.post)!));
  const learn = network.projections
    .filter((p) => p.rule)
    .map((p) => emitLearn(p, p.rule!, sizes.get(p.pre)!, sizes.get(p.post)!));
  return `'use strict';
// ${network.name}: generated from its equations; float32, one rounding per operation.
${FLOAT_PRELUDE}
const neurons = {}, deliver = {}, learn = {};
${[...neurons, ...deliver, ...learn].join('\n')}
return { neurons, deliver, learn };
`;
}

const quote = (text: string): string => JSON.stringify(text);
/** A name of the equations as an identifier that no helper has. */
const own = (name: string): string => `$${name}`;

/** Assignments of one neuron or synapse; \`assigned\` tells a first assignment of this step from a later one. */
function emitUpdates(
  updates: readonly Update[],
  variables: readonly ModelVariable[],
  name: (name: string) => string,
): string[] {
  const assigned = new Set<string>();
  const persistent = new Set(variables.filter((v) => v.persistent).map((v) => v.name));
  return updates.map(({ target, local, value, condition }) => {
    const text = emitFloat(value, name);
    const first = !assigned.has(target);
    assigned.add(target);
    if (!condition) return `${local ? 'const ' : ''}${own(target)} = ${text};`;
    const otherwise = first && !persistent.has(target) ? ` else ${own(target)} = 0;` : '';
    return `if (${emitFloat(condition, name)} !== 0) ${own(target)} = ${text};${otherwise}`;
  });
}

function emitNeurons({ name, size, neuron }: Population): string {
  const { parameters, variables, updates } = neuron!;
  const arrays = variables.map((v) => `const V${own(v.name)} = population.variables.get(${quote(v.name)});`);
  const given = parameters.map((p) => `const P${own(p.name)} = population.parameters.get(${quote(p.name)});`);
  const scalars = parameters.filter((p) => p.scope === 'scalar').map((p) => `const ${own(p.name)} = P${own(p.name)}[0];`);
  const each = parameters.filter((p) => p.scope !== 'scalar').map((p) => `const ${own(p.name)} = P${own(p.name)}[i];`);
  const identifier = (n: string): string => (n === 'I' ? '$I' : own(n));
  return `{
  const population = populations.get(${quote(name)}), current = population.current;
  ${[...arrays, ...given].join('\n  ')}
  neurons[${quote(name)}] = () => {
    ${scalars.join(' ')}
    for (let i = 0; i < ${size}; i++) {
      const $I = current[i]; ${each.join(' ')}
      ${variables.map((v) => `let ${own(v.name)} = V${own(v.name)}[i];`).join(' ')}
      ${emitUpdates(updates, variables, identifier).join('\n      ')}
      ${variables.map((v) => `V${own(v.name)}[i] = ${own(v.name)};`).join(' ')}
    }
  };
}`;
}

/** The synapses of one row: dense rows need no index arrays. */
function rowLoop(projection: Projection, postSize: number): { readonly open: string; readonly tables: string } {
  if (projection.connectivity.kind === 'dense') {
    return { tables: '', open: `for (let j = 0, k = i * ${postSize}; j < ${postSize}; j++, k++) {` };
  }
  return {
    tables: 'const { rowStart, columns } = projection;',
    open: 'for (let k = rowStart[i], last = rowStart[i + 1]; k < last; k++) { const j = columns[k];',
  };
}

function emitDeliver(projection: Projection, preSize: number, postSize: number): string {
  const { tables, open } = rowLoop(projection, postSize);
  return `{
  const projection = projections.get(${quote(projection.name)}), weights = projection.weights; ${tables}
  deliver[${quote(projection.name)}] = (payload, sums) => {
    sums.fill(0);
    for (let i = 0; i < ${preSize}; i++) {
      const s = payload[i];
      if (s === 0) continue;
      ${open} sums[j] = f(sums[j] + f(weights[k] * s)); }
    }
  };
}`;
}

function emitLearn(projection: Projection, rule: RuleModel, preSize: number, postSize: number): string {
  const { tables, open } = rowLoop(projection, postSize);
  const { parameters, variables, updates, normalizations } = rule;
  const bound = projection.bindings.map(
    (b) => `const S${own(b.signal)} = populations.get(${quote(projection[b.side])}).variables.get(${quote(b.variable)});`,
  );
  const arrays = [
    ...bound,
    ...variables.map((v) => `const V${own(v.name)} = projection.variables.get(${quote(v.name)});`),
    ...parameters.map((p) => `const P${own(p.name)} = projection.parameters.get(${quote(p.name)});`),
  ];
  const scalars = parameters.filter((p) => p.scope === 'scalar').map((p) => `const ${own(p.name)} = P${own(p.name)}[0];`);
  const perPre = projection.bindings.filter((b) => b.side === 'pre').map((b) => `const ${own(b.signal)} = S${own(b.signal)}[i];`);
  const perPost = projection.bindings.filter((b) => b.side === 'post').map((b) => `const ${own(b.signal)} = S${own(b.signal)}[j];`);
  const perSynapse = parameters
    .filter((p) => p.scope !== 'scalar')
    .map((p) => `const ${own(p.name)} = P${own(p.name)}[${p.scope === 'neuron' ? 'j' : 'k'}];`);
  const identifier = (n: string): string => own(n);
  const needsBefore = normalizations.some((n) => n.kind === 'decay');
  const clip = normalizations[0]?.kind === 'clip' ? normalizations[0] : undefined;
  const findMax = normalizations[0]?.kind === 'max';
  return `{
  const projection = projections.get(${quote(projection.name)}), weights = projection.weights, before = projection.before; ${tables}
  ${arrays.join('\n  ')}
  learn[${quote(projection.name)}] = ($m) => {
    ${scalars.join(' ')}
    ${findMax ? 'let largest = f(0);' : ''}
    for (let i = 0; i < ${preSize}; i++) {
      ${perPre.join(' ')}
      ${open}
        const $w = weights[k]; ${needsBefore ? 'before[k] = $w;' : ''}
        ${perPost.join(' ')} ${perSynapse.join(' ')}
        ${variables.map((v) => `let ${own(v.name)} = V${own(v.name)}[k];`).join(' ')}
        ${emitUpdates(updates, variables, identifier).join('\n        ')}
        ${variables.map((v) => `V${own(v.name)}[k] = ${own(v.name)};`).join(' ')}
        ${rule.dw ? `${clip ? 'let' : 'const'} next = f($w + ${emitFloat(rule.dw, identifier)});` : `${clip ? 'let' : 'const'} next = $w;`}
        ${clip ? `if (next < ${literal(Math.fround(clip.low))}) next = ${literal(Math.fround(clip.low))}; else if (next > ${literal(Math.fround(clip.high))}) next = ${literal(Math.fround(clip.high))};` : ''}
        ${findMax ? 'const size = f(abs(next)); if (size > largest) largest = size;' : ''}
        weights[k] = next;
      }
    }
    ${findMax ? 'if (largest !== 0) for (let k = 0; k < weights.length; k++) weights[k] = f(weights[k] / largest);' : ''}
  };
}`;
}

/** How many leading normalisations the generated code has done itself; the machine does the rest in plain loops. */
export function fusedNormalizations(rule: RuleModel): number {
  const first = rule.normalizations[0]?.kind;
  return first === 'clip' || first === 'max' ? 1 : 0;
}
