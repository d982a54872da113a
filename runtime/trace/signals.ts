import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  DiagnosticBag,
  didYouMean,
  fail,
  nearestNames,
} from '../../compiler/diagnostics/diagnostic.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import type { Program, ProgramSymbol } from '../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../compiler/target.js';
import type { Probe } from '../../src/network/machine.js';

/** One element of a probe's array, and where it stands in the hierarchy of a trace. */
export interface Signal {
  readonly probe: Probe;
  readonly index: number;
  readonly format: Format;
  /** From the outside in: `core0`, `hidden`. */
  readonly scope: readonly string[];
  readonly name: string;
}

/** Signals that a trace has at most. */
export const MOST_SIGNALS = 16_384;

/** A probe of the chip, under the names by which it is chosen. */
interface Group {
  readonly owner: string;
  /** `hidden.v`, `observation->hidden.w`. */
  readonly title: string;
  readonly length: number;
  /** All signals of the group, in the order of the probe. */
  signals(): readonly Signal[];
}

/** A run of signals of a group. */
interface Chosen {
  readonly group: Group;
  readonly first: number;
  readonly last: number;
}

/**
 * The signals of a Program's trace: every variable of every neuron and every synapse, or those that names choose (PL4411
 * explains them). No signal is there twice.
 *
 * @throws DiagnosticsError PL4411 (unknown names), PL4412 (more than `most`).
 */
export function signalsOf(
  chip: ChipMachine,
  names: readonly string[] | undefined,
  most = MOST_SIGNALS,
): readonly Signal[] {
  const groups = groupsOf(chip);
  const chosen = names === undefined ? groups.map(whole) : choose(names, groups);
  const count = chosen.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (count > most) failTooMany(count, most, groups);
  const elements = new Map<Group, Set<number>>();
  for (const { group, first, last } of chosen) {
    const taken = elements.get(group) ?? new Set();
    for (let i = first; i <= last; i++) taken.add(i);
    elements.set(group, taken);
  }
  return [...elements].flatMap(([group, taken]) =>
    group.signals().filter(({ index }) => taken.has(index)),
  );
}

const whole = (group: Group): Chosen => ({ group, first: 0, last: group.length - 1 });

function groupsOf({ program, shape }: ChipMachine): readonly Group[] {
  const { symbols } = program;
  return symbols.flatMap((symbol, i): Group[] => {
    const { probe, length } = shape.probes[i]!;
    const { kind, owner, name } = symbol;
    // A dump has the integers that are there: of a weight under a scale, what is stored and the scale.
    const isMade = symbols.some((s) => s.kind === 'stored' && s.owner === owner);
    if (kind === 'weight' && isMade) return [];
    const signals = (): Signal[] => {
      if (kind === 'variable') return neuronSignals(program, symbol, probe);
      return kind === 'scale'
        ? scaleSignals(program, symbol, probe)
        : synapseSignals(program, symbol, probe);
    };
    return [{ owner, title: `${owner}.${name}`, length, signals }];
  });
}

function scaleSignals({ cores }: Program, symbol: ProgramSymbol, probe: Probe): Signal[] {
  const { owner, format } = symbol;
  const scope = [`core${cores[0]!.index}`, owner];
  return ['mantissa', 'exponent'].map((name, index) => ({ probe, index, format, scope, name }));
}

function neuronSignals(program: Program, symbol: ProgramSymbol, probe: Probe): Signal[] {
  const { owner, name, format } = symbol;
  const population = program.populations.findIndex((p) => p.name === owner);
  const { input, size } = program.populations[population]!;
  const cores = new Array<string>(size).fill('inputs');
  for (const core of input ? [] : program.cores) {
    for (const group of core.groups) {
      if (group.population !== population) continue;
      cores.fill(`core${core.index}`, group.first, group.first + group.count);
    }
  }
  return cores.map((core, index) => ({
    probe,
    index,
    format,
    scope: [core, owner],
    name: `${name}_${index}`,
  }));
}

/** Synapses in the order of the probe: by row, then by column, whatever core they lie on. */
function synapseSignals(program: Program, symbol: ProgramSymbol, probe: Probe): Signal[] {
  const { owner, name, format } = symbol;
  const projection = program.projections.findIndex((p) => p.name === owner);
  const synapses: { pre: number; post: number; core: number }[] = [];
  for (const core of program.cores) {
    for (const { projection: own, rowStart, columns } of core.blocks) {
      if (own !== projection) continue;
      for (let pre = 0; pre + 1 < rowStart.length; pre++) {
        for (let k = rowStart[pre]!; k < rowStart[pre + 1]!; k++) {
          synapses.push({ pre, post: columns[k]!, core: core.index });
        }
      }
    }
  }
  synapses.sort((a, b) => a.pre - b.pre || a.post - b.post);
  return synapses.map(({ pre, post, core }, index) => ({
    probe,
    index,
    format,
    scope: [`core${core}`, owner],
    name: `${name}_${pre}_${post}`,
  }));
}

/** What names choose; all that choose nothing are told at once. */
function choose(names: readonly string[], groups: readonly Group[]): readonly Chosen[] {
  const bag = new DiagnosticBag();
  const chosen = names.flatMap((text) => {
    const found = chosenBy(text, groups);
    if (found.length === 0) bag.add(unknown(text, groups));
    return found;
  });
  bag.finish();
  return chosen;
}

function chosenBy(text: string, groups: readonly Group[]): readonly Chosen[] {
  const named = (name: string): readonly Group[] =>
    groups.filter(({ owner, title }) => name === owner || name === title);
  const all = named(text);
  if (all.length > 0) return all.map(whole);
  const [, name, from, to] = /^(.*)\[(\d+)(?:\.\.(\d+))?\]$/.exec(text) ?? [];
  if (name === undefined) return [];
  const [first, last] = [Number(from), Number(to ?? from)];
  const some = named(name);
  return some.some(({ length }) => first > last || last >= length)
    ? []
    : some.map((group) => ({ group, first, last }));
}

function unknown(text: string, groups: readonly Group[]) {
  const bare = text.replace(/\[[^\]]*\]$/, '');
  const known = groups.flatMap(({ owner, title }) => [owner, title]);
  const own = groups.filter(({ owner, title }) => bare === owner || bare === title);
  const near = nearestNames(bare, known).length > 0;
  const help =
    own.length > 0
      ? own.map(({ title, length }) => `\`${title}\` has [0..${length - 1}]`).join(', ')
      : didYouMean(bare, near ? known : groups.map(({ title }) => title));
  return diagnostic('PL4411', `the trace has no signal \`${text}\``, { help });
}

function failTooMany(count: number, most: number, groups: readonly Group[]): never {
  const sizes = groups.map(({ title, length }) => `\`${title}\` (${length})`).join(', ');
  const { title = '', length = 0 } = groups.at(-1) ?? {};
  const some = `--signals '${title}[0..${Math.min(length, 100) - 1}]'`;
  return fail(
    diagnostic('PL4412', `the trace would have ${count} signals, ${most} are the most`, {
      notes: [`there are ${sizes}`],
      help: `choose some, as in ${some}; the option may be given several times`,
    }),
  );
}
