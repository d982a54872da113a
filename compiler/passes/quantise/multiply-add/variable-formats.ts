import type { Expression } from '../../../../src/equations/ast.js';
import type { NeuronModel } from '../../../../src/equations/model.js';
import { forEachNode } from '../../../../src/equations/names.js';
import { printExpression } from '../../../../src/equations/print.js';
import type { ParameterValue, Population } from '../../../../src/network/network.js';
import { largestMagnitude } from '../../../analysis/extremes.js';
import { integer } from '../../../analysis/ranged.js';
import { type Format, signed } from '../../../levels/numbers/format.js';
import type { PassContext } from '../../../pass.js';
import { isEvent } from '../exports.js';
import { HEADROOM, largestSeen, wholeBits } from '../formats.js';
import { evaluateStatic } from '../static.js';
import { linearSum } from './plan.js';
import type { Leaf, Polynomial } from './polynomial.js';
import { heldCoefficient, polynomialOf } from './terms.js';

/** A spike: −1, 0 or 1. */
const EVENT = signed(2, 0);

/** Formats of the variables and locals of a neuron and of its current `I`, and which of them meet others. */
export interface NeuronFormats {
  readonly formats: ReadonlyMap<string, Format>;
  /** Whether `I` is subtracted from a variable, compared with one, or the other way round. */
  readonly currentMeets: boolean;
}

/**
 * Chooses formats. Values that are subtracted from each other or compared get equal binary points, so that no instruction has
 * to align them.
 */
export function neuronFormats(
  population: Population,
  neuron: NeuronModel,
  parameters: Readonly<Record<string, ParameterValue>>,
  currentBound: number,
  context: PassContext,
): NeuronFormats {
  const { stateBits } = context.capabilities.neuron;
  const own = new Map<string, Format>([
    ['I', signed(stateBits, stateBits - 1 - wholeBits(currentBound))],
  ]);
  const events = new Set<string>();
  const targets = new Set([
    ...neuron.updates.map((u) => u.target),
    ...neuron.variables.map((v) => v.name),
  ]);
  for (const target of targets) {
    const given = neuron.updates.filter((u) => u.target === target);
    const stated = given.find((u) => u.stated)?.stated;
    const isSpike = given.length > 0 && isEvent(neuron, target);
    if (stated) own.set(target, stated.format);
    else if (isSpike) own.set(target, EVENT);
    else {
      const largest = largestOf(population, neuron, target, parameters, context);
      own.set(target, signed(stateBits, stateBits - 1 - wholeBits(largest)));
    }
    if (stated || isSpike) events.add(target);
  }
  const groups = meetings(neuron, parameters);
  const common = new Map(own);
  for (const group of groups) {
    const free = group.filter((name) => !events.has(name) && own.has(name));
    const fraction = Math.min(...free.map((name) => own.get(name)!.fraction));
    for (const name of free) common.set(name, signed(stateBits, fraction));
  }
  return { formats: common, currentMeets: groups.some((g) => g.length > 1 && g.includes('I')) };
}

/** What a variable must hold: twice what was seen, where it begins, and the constants that it is given or compared with. */
function largestOf(
  { name: owner }: Population,
  { updates, variables }: NeuronModel,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>>,
  context: PassContext,
): number {
  const variable = variables.find((v) => v.name === name);
  const seen = largestSeen(context, variable ? 'variable' : 'local', owner, name);
  const given = updates
    .filter((u) => u.target === name)
    .map((u) => largestOfValue(evaluateStatic(u.value, parameters)));
  const compared = updates
    .flatMap((u) => (u.condition ? [u.value, u.condition] : [u.value]))
    .map((e) => largestCompared(e, name, parameters));
  return Math.max(
    HEADROOM * seen,
    Math.abs(variable?.initial ?? 0),
    ...given,
    // A value must be able to pass what it is compared with.
    ...compared.map((bound) => bound * BEYOND),
  );
}

const BEYOND = 1 + 2 ** -8;

const largestOfValue = (value: ParameterValue | undefined): number =>
  largestMagnitude(typeof value === 'number' ? [value] : (value ?? []));

/** The largest constant with which a variable is compared. */
function largestCompared(
  whole: Expression,
  name: string,
  parameters: Readonly<Record<string, ParameterValue>>,
): number {
  let largest = 0;
  forEachNode(whole, (e) => {
    if (e.kind !== 'binary' || !comparedDifference(e)) return;
    for (const [side, other] of [
      [e.left, e.right],
      [e.right, e.left],
    ] as const) {
      const own = side.kind === 'call' && side.function === 'abs' ? side.arguments[0]! : side;
      if (own.kind !== 'name' || own.name !== name) continue;
      largest = Math.max(largest, largestOfValue(evaluateStatic(other, parameters)));
    }
  });
  return largest;
}

/** Groups of names that one instruction subtracts or compares. */
function meetings(
  neuron: NeuronModel,
  parameters: Readonly<Record<string, ParameterValue>>,
): readonly (readonly string[])[] {
  const groups = new Map<string, Set<string>>();
  const meet = (a: string, b: string): void => {
    const joined = new Set([...(groups.get(a) ?? [a]), ...(groups.get(b) ?? [b])]);
    for (const name of joined) groups.set(name, joined);
  };
  for (const { value, condition } of neuron.updates) {
    for (const whole of condition ? [value, condition] : [value]) {
      for (const pair of pairsIn(namesOnly(whole, parameters))) meet(...pair);
      forEachNode(whole, (e) => {
        const difference = comparedDifference(e);
        if (!difference) return;
        const terms = namesOnly(difference, parameters);
        if (terms.length !== 2) return;
        const [first, second] = terms.map((t) => t.factors);
        if (first!.length === 1 && second!.length === 1) meet(first![0]!.key, second![0]!.key);
      });
    }
  }
  return [...new Set(groups.values())].map((group) => [...group]);
}

/** `left − right` of a comparison. */
export function comparedDifference(e: Expression): Expression | undefined {
  if (e.kind !== 'binary' || !['<', '<=', '>', '>=', '==', '!='].includes(e.operator))
    return undefined;
  return { ...e, operator: '-' };
}

/** Pairs of linear terms that one subtraction serves. */
function pairsIn(polynomial: Polynomial): [string, string][] {
  return polynomial.flatMap((first, i) =>
    polynomial.slice(i + 1).flatMap((second): [string, string][] => {
      const sum = linearSum(first, second);
      return sum === undefined ? [] : [[first.factors[0]!.key, second.factors[0]!.key]];
    }),
  );
}

/** A sum of products of which only the names matter. */
function namesOnly(
  expression: Expression,
  parameters: Readonly<Record<string, ParameterValue>>,
): Polynomial {
  const leaf = (e: Expression): Leaf => ({
    key: printExpression(e),
    value: integer(0, 0, e.origin),
    bound: 1,
    special: false,
    subtrahend: true,
  });
  return polynomialOf(expression, {
    parameters,
    owner: '',
    target: '',
    leaf,
    held: (e, values) => heldCoefficient(printExpression(e), values, 16, () => '', e.origin),
  });
}
