import { integer } from '../../../compiler/analysis/ranged.js';
import { type Node, Planner } from '../../../compiler/passes/quantise/multiply-add/plan.js';
import type {
  HeldCoefficient,
  Leaf,
  Polynomial,
  Term,
} from '../../../compiler/passes/quantise/multiply-add/polynomial.js';
import { HERE } from '../random-ranged.js';

/*
 * Values are polynomials seen at two points of a field of primes: two programs that give the same numbers there compute, but for
 * a chance of one in 10^15, the same polynomial. The search looks at the first point, and at the second where that agrees.
 */
const PRIME = 67_108_859;
const mod = (n: number): number => ((n % PRIME) + PRIME) % PRIME;

const INVERSES = new Map<number, number>();

function inverse(n: number): number {
  const known = INVERSES.get(n);
  if (known !== undefined) return known;
  let [result, base, exponent] = [1, mod(n), PRIME - 2];
  for (; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = mod(result * base);
    base = mod(base * base);
  }
  if (INVERSES.size < 2 ** 22) INVERSES.set(n, result);
  return result;
}

/** Something that an instruction reads, at both points. */
interface Value {
  readonly at: number;
  readonly also: number;
  readonly special: boolean;
  readonly subtrahend: boolean;
}

type Point = Readonly<Record<string, number>>;

const pointOf = (seed: number): Point =>
  Object.fromEntries(
    ['x', 'x2', 'y', 'y2', 'w', 'v', 'r', 'm', 'A', 'B', 'C', 'D'].map((name, i) => [
      name,
      mod(mod((i + seed) ** 4 * 48_271) * 69_621 + i ** 3),
    ]),
  );
const FIRST = pointOf(3);
const SECOND = pointOf(29);
const FIELDS = ['y', 'y2'];
const SPECIALS = ['r', 'm'];

const leaf = (key: string): Leaf => ({
  key,
  value: integer(0, 0, HERE),
  bound: 1,
  special: SPECIALS.includes(key),
  subtrahend: FIELDS.includes(key),
});
const held = new Map(
  ['A', 'B', 'C', 'D'].map((key): [string, HeldCoefficient] => [
    key,
    { key, values: new Float64Array(1), bound: 1, fraction: 7, read: () => integer(0, 0, HERE) },
  ]),
);

/** `3 A x y` as a term. */
function termOf(text: string): Term {
  const words = text.split(' ');
  const number = words.filter((w) => Number.isFinite(Number(w))).map(Number)[0] ?? 1;
  const names = words.filter((w) => !Number.isFinite(Number(w)));
  const coefficient = names.find((n) => held.has(n));
  const factors = names.filter((n) => !held.has(n)).map(leaf);
  return { number, held: coefficient === undefined ? undefined : held.get(coefficient), factors };
}

/** `w + 3 A x y` as a sum. */
export const polynomial = (text: string): Polynomial => text.split(' + ').map(termOf);

const sumAt = (sum: Polynomial, point: Point): number =>
  sum.reduce((total, { number, held: coefficient, factors }) => {
    const start = mod(number * (coefficient ? point[coefficient.key]! : 1));
    return mod(total + factors.reduce((product, f) => mod(product * point[f.key]!), start));
  }, 0);

/** A sum as a value. */
export const sumValue = (sum: Polynomial): Value => ({
  at: sumAt(sum, FIRST),
  also: sumAt(sum, SECOND),
  special: false,
  subtrahend: true,
});

/** What a sum is made of, and 0 and 1. */
export function leavesOf(sum: Polynomial): Value[] {
  const names = new Set(
    sum.flatMap((t) => [...t.factors.map((f) => f.key), ...(t.held ? [t.held.key] : [])]),
  );
  const numbers = new Set([1, ...sum.map((t) => t.number), ...sum.map((t) => -t.number)]);
  return [
    { at: 0, also: 0, special: false, subtrahend: true },
    ...[...names].map((name) => ({
      at: FIRST[name]!,
      also: SECOND[name]!,
      special: SPECIALS.includes(name),
      subtrahend: FIELDS.includes(name) || SPECIALS.includes(name),
    })),
    ...[...numbers].map((n) => ({ at: mod(n), also: mod(n), special: true, subtrahend: true })),
  ];
}

const differ = (a: Value, b: Value): boolean => a.special && b.special && a.at !== b.at;

/** A difference of two values, with the special operand that it takes. */
interface Difference extends Pick<Value, 'at' | 'also'> {
  readonly special: Value | undefined;
}

/** Every difference of two values that one instruction reads. */
function differences(values: readonly Value[]): Difference[] {
  const found = new Map<string, Difference>();
  for (const a of values) {
    for (const b of values) {
      if (!b.subtrahend || differ(a, b)) continue;
      const special = a.special ? a : b.special ? b : undefined;
      const at = mod(a.at - b.at);
      const also = mod(a.also - b.also);
      if (at !== 0) found.set(`${at} ${special?.at}`, { at, also, special });
    }
  }
  return [...found.values()];
}

/** Whether the last instruction gives the target: it is solved for c. */
function isLast(target: Value, values: readonly Value[]): boolean {
  const at = new Map<number, Value[]>();
  for (const v of values) at.set(v.at, [...(at.get(v.at) ?? []), v]);
  return differences(values).some((u) => {
    const inverted = inverse(u.at);
    return values.some((e) => {
      if (u.special && differ(u.special, e)) return false;
      const factors = at.get(mod(mod(target.at - e.at) * inverted)) ?? [];
      return factors.some(
        (c) =>
          !differ(c, e) &&
          !(u.special && differ(u.special, c)) &&
          mod(mod(u.also * c.also) + e.also) === target.also,
      );
    });
  });
}

/** Whether `count` instructions can give the target: all of them are tried. */
export function isReached(target: Value, values: readonly Value[], count: number): boolean {
  if (count === 1) return isLast(target, values);
  const made = new Set<number>(values.map((v) => v.at));
  for (const u of differences(values)) {
    for (const c of values) {
      if (c.at === 0 || (u.special && differ(u.special, c))) continue;
      for (const e of values) {
        if (differ(c, e) || (u.special && differ(u.special, e))) continue;
        const at = mod(u.at * c.at + e.at);
        if (made.has(at)) continue;
        made.add(at);
        const also = mod(u.also * c.also + e.also);
        const result = { at, also, special: false, subtrahend: true };
        if (isReached(target, [...values, result], count - 1)) return true;
      }
    }
  }
  return false;
}

/** The shortest program that the planner finds. */
export const shortest = (text: string): Node => new Planner(false).plans(polynomial(text))[0]!;

/** Instructions of a program. */
export const macsOf = (node: Node): number => (node.kind === 'mac' ? node.macs : 0);

const powerAt = (shift: number): number => (shift >= 0 ? 2 ** shift : inverse(2 ** -shift));

/** What a program gives at the first point. */
export function programAt(node: Node | undefined, absent: number): number {
  switch (node?.kind) {
    case undefined:
      return absent;
    case 'number':
      return mod(node.value);
    case 'leaf':
      return mod(FIRST[node.leaf.key]! * powerAt(node.shift));
    case 'held':
      return mod(FIRST[node.coefficient.key]! * powerAt(node.shift));
    case 'mac': {
      const difference = mod(programAt(node.a, 0) - programAt(node.b, 0));
      const product = mod(mod(difference * programAt(node.c, 1)) * powerAt(node.shift));
      return mod(product + programAt(node.e, 0));
    }
  }
}
