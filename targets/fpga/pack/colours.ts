import type { Instruction } from '../select/instruction.js';
import { readsOf } from './packed.js';

/** A value from the instruction that makes it to the last that reads it. */
interface Life {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Which of the two temporaries holds each value of a rule. What was written to the variable of a synapse stands in t1 while it is
 * read. `select` has checked that no more than two live at once; then there is a way, found by trying.
 */
export function colours(instructions: readonly Instruction[]): (index: number) => 't0' | 't1' {
  const lives: Life[] = [];
  let fixed: Life | undefined;
  for (const [from, { d }] of instructions.entries()) {
    const reads = (k: number): boolean =>
      readsOf(instructions[k]!).some(
        (o) =>
          (d.kind === 'temporary' && o.kind === 'temporary' && o.index === d.index) ||
          (d.kind === 'variable' && o.kind === 'variable'),
      );
    const later = [...instructions.keys()].filter((k) => k > from && reads(k));
    const to = later.at(-1) ?? from;
    if (d.kind === 'temporary') lives.push({ index: d.index, from, to });
    if (d.kind === 'variable') fixed = { index: -1, from, to };
  }
  // A value may take the place of one that is read for the last time; one that nobody reads still takes it for its instruction.
  const meet = (x: Life, y: Life): boolean =>
    x.from === y.from || (x.from < y.to && y.from < x.to) || inside(x, y) || inside(y, x);
  const inside = (x: Life, y: Life): boolean => x.from >= y.from && x.from < y.to;
  const chosen = new Map<Life, 0 | 1>();
  if (fixed) chosen.set(fixed, 1);
  const choose = (at: number): boolean => {
    const life = lives[at];
    if (!life) return true;
    for (const colour of [0, 1] as const) {
      if ([...chosen].some(([other, taken]) => taken === colour && meet(life, other))) continue;
      chosen.set(life, colour);
      if (choose(at + 1)) return true;
      chosen.delete(life);
    }
    return false;
  };
  if (!choose(0)) throw new Error('more than two temporaries live at once');
  const names = new Map([...chosen].map(([{ index }, colour]) => [index, `t${colour}` as const]));
  return (index) => names.get(index)!;
}
