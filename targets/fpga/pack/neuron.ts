import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Instruction, Operand } from '../select/instruction.js';
import {
  BANKS,
  MOST_PASSES,
  PAGES,
  type PackedPass,
  type Place,
  placeAt,
  readsOf,
  type Surroundings,
} from './packed.js';
import { type Homes, type NeuronProgram, PassBuilder } from './passes.js';

/** A population whose program is to be packed. */
export interface NeuronToPack {
  readonly name: string;
  readonly instructions: readonly Instruction[];
  /** Everything that is kept between steps, and per-neuron parameters. */
  readonly kept: readonly string[];
  /** Where sums of projections are put before the program runs. */
  readonly sums: readonly string[];
  /** Fields that are sent. */
  readonly sent: readonly string[];
  /** Fields that the rules of each projection on it read. */
  readonly read: readonly (readonly string[])[];
}

/** A neuron program in passes, and where its fields lie. */
export interface PackedNeuron {
  readonly pages: number;
  readonly homes: ReadonlyMap<string, Place>;
  readonly passes: readonly PackedPass[];
}

/** How often places are exchanged in the search for homes. */
const EXCHANGES = 300;

/**
 * Gives the fields of a population homes and packs its program. What is sent lies in one page, and so does what one rule reads;
 * homes are then exchanged at random, from a fixed seed, while that makes passes fewer.
 *
 * @throws DiagnosticsError PL3055 where the fields of a neuron do not fit its pages, or no way through them is found; PL3056 for too
 * many passes.
 */
export function packNeuron(
  neuron: NeuronToPack,
  units: number,
  surroundings: Surroundings,
): PackedNeuron {
  const program = programOf(neuron);
  const fields = [
    ...new Set([...neuron.sent, ...neuron.read.flat(), ...neuron.kept, ...neuron.sums]),
  ];
  const least = Math.ceil(program.instructions.length / units);
  let best: PackedNeuron | undefined;
  for (let pages = Math.max(1, Math.ceil(fields.length / BANKS)); pages <= PAGES; pages++) {
    const found = new HomeSearch(neuron, program, fields, pages, units, surroundings).best(least);
    if (found && (!best || found.passes.length < best.passes.length)) best = found;
    if (best && best.passes.length <= least + (neuron.sent.length > 0 ? 1 : 0)) break;
  }
  if (!best) {
    const message = `the neuron of ${neuron.name} has ${fields.length} variables and sums (${fields.join(', ')}); a neuron of the core has ${PAGES * BANKS} words, of which a pass sees ${BANKS}`;
    const help = 'use a neuron with fewer variables, or fewer projections that lead to it';
    fail(diagnostic('PL3055', message, { help }));
  }
  if (best.passes.length > MOST_PASSES) {
    const message = `the neuron of ${neuron.name} takes ${best.passes.length} passes of ${units} units; the core has ${MOST_PASSES}`;
    const help = 'use a simpler neuron, or a core with more units';
    fail(diagnostic('PL3056', message, { span: neuron.instructions[0]!.origin, help }));
  }
  return best;
}

/** Locals become temporaries, one for each time that they are written. */
function programOf({ instructions, kept, sums, sent }: NeuronToPack): NeuronProgram {
  const fields = new Set([...kept, ...sums]);
  const indices = instructions.map(({ d }) => (d.kind === 'temporary' ? d.index : -1));
  let temporaries = Math.max(-1, ...indices) + 1;
  const locals = new Map<string, Operand & { readonly kind: 'temporary' }>();
  const read = (o: Operand): Operand => (o.kind === 'field' && locals.get(o.name)) || o;
  const renamed = instructions.map((instruction): Instruction => {
    const { a, b, c, e, d } = instruction;
    const operands = { a: read(a), b: read(b), c: read(c), e: read(e) };
    if (d.kind !== 'field' || fields.has(d.name)) return { ...instruction, ...operands };
    const local = { kind: 'temporary', index: temporaries++ } as const;
    locals.set(d.name, local);
    return { ...instruction, ...operands, d: local };
  });
  const used = new Set(
    renamed.flatMap((i) => readsOf(i).flatMap((o) => (o.kind === 'temporary' ? o.index : []))),
  );
  return {
    instructions: renamed.filter(({ d }) => d.kind !== 'temporary' || used.has(d.index)),
    passing: new Set(sums),
    sent,
  };
}

/** Homes for the fields of one population in so many pages. */
class HomeSearch {
  private state = 0x2545f491;

  constructor(
    private readonly neuron: NeuronToPack,
    private readonly program: NeuronProgram,
    private readonly fields: readonly string[],
    private readonly pages: number,
    private readonly units: number,
    private readonly surroundings: Surroundings,
  ) {}

  best(least: number): PackedNeuron | undefined {
    // A place for every field, and places that stay empty.
    let places: (string | undefined)[] = [...this.fields];
    while (places.length < this.pages * BANKS) places.push(undefined);
    let found = this.packed(places);
    for (let i = 0; i < EXCHANGES && (found?.passes.length ?? Infinity) > least; i++) {
      const next = [...places];
      const [x, y] = [this.below(places.length), this.below(places.length)];
      if (next[x] === next[y]) continue;
      [next[x], next[y]] = [next[y], next[x]];
      const packed = this.packed(next, found?.passes.length);
      if (found && !packed) continue;
      places = next;
      found = packed;
    }
    return found;
  }

  /** The program with homes in the order of places; undefined where there is none of at most `most` passes. */
  private packed(places: readonly (string | undefined)[], most?: number): PackedNeuron | undefined {
    const homes = new Map(
      places.flatMap((name, at) => (name === undefined ? [] : [[name, placeAt(at)] as const])),
    );
    const { sent, read } = this.neuron;
    const isTogether = (names: readonly string[]): boolean =>
      new Set(names.map((name) => homes.get(name)!.page)).size <= 1;
    if (![sent, ...read].every(isTogether)) return undefined;
    const all: Homes = { pages: this.pages, of: homes };
    const passes = new PassBuilder(this.program, all, this.units, this.surroundings).build(most);
    return passes && { pages: this.pages, homes, passes };
  }

  /** A whole number below n, by xorshift (Marsaglia 2003). */
  private below(n: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % n;
  }
}
