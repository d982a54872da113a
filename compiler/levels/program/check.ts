import { diagnostic } from '../../diagnostics/catalogue.js';
import { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { printFormat } from '../numbers/format.js';
import { areWithin } from '../numbers/integers.js';
import { checkBlock, type Expect } from './check-block.js';
import { checkSymbol, groupsOf, sameIntegers } from './check-symbol.js';
import type { Program, ProgramCore, ProgramGroup, ProgramPort } from './program.js';

/** What a reader allocates for one population, delay line or core stays below these. */
const MOST_NEURONS = 2 ** 22;
const MOST_TRACES = 255;

/** Every index in range, every length as its neighbours say. Throws DiagnosticsError PL4003 with all that is wrong. */
export function checkProgram(program: Program, file: string): Program {
  const bag = new DiagnosticBag();
  const expect: Expect = (holds, what) => {
    if (!holds) bag.add(diagnostic('PL4003', `${file}: ${what}`));
  };
  checkPopulations(program, expect);
  for (const port of program.inputs) checkPort(program, port, true, expect);
  for (const port of program.outputs) checkPort(program, port, false, expect);
  const indices = new Set(program.cores.map((c) => c.index));
  expect(indices.size === program.cores.length, 'two cores have one number');
  for (const core of program.cores) checkCore(program, core, expect);
  checkProjections(program, expect);
  checkRoutes(program, expect);
  for (const symbol of program.symbols) checkSymbol(program, symbol, expect);
  checkNames(program, expect);
  bag.finish();
  return program;
}

/** What is looked up by name or number is there once, and what is named is there. */
function checkNames(program: Program, expect: Expect): void {
  const { populations, projections, inputs, outputs, routes, symbols, sources, cores } = program;
  const { parameters } = program;
  const once = (keys: readonly (string | number)[], what: string): void =>
    expect(new Set(keys).size === keys.length, `${what} is there twice`);
  once(
    parameters.map((p) => p.name),
    'a parameter',
  );
  once(
    projections.map((p) => p.name),
    'a projection',
  );
  once(
    inputs.map((p) => p.population),
    'an input',
  );
  once(
    outputs.map((p) => p.population),
    'an output',
  );
  once(
    routes.map((r) => r.population),
    'a route',
  );
  once(
    symbols.map((s) => `${s.kind} ${s.owner} ${s.name}`),
    'a symbol',
  );
  expect(
    routes.every((r) => r.population < populations.length),
    'a route begins at a population that is not there',
  );
  const there = new Set(cores.map((c) => c.index));
  expect(
    sources.every((s) => there.has(s.core)),
    'the source map names a core that is not there',
  );
}

function checkPopulations({ populations, phases, cores }: Program, expect: Expect): void {
  expect(new Set(populations.map((p) => p.name)).size === populations.length, 'a name is double');
  expect(phases >= 1 && phases <= populations.length + 1, `${phases} phases`);
  const placed = populations.map((): ProgramGroup[] => []);
  for (const group of cores.flatMap((c) => c.groups)) placed[group.population]?.push(group);
  for (const [index, { name, size, input, phase, traces }] of populations.entries()) {
    expect(size <= MOST_NEURONS, `${name} has ${size} neurons`);
    expect(traces.length <= MOST_TRACES, `${name} sends ${traces.length} traces`);
    expect(phase < phases, `${name} runs in a phase that is not there`);
    expect(
      traces.every(({ format, initial, offset }) => areWithin([initial - offset], format)),
      `a trace of ${name} starts outside its format`,
    );
    const groups = placed[index]!.sort((a, b) => a.first - b.first);
    let next = 0;
    for (const { first, count } of groups) {
      expect(first === next && count > 0, `the groups of ${name} overlap or leave gaps`);
      next = first + count;
    }
    expect(next === (input ? 0 : size), `the groups of ${name} do not cover it`);
    expect(
      groups.every((g) => g.phase === phase),
      `a group of ${name} runs in another phase`,
    );
  }
}

function checkPort(program: Program, port: ProgramPort, input: boolean, expect: Expect): void {
  const population = program.populations[port.population];
  expect(population?.input === input, 'a port names a population that is not there');
  for (const values of [port.mean, port.deviation]) {
    expect(
      typeof values === 'number' || values.length === population?.size,
      'a port has another number of means or deviations than neurons',
    );
  }
  const { deviation } = port;
  const deviations = typeof deviation === 'number' ? [deviation] : deviation;
  expect(
    deviations.every((d) => d !== 0),
    'a port divides by zero',
  );
  const fits = !input || !population || sameIntegers(port.format, population.payloadFormat);
  expect(fits, 'an input has other integers than the payload of its population');
  const known = groupsOf(program, port.population).every((g) => port.field < g.fields.length);
  expect(input || known, 'an output names a field that is not there');
}

function checkCore(program: Program, core: ProgramCore, expect: Expect): void {
  for (const [index, group] of core.groups.entries()) {
    const name = `core ${core.index}, group ${index}`;
    const population = program.populations[group.population];
    expect(population !== undefined, `${name}: no such population`);
    expect(group.first + group.count <= (population?.size ?? 0), `${name}: neurons out of range`);
    expect(group.entry < core.neuronCode.length, `${name}: its code lies outside the code memory`);
    expect(group.traces <= MOST_TRACES, `${name}: ${group.traces} traces`);
    for (const { name: field, initial, format } of group.fields) {
      expect(
        initial.length === 1 || initial.length === group.count,
        `${name}: field ${field} has ${initial.length} initial values`,
      );
      expect(areWithin(initial, format), `${name}: field ${field} starts outside its format`);
    }
  }
  for (const { entries, shift } of core.tables) {
    expect(
      entries.length > 0 && shift < 64,
      `core ${core.index}: a table is empty or shifts by ${shift}`,
    );
  }
  for (const [index, block] of core.blocks.entries()) {
    checkBlock(program, core, block, (holds, what) =>
      expect(holds, `core ${core.index}, block ${index}: ${what}`),
    );
  }
}

/** The blocks of one projection join the same populations in the same way. */
function checkProjections({ projections, cores }: Program, expect: Expect): void {
  const seen = new Map<number, string>();
  for (const { groups, blocks } of cores) {
    for (const block of blocks) {
      const { projection, pre, group, delay, send, every, scale } = block;
      const tagged = block.tagFormat !== undefined;
      const format = scale && printFormat(block.weightFormat);
      const to = groups[group]?.population;
      const facts = [pre, to, delay, send, every, tagged, scale, format].join(' ');
      const { name = '' } = projections[projection] ?? {};
      expect((seen.get(projection) ?? facts) === facts, `the blocks of ${name} differ`);
      seen.set(projection, facts);
    }
  }
}

/** A route goes to each core that listens, and to no other. */
function checkRoutes({ populations, cores, routes }: Program, expect: Expect): void {
  for (const [population, { name }] of populations.entries()) {
    const listening = cores.filter((c) => c.blocks.some((b) => b.pre === population));
    const routed = routes.filter((r) => r.population === population).flatMap((r) => r.cores);
    const wanted = listening.map((c) => c.index);
    expect(wanted.join() === routed.join(), `the routes of ${name} are not those of its synapses`);
  }
}
