import { diagnostic } from '../../diagnostics/catalogue.js';
import { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Program, ProgramBlock, ProgramCore } from './program.js';

/** Every index in range, every length as its neighbours say. Throws DiagnosticsError PL4003 with all that is wrong. */
export function checkProgram(program: Program, file: string): Program {
  const bag = new DiagnosticBag();
  const expect = (holds: boolean, what: string): void => {
    if (!holds) bag.add(diagnostic('PL4003', `${file}: ${what}`));
  };
  for (const port of [...program.inputs, ...program.outputs]) {
    expect(
      port.population < program.populations.length,
      'a port names a population that is not there',
    );
  }
  for (const core of program.cores) checkCore(program, core, expect);
  bag.finish();
  return program;
}

type Expect = (holds: boolean, what: string) => void;

function checkCore(program: Program, core: ProgramCore, expect: Expect): void {
  for (const [index, group] of core.groups.entries()) {
    const name = `core ${core.index}, group ${index}`;
    const population = program.populations[group.population];
    expect(population !== undefined, `${name}: no such population`);
    expect(group.first + group.count <= (population?.size ?? 0), `${name}: neurons out of range`);
    expect(group.entry < core.neuronCode.length, `${name}: its code lies outside the code memory`);
    for (const field of group.fields) {
      const { length } = field.initial;
      expect(
        length === 1 || length === group.count,
        `${name}: field ${field.name} has ${length} initial values`,
      );
    }
  }
  for (const [index, block] of core.blocks.entries()) {
    checkBlock(program, core, block, (holds, what) =>
      expect(holds, `core ${core.index}, block ${index}: ${what}`),
    );
  }
}

function checkBlock(
  program: Program,
  core: ProgramCore,
  block: ProgramBlock,
  expect: Expect,
): void {
  const { rowStart, columns, weights, tags, profiles, coefficients, wordsPerProfile } = block;
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
  expect(tags.length === 0 || tags.length === columns.length, 'tags and synapses differ in number');
  expect(block.entry < core.learningCode.length, 'its learning code lies outside the memory');
  expect(block.every >= 1, 'the learning period is zero');
  const rows = wordsPerProfile > 0 ? coefficients.length / wordsPerProfile : 0;
  const learns = block.entry >= 0 && wordsPerProfile > 0;
  expect(!learns || profiles.length === columns.length, 'profiles and synapses differ in number');
  expect(!learns || profiles.every((p) => p < rows), 'a synapse has a profile that is not there');
}
