import { type Format, maximumOf, minimumOf } from '../numbers/format.js';
import type { Program, ProgramBlock, ProgramCore } from './program.js';

/** Payloads that one delay line may hold. */
const MOST_UNDER_WAY = 2 ** 24;

/** Notes a contradiction where `holds` is false. */
export type Expect = (holds: boolean, what: string) => void;

/** Whether every integer lies in the format. */
export const areWithin = (values: readonly number[], format: Format): boolean =>
  values.every((v) => v >= minimumOf(format) && v <= maximumOf(format));

/** The synapses of one block: rows, columns, values in their formats, profiles, code. */
export function checkBlock(
  program: Program,
  core: ProgramCore,
  block: ProgramBlock,
  expect: Expect,
): void {
  const { rowStart, columns, weights, weightFormat, tags, tagFormat, delay } = block;
  const pre = program.populations[block.pre];
  const group = core.groups[block.group];
  expect(block.projection < program.projections.length, 'no such projection');
  expect(
    pre !== undefined && rowStart.length === pre.size + 1,
    'the rows do not match the presynaptic population',
  );
  expect(
    rowStart[0] === 0 &&
      rowStart.every((s, i) => i === 0 || s >= rowStart[i - 1]!) &&
      rowStart.at(-1) === columns.length,
    'the row starts do not ascend to the number of synapses',
  );
  expect(
    group !== undefined && block.accumulator < group.fields.length,
    'no such group or accumulator',
  );
  const first = group?.first ?? 0;
  const last = first + (group?.count ?? 0);
  expect(
    columns.every((c) => c >= first && c < last),
    'a synapse ends outside the group',
  );
  expect(weights.length === columns.length, 'weights and synapses differ in number');
  expect(areWithin(weights, weightFormat), 'a weight lies outside its format');
  expect(tags.length === (tagFormat ? columns.length : 0), 'tags and synapses differ in number');
  expect(tagFormat === undefined || areWithin(tags, tagFormat), 'a tag lies outside its format');
  const line = (delay + 1) * Math.max(pre?.size ?? 0, group?.count ?? 0);
  expect(line <= MOST_UNDER_WAY, `a delay of ${delay} steps is too long`);
  expect(block.every >= 1, 'the learning period is zero');
  checkLearning(core, block, expect);
}

function checkLearning(core: ProgramCore, block: ProgramBlock, expect: Expect): void {
  const { entry, columns, profiles, coefficients, wordsPerProfile } = block;
  expect(
    entry >= -1 && entry < core.learningCode.length,
    'its learning code lies outside the memory',
  );
  const rows = wordsPerProfile > 0 ? coefficients.length / wordsPerProfile : 0;
  expect(
    Number.isInteger(rows) && (wordsPerProfile > 0 || coefficients.length === 0),
    'coefficients and profiles differ in number',
  );
  const learns = entry >= 0;
  expect(
    profiles.length === (learns ? columns.length : 0),
    'profiles and synapses differ in number',
  );
  expect(
    wordsPerProfile === 0 || profiles.every((p) => p < rows),
    'a synapse has a profile that is not there',
  );
}
