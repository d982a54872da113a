import type { FixedProjection, FixedRule, Group } from '../../compiler/levels/fixed/fixed.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import { type Integers, narrowed, zeros } from '../../compiler/levels/numbers/integers.js';
import type { ProgramBlock } from '../../compiler/levels/program/program.js';

/** What a block holds per synapse and per profile. */
export type BlockSynapses = Pick<
  ProgramBlock,
  | 'rowStart'
  | 'columns'
  | 'weightFormat'
  | 'weights'
  | 'tagFormat'
  | 'tags'
  | 'profiles'
  | 'coefficients'
  | 'wordsPerProfile'
>;

/**
 * Cuts a projection by the groups on which its synapses end: rows kept, with a profile table of their own. Every synapse is
 * looked at once, however many groups there are.
 */
export function cutProjection(
  projection: FixedProjection,
  groups: readonly Group[],
  postSize: number,
): ReadonlyMap<Group, BlockSynapses> {
  const [only] = groups;
  if (groups.length === 1) return new Map([[only!, whole(projection)]]);
  const renumber = renumberingOf(projection.rule);
  return new Map(
    sharesOf(projection, groups, postSize).map(({ group, chosen, rowStart }) => {
      const pick = (values: number | Integers, format: Format): Integers =>
        typeof values === 'number'
          ? zeros(chosen.length, format).fill(values)
          : copyAt(values, chosen, zeros(chosen.length, format));
      return [
        group,
        {
          rowStart,
          columns: copyAt(projection.columns, chosen, new Uint32Array(chosen.length)),
          ...memories(projection, pick),
          ...renumber(chosen),
        },
      ];
    }),
  );
}

/** A projection that ends on one group: its arrays serve as they are, for its profiles are numbered as they appear. */
function whole(projection: FixedProjection): BlockSynapses {
  const { rowStart, columns, rule } = projection;
  const all = (values: number | Integers, format: Format): Integers =>
    typeof values === 'number' ? zeros(columns.length, format).fill(values) : values;
  return {
    rowStart,
    columns,
    ...memories(projection, all),
    ...(rule ? { profiles: rule.profiles, ...wordsOf(rule, profilesOf(rule)) } : NO_RULE),
  };
}

/** Weights and tags, spread by `spread` over the synapses of a block. */
function memories(
  { weights, fields: [tag] }: FixedProjection,
  spread: (values: number | Integers, format: Format) => Integers,
): Pick<ProgramBlock, 'weightFormat' | 'weights' | 'tagFormat' | 'tags'> {
  return {
    weightFormat: weights.format,
    weights: spread(weights.initial, weights.format),
    tagFormat: tag?.format,
    tags: tag ? spread(tag.initial, tag.format) : zeros(0, weights.format),
  };
}

/** The synapses of a projection that end on one group, and where its rows begin among them. */
interface Share {
  readonly group: Group;
  readonly chosen: Uint32Array;
  readonly rowStart: Uint32Array;
}

function sharesOf(
  { rowStart, columns }: FixedProjection,
  groups: readonly Group[],
  postSize: number,
): readonly Share[] {
  const shareOf = new Uint32Array(postSize);
  for (const [i, { first, count }] of groups.entries()) shareOf.fill(i, first, first + count);
  const sizes = new Uint32Array(groups.length);
  for (let k = 0; k < columns.length; k++) sizes[shareOf[columns[k]!]!]!++;
  const shares = groups.map((group, i) => ({
    group,
    chosen: new Uint32Array(sizes[i]!),
    rowStart: new Uint32Array(rowStart.length),
  }));
  const filled = new Uint32Array(groups.length);
  for (let pre = 0; pre + 1 < rowStart.length; pre++) {
    for (let k = rowStart[pre]!; k < rowStart[pre + 1]!; k++) {
      const share = shareOf[columns[k]!]!;
      shares[share]!.chosen[filled[share]!++] = k;
    }
    for (let i = 0; i < shares.length; i++) shares[i]!.rowStart[pre + 1] = filled[i]!;
  }
  return shares;
}

/** The chosen ones of some integers, in `into`. */
function copyAt<T extends Integers>(values: Integers, chosen: Uint32Array, into: T): T {
  for (let i = 0; i < chosen.length; i++) into[i] = values[chosen[i]!]!;
  return into;
}

type Learning = Pick<ProgramBlock, 'profiles' | 'coefficients' | 'wordsPerProfile'>;

/** For each share the profiles that it uses, numbered as they appear in it. */
function renumberingOf(rule: FixedRule | undefined): (chosen: Uint32Array) => Learning {
  if (!rule) return () => NO_RULE;
  // A profile's number in the block at work plus one; zeros between blocks.
  const numbers = new Uint32Array(profilesOf(rule).length);
  return (chosen) => {
    const profiles = new Uint32Array(chosen.length);
    const used: number[] = [];
    for (let i = 0; i < profiles.length; i++) {
      const profile = rule.profiles[chosen[i]!]!;
      if (numbers[profile] === 0) numbers[profile] = used.push(profile);
      profiles[i] = numbers[profile]! - 1;
    }
    for (const profile of used) numbers[profile] = 0;
    return { profiles, ...wordsOf(rule, used) };
  };
}

const NO_RULE: Learning = {
  profiles: new Uint32Array(0),
  coefficients: narrowed([]),
  wordsPerProfile: 0,
};

/** The profiles of a rule, in order. */
const profilesOf = ({ coefficients }: FixedRule): Uint32Array =>
  Uint32Array.from({ length: coefficients[0]?.values.length ?? 1 }, (_, i) => i);

/** What a profile holds, in order: the mantissa of each word, and its exponent where it has one. */
export const wordNames = ({ terms }: FixedRule): readonly string[] =>
  terms.flatMap((t) =>
    t.words.flatMap(({ mantissa, exponent }) =>
      exponent === undefined ? [mantissa] : [mantissa, exponent],
    ),
  );

/** The words of one profile after the other. */
function wordsOf(
  rule: FixedRule,
  profiles: ArrayLike<number>,
): Pick<ProgramBlock, 'coefficients' | 'wordsPerProfile'> {
  const names = wordNames(rule);
  const { coefficients } = rule;
  const tables = names.map((name) => coefficients.find((c) => c.name === name)!.values);
  const words = new Int32Array(profiles.length * tables.length);
  for (let i = 0; i < profiles.length; i++) {
    for (let w = 0; w < tables.length; w++) {
      words[i * tables.length + w] = tables[w]![profiles[i]!]!;
    }
  }
  return { coefficients: narrowed(words), wordsPerProfile: names.length };
}
