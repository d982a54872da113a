import {
  type HeldCoefficient,
  keyOf,
  type Leaf,
  type Polynomial,
  powerOf,
  sumBound,
  type Term,
  without,
} from './polynomial.js';

/**
 * A sum of products as instructions, before formats: each `mac` is `(a − b) · c · 2^shift + e`. What is absent is 0, an absent c
 * is 1.
 */
export type Node =
  | { readonly kind: 'number'; readonly value: number }
  /** leaf · 2^shift: the same integer with another binary point. */
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly shift: number }
  | { readonly kind: 'held'; readonly coefficient: HeldCoefficient; readonly shift: number }
  | Mac;

export interface Mac {
  readonly kind: 'mac';
  readonly a: Node | undefined;
  readonly b: Node | undefined;
  readonly c: Node | undefined;
  readonly shift: number;
  readonly e: Node | undefined;
  /** The largest magnitude of the result that formats count on. */
  readonly bound: number;
  /** Instructions of the whole tree. */
  readonly macs: number;
}

const ONE: Node = { kind: 'number', value: 1 };
/** Candidates that are kept of one sum. */
const KEPT = 96;
/** Terms up to which every order is tried; longer sums are made term by term, so that time does not grow as 2^terms. */
const FEW = 6;

/** Finds the shortest programs of sums, several of each: their formats decide between them. */
export class Planner {
  private readonly known = new Map<string, readonly Node[]>();

  /**
   * `one`: whether 1 is an operand of its own; else it is an immediate. `boundOf` gives the largest magnitude of a whole sum.
   */
  constructor(
    private readonly one: boolean,
    private readonly boundOf: (polynomial: Polynomial) => number = sumBound,
  ) {}

  /** Programs of a sum of at least one term, shortest first; all within one instruction of the shortest. */
  plans(polynomial: Polynomial): readonly Node[] {
    const key = polynomial.map(keyOf).sort().join(' + ');
    const known = this.known.get(key);
    if (known) return known;
    const simple = operandOf(polynomial);
    const found = simple ? [simple] : this.search(polynomial);
    this.known.set(key, found);
    return found;
  }

  private search(polynomial: Polynomial): readonly Node[] {
    const found: Mac[] = [];
    const isLong = polynomial.length > FEW;
    for (const { c, shift, divide } of divisorsOf(polynomial)) {
      const isSign = c?.kind === 'number' && powerOf(-c.value) !== undefined;
      const divisible = polynomial.flatMap((term) => {
        const quotient = divide(term);
        return quotient ? [{ term, quotient }] : [];
      });
      for (const chosen of isLong ? ends(divisible) : subsets(divisible)) {
        const quotient = chosen.map((d) => d.quotient);
        // A number alone is the multiplicand, not what is multiplied.
        if (quotient.length === 1 && operandOf(quotient)?.kind === 'number') continue;
        // Nor does a sum become shorter by a sign.
        if (isSign && quotient.length > 1) continue;
        const rest = polynomial.filter((term) => !chosen.some((d) => d.term === term));
        this.combine(found, polynomial, { quotient, rest, c, shift });
      }
    }
    const pairs = pairsOf(polynomial);
    for (const split of isLong ? pairs.slice(0, 1) : pairs) this.combine(found, polynomial, split);
    found.sort((left, right) => left.macs - right.macs);
    const least = found[0]?.macs ?? 0;
    return found.filter((node) => node.macs <= least + 1).slice(0, KEPT);
  }

  /** Every program `quotient · c + rest`. */
  private combine(found: Mac[], whole: Polynomial, { quotient, rest, c, shift }: Split): void {
    const ends = rest.length > 0 ? this.plans(rest) : [undefined];
    const bound = this.boundOf(whole);
    for (const { minuend, b } of differencesOf(quotient)) {
      // Nothing is won by a sum that is multiplied by 1.
      if (c === undefined && minuend.length > 0 && !operandOf(minuend)) continue;
      const starts = minuend.length > 0 ? this.plans(minuend) : [undefined];
      for (const a of starts.slice(0, 8)) {
        for (const e of ends.slice(0, 8)) {
          const times = c ?? (this.one ? undefined : ONE);
          const extra = Math.max(0, specials([a, b, times, e]) - 1);
          const macs = 1 + macsOf(a) + macsOf(e) + extra;
          found.push({ kind: 'mac', a, b, c, shift, e, bound, macs });
        }
      }
    }
  }
}

interface Split {
  readonly quotient: Polynomial;
  readonly rest: Polynomial;
  readonly c: Node | undefined;
  readonly shift: number;
}

const macsOf = (node: Node | undefined): number => (node?.kind === 'mac' ? node.macs : 0);

/** How many different values these operands want from `special`. */
function specials(operands: readonly (Node | undefined)[]): number {
  const wanted = new Set<string>();
  for (const o of operands) {
    if (o?.kind === 'number') wanted.add(`${o.value}`);
    if (o?.kind === 'leaf' && o.leaf.special) wanted.add(o.leaf.key);
  }
  return wanted.size;
}

/** A sum that is an operand as it stands. */
export function operandOf(polynomial: Polynomial): Node | undefined {
  const [term] = polynomial;
  if (polynomial.length !== 1 || !term) return undefined;
  const { number, held, factors } = term;
  const [leaf] = factors;
  if (factors.length === 0 && !held) return { kind: 'number', value: number };
  const shift = powerOf(number);
  if (shift === undefined) return undefined;
  if (factors.length === 0) return { kind: 'held', coefficient: held!, shift };
  if (factors.length > 1 || held || leaf!.exponent) return undefined;
  return { kind: 'leaf', leaf: leaf!, shift };
}

