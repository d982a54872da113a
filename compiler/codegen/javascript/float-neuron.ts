import type { Expression } from '../../../src/equations/ast.js';
import type { ModelVariable, Update } from '../../../src/equations/model.js';
import type { Population } from '../../../src/network/network.js';
import { emitFloat, type FloatScope, isUnit } from './float-expression.js';

/** A name of the equations as an identifier, and as the key of its array in the state, that no helper has. */
export const own = (name: string): string => `$${name}`;

/** `const { a, b } = source;`, or nothing to take. */
export const take = (names: readonly string[], source: string): string[] =>
  names.length === 0 ? [] : [`const { ${names.join(', ')} } = ${source};`];

/**
 * The variables of a population that hold −1, 0 or 1 after every step, by their equations alone: those that each
 * step assigns from comparisons, signs and the like.
 */
export function unitVariables({ neuron }: Population): ReadonlySet<string> {
  const units = new Set<string>();
  if (!neuron) return units;
  const fresh = new Set(neuron.variables.filter((v) => !v.persistent).map((v) => v.name));
  const locals = new Set(neuron.updates.filter((u) => u.local).map((u) => u.target));
  for (const name of [...fresh, ...locals]) {
    const updates = neuron.updates.filter((u) => u.target === name);
    const scope = { isUnit: (other: string): boolean => units.has(other) };
    if (updates.length > 0 && updates.every((u) => isUnit(u.value, scope))) units.add(name);
  }
  return units;
}

/** The assignments of one neuron or synapse in order, with the lines that load and store its variables. */
export interface Assignments {
  readonly load: readonly string[];
  readonly run: readonly string[];
  readonly store: readonly string[];
}

/** Emits assignments; `index` is the element's index in the arrays `ARRAY_name`. */
export function emitAssignments(
  updates: readonly Update[],
  variables: readonly ModelVariable[],
  index: string,
  scope: FloatScope,
): Assignments {
  const targets = new Set(updates.map((u) => u.target));
  const read = new Set(
    variables.filter((v) => v.persistent || !targets.has(v.name)).map((v) => v.name),
  );
  const assigned = new Set<string>();
  const run = updates.map((update) => {
    const first = !assigned.has(update.target);
    assigned.add(update.target);
    return emitUpdate(update, first, read.has(update.target), scope);
  });
  const written = variables.filter((v) => targets.has(v.name));
  return {
    load: [...read].map((name) => `let ${own(name)} = A${own(name)}[${index}];`),
    run,
    store: written.map(({ name }) => `A${own(name)}[${index}] = ${own(name)};`),
  };
}

/** A variable that no step reads before it is assigned is declared by its first assignment. */
function emitUpdate(
  { target, value, condition }: Update,
  first: boolean,
  loaded: boolean,
  scope: FloatScope,
): string {
  const text = emitFloat(value, scope);
  const declare = first && !loaded ? 'let ' : '';
  if (!condition) return `${declare}${own(target)} = ${text};`;
  const holds = `${emitCondition(condition, scope)}`;
  const otherwise = declare === '' ? own(target) : '0';
  return `${declare}${own(target)} = ${holds} ? ${text} : ${otherwise};`;
}

/** A comparison is a condition by itself. */
function emitCondition(condition: Expression, scope: FloatScope): string {
  return `${emitFloat(condition, scope)} !== 0`;
}

/** The kernel of a population: reads `current`, runs the equations of every neuron. */
export function emitNeurons(population: Population, name: string, store: string): string {
  const { size, neuron } = population;
  const { parameters, variables, updates, text } = neuron!;
  const units = unitVariables(population);
  const scope: FloatScope = {
    identifier: own,
    isUnit: (variable) => units.has(variable),
    hoisted: () => undefined,
  };
  const scalars = parameters.filter((p) => p.scope === 'scalar');
  const each = parameters.filter((p) => p.scope !== 'scalar');
  const { load, run, store: write } = emitAssignments(updates, variables, 'i', scope);
  const arrays = [...variables, ...parameters].map((v) => `${own(v.name)}: A${own(v.name)}`);
  const body = [
    'const $I = current[i];',
    ...each.map((p) => `const ${own(p.name)} = A${own(p.name)}[i];`),
    ...load,
    ...run,
    ...write,
  ];
  return `// ${population.name}: ${size} × ${comment(text)}
function ${name}() {
  ${take(['current', ...arrays], store).join('\n  ')}
  ${scalars.map((p) => `const ${own(p.name)} = A${own(p.name)}[0];`).join('\n  ')}
  for (let i = 0; i < ${size}; i++) {
    ${body.join('\n    ')}
  }
}`;
}

/** Text as the rest of a line comment and the comment lines after it. */
export function comment(text: string): string {
  return text
    .trim()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .join('\n// ');
}
