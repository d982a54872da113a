import { MAX_WIDTH, printFormat } from '../numbers/format.js';
import { areWithin } from '../numbers/integers.js';
import { mayScale } from '../numbers/scale.js';
import type { Program, ProgramBlock, ProgramCore } from './program.js';

/** Payloads that one delay line may hold. */
const MOST_UNDER_WAY = 2 ** 24;

/** Notes a contradiction where `holds` is false. */
export type Expect = (holds: boolean, what: string) => void;

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
    rowStart[0] === 0 && ascend(rowStart) && rowStart.at(-1) === columns.length,
    'the row starts do not ascend to the number of synapses',
  );
  expect(
    group !== undefined && block.accumulator < group.fields.length,
    'no such group or accumulator',
  );
  const first = group?.first ?? 0;
  const last = first + (group?.count ?? 0);
  expect(areFrom(columns, first, last), 'a synapse ends outside the group');
  expect(!ascend(rowStart) || rowsAscend(rowStart, columns), 'the columns of a row do not ascend');
  expect(weights.length === columns.length, 'weights and synapses differ in number');
  expect(areWithin(weights, weightFormat), 'a weight lies outside its format');
  expect(tags.length === (tagFormat ? columns.length : 0), 'tags and synapses differ in number');
  expect(tagFormat === undefined || areWithin(tags, tagFormat), 'a tag lies outside its format');
  const exact = weightFormat.width + (pre?.payloadFormat.width ?? 0) < MAX_WIDTH;
  expect(exact, 'a weight times a payload may have more bits than are exact');
  const earlier = !pre || !group || pre.input || pre.phase < group.phase;
  expect(delay > 0 || earlier, 'it has no delay and does not lead to a later phase');
  const line = (delay + 1) * Math.max(pre?.size ?? 0, group?.count ?? 0);
  expect(line <= MOST_UNDER_WAY, `a delay of ${delay} steps is too long`);
  expect(block.every >= 1, 'the learning period is zero');
  checkLearning(core, block, expect);
  if (block.scale) checkScale(block, expect);
}

function checkScale({ weightFormat, entry, delay, send }: ProgramBlock, expect: Expect): void {
  expect(mayScale(weightFormat), `weights ${printFormat(weightFormat)} have no scale`);
  expect(entry >= 0, 'it has a scale and does not learn');
  expect(!send || delay === 0, 'it has a scale, but weighs messages when they are sent');
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
    wordsPerProfile === 0 || areFrom(profiles, 0, rows),
    'a synapse has a profile that is not there',
  );
}

/** Whether columns ascend within every row: no two synapses of a row end on one neuron. */
function rowsAscend(rowStart: Uint32Array, columns: Uint32Array): boolean {
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let k = rowStart[row]! + 1; k < rowStart[row + 1]!; k++) {
      if (columns[k]! <= columns[k - 1]!) return false;
    }
  }
  return true;
}

/** Whether all lie in [low, high). There may be millions: no function is called for each. */
function areFrom(values: Uint32Array, low: number, high: number): boolean {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low || values[i]! >= high) return false;
  }
  return true;
}

function ascend(values: Uint32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false;
  return true;
}