interface Divisor {
  readonly c: Node | undefined;
  readonly shift: number;
  divide(term: Term): Term | undefined;
}

/** What a product may be taken by: factors, held coefficients, numbers. */
function divisorsOf(polynomial: Polynomial): readonly Divisor[] {
  const leaves = new Map(polynomial.flatMap((t) => t.factors.map((f) => [f.key, f] as const)));
  const byLeaf = [...leaves.values()].map(
    (leaf): Divisor => ({
      c: { kind: 'leaf', leaf, shift: 0 },
      shift: 0,
      divide: (term) => {
        if (!term.factors.some((f) => f.key === leaf.key)) return undefined;
        return without(term, leaf);
      },
    }),
  );
  const byHeld = polynomial.flatMap(({ held }): Divisor[] =>
    held
      ? [
          {
            c: { kind: 'held', coefficient: held, shift: 0 },
            shift: 0,
            divide: (t) =>
              t.held === held && t.factors.length > 0 ? { ...t, held: undefined } : undefined,
          },
        ]
      : [],
  );
  return [...byLeaf, ...byHeld, ...numbersOf(polynomial).map(byNumber)];
}

/** Numbers worth dividing by: each once. A power of two moves the binary point only. */
const numbersOf = (polynomial: Polynomial): readonly number[] => [
  ...new Set(polynomial.filter((t) => t.factors.length > 0 || t.held).map((t) => t.number)),
];

function byNumber(number: number): Divisor {
  const shift = powerOf(number);
  return {
    c: shift === undefined ? { kind: 'number', value: number } : undefined,
    shift: shift ?? 0,
    divide: (term) => {
      if (term.factors.length === 0 && !term.held) return undefined;
      const ratio = term.number / number;
      return powerOf(Math.abs(ratio)) === undefined ? undefined : { ...term, number: ratio };
    },
  };
}

/** All of them, and the first. */
function ends<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length < 2 ? items.map((item) => [item]) : [items, items.slice(0, 1)];
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [];
  if (items.length > 5) return [items, ...items.map((item) => [item])];
  return Array.from({ length: 2 ** items.length - 1 }, (_, mask) =>
    items.filter((_, i) => ((mask + 1) >> i) & 1),
  );
}

/** A quotient as it is, and with one of its terms as the subtrahend. */
function differencesOf(
  quotient: Polynomial,
): readonly { readonly minuend: Polynomial; readonly b: Node | undefined }[] {
  const found: { minuend: Polynomial; b: Node | undefined }[] = [
    { minuend: quotient, b: undefined },
  ];
  for (const term of quotient) {
    const b = operandOf([{ ...term, number: -term.number }]);
    if (!b || b.kind === 'held') continue;
    if (b.kind === 'leaf' && !b.leaf.subtrahend) continue;
    found.push({ minuend: quotient.filter((t) => t !== term), b });
  }
  return found;
}

/** Sums that are a power of two up to the last bits of float64 count as one. */
function nearPower(sum: number): number | undefined {
  if (Math.abs(sum) <= 1e-12) return 0;
  const power = 2 ** Math.round(Math.log2(Math.abs(sum)));
  return Math.abs(sum - power) <= 1e-12 * power ? power : undefined;
}

/** `k · a + (2^n − k) · b` as `(a − b) · k + 2^n · b`. */
function pairsOf(polynomial: Polynomial): readonly Split[] {
  const found: Split[] = [];
  for (const first of polynomial) {
    for (const second of polynomial) {
      if (first === second) continue;
      const sum = linearSum(first, second);
      const [b] = second.factors;
      if (!sum || !b?.subtrahend || b.exponent || first.factors[0]!.exponent) continue;
      const others = polynomial.filter((t) => t !== first && t !== second);
      const kept: Term = { number: sum, held: undefined, factors: [b] };
      const a: Term = { number: 1, held: undefined, factors: first.factors };
      const { number, held } = first;
      const shift = powerOf(number);
      const c: Node | undefined = held
        ? { kind: 'held', coefficient: held, shift: shift ?? 0 }
        : shift === undefined
          ? { kind: 'number', value: number }
          : undefined;
      if (held && shift === undefined) continue;
      found.push({
        quotient: [a, { ...a, number: -1, factors: [b] }],
        rest: [...others, kept],
        c,
        shift: held ? 0 : (shift ?? 0),
      });
    }
  }
  return found;
}

/** What the coefficients of two linear terms add up to, where that is 0 or a power of two. */
export function linearSum(first: Term, second: Term): number | undefined {
  if (first.factors.length !== 1 || second.factors.length !== 1) return undefined;
  if (first.factors[0]!.key === second.factors[0]!.key) return undefined;
  if (!first.held && !second.held) return nearPower(first.number + second.number);
  const at = ({ held, number }: Term, i: number): number => number * (held?.values[i] ?? 1);
  const count = (first.held ?? second.held)!.values.length;
  const sums = Array.from({ length: count }, (_, i) => nearPower(at(first, i) + at(second, i)));
  return sums.every((s) => s === sums[0]) ? sums[0] : undefined;
}
