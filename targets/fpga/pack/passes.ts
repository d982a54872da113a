import type { Instruction, Operand } from '../select/instruction.js';
import {
  BANKS,
  fieldIndex,
  type PackedPass,
  type Place,
  passOverNeurons,
  readsOf,
  type Surroundings,
} from './packed.js';
import { fieldValue, named, Trial, type TriedPass, type Value } from './trial.js';

/** A neuron program that is to be packed: its values are fields, which have homes, and temporaries, each written once. */
export interface NeuronProgram {
  readonly instructions: readonly Instruction[];
  /** Fields that nobody reads any more once the program is through with them: sums. */
  readonly passing: ReadonlySet<string>;
  /** Fields that the last pass sends. */
  readonly sent: readonly string[];
}

/** Homes of the fields, and how many pages there are. */
export interface Homes {
  readonly pages: number;
  readonly of: ReadonlyMap<string, Place>;
}

/**
 * Puts a neuron program into passes: instructions stay in order, a pass takes as many as it can. It reads one page and writes one;
 * a temporary that is read in a later pass waits in a bank that is free. Where an instruction reads fields of several pages, those
 * of the others are copied first.
 */
export class PassBuilder {
  private readonly passes: PackedPass[] = [];
  private readonly instructions: Instruction[];
  /** Fields that are read even where no instruction does. */
  private readonly kept: ReadonlySet<Value>;
  /** Fields and the keys of their homes. */
  private readonly places: readonly (readonly [field: Value, key: number])[];
  /** What each instruction reads. */
  private reads: (readonly Value[])[] = [];
  /** What stands at every place as the next pass begins; undefined: not looked at yet. */
  private standing: readonly (Value | undefined)[] | undefined;
  /** Temporaries that wait in memory. */
  private readonly waiting = new Map<Value, Place>();
  /** The last instruction that reads a value. */
  private lastRead = new Map<Value, number>();
  private temporaries: number;
  private at = 0;
  private registers: readonly (Value | undefined)[] = [];

  constructor(
    private readonly program: NeuronProgram,
    private readonly homes: Homes,
    private readonly units: number,
    private readonly surroundings: Surroundings,
  ) {
    this.instructions = [...program.instructions];
    const indices = this.instructions.map(({ d }) => (d.kind === 'temporary' ? d.index : -1));
    this.temporaries = Math.max(-1, ...indices) + 1;
    this.places = [...homes.of].map(([name, home]) => [fieldValue(name), fieldIndex(home)]);
    const kept = [...homes.of.keys()].filter((name) => !program.passing.has(name));
    this.kept = new Set(kept.map(fieldValue));
    this.noteReads();
  }

  /**
   * The passes, or undefined where these homes leave no way, or none of at most `most` passes. More than four for an instruction of
   * four operands are none, either: then copies only go to and fro between pages that are full.
   */
  build(most = 4 * this.instructions.length + 1): readonly PackedPass[] | undefined {
    while (this.at < this.instructions.length) {
      const trial = this.passes.length < most && (this.longest() ?? this.gathered());
      if (!trial) return undefined;
      this.take(trial);
    }
    return this.sending() && this.passes.length <= most ? this.passes : undefined;
  }

  private noteReads(): void {
    this.lastRead = new Map();
    this.reads = this.instructions.map((i) => readsOf(i).flatMap((o) => named(o) ?? []));
    for (const [k, values] of this.reads.entries()) {
      for (const value of values) this.lastRead.set(value, k);
    }
    this.standing = undefined;
  }

  private take({ pass, length, left, registers }: TriedPass): void {
    this.passes.push(pass);
    this.at += length;
    for (const [value, place] of left) this.waiting.set(value, place);
    this.registers = registers;
    this.standing = undefined;
  }

  /** The pass that holds most, of all pages to read and to write. */
  private longest(): TriedPass | undefined {
    const most = Math.min(this.units, this.instructions.length - this.at);
    const pages = Array.from({ length: this.homes.pages }, (_, page) => page);
    const readable = pages.filter((page) => this.isReadable(page));
    for (let length = most; length > 0; length--) {
      for (const read of readable) {
        // To write the page that is read leaves more ways for what follows.
        for (const write of [read, ...pages.filter((page) => page !== read)]) {
          const trial = this.trial(read, write, length);
          if (trial) return trial;
        }
      }
    }
    return undefined;
  }

  /** Whether a page holds all that the next instruction reads. */
  private isReadable(page: number): boolean {
    const registers = this.registersOf(page);
    return this.reads[this.at]!.every((value) => registers.includes(value));
  }

  /** What the registers hold where a pass begins that reads a page. */
  private registersOf(page: number): (Value | undefined)[] {
    this.standing ??= this.standingNow();
    return this.standing.slice(page * BANKS, (page + 1) * BANKS);
  }

  /** Copies what the next instruction reads into one page: the first pass of that. */
  private gathered(): TriedPass | undefined {
    const next = this.instructions[this.at]!;
    const values = [...new Set(readsOf(next).flatMap((o) => named(o) ?? []))];
    const pageOf = (value: Value): number => this.placeOf(value)!.page;
    const pages = [...new Set(values.map(pageOf))];
    if (pages.length < 2) return undefined;
    const here = (page: number): number => values.filter((v) => pageOf(v) === page).length;
    for (const target of pages.sort((x, y) => here(y) - here(x))) {
      const source = pages.find((page) => page !== target)!;
      const moved = values.filter((v) => pageOf(v) === source).slice(0, this.units);
      const kept = [...this.instructions];
      const before = this.temporaries;
      this.copyBefore(moved);
      const trial = this.trial(source, target, moved.length);
      if (trial) return trial;
      this.instructions.splice(0, this.instructions.length, ...kept);
      this.temporaries = before;
      this.noteReads();
    }
    return undefined;
  }

  /** Lets the next instruction read copies of values, and makes these just before. */
  private copyBefore(values: readonly Value[]): void {
    const next = this.instructions[this.at]!;
    const copies = new Map(values.map((value) => [value, this.temporaries++]));
    const replaced = (o: Operand): Operand => {
      const index = copies.get(named(o) ?? '');
      return index === undefined ? o : { kind: 'temporary', index };
    };
    const { a, b, c, e, origin } = next;
    const zero = { kind: 'zero' } as const;
    const moves = values.map((value): Instruction => {
      const from = readsOf(next).find((o) => named(o) === value)!;
      const d = { kind: 'temporary', index: copies.get(value)! } as const;
      const unshifted = { p: 0, s: 0, rounding: 'none', operation: 0 } as const;
      return { op: 'mac', a: zero, b: zero, c: zero, e: from, d, ...unshifted, origin };
    });
    const reading = { a: replaced(a), b: replaced(b), c: replaced(c), e: replaced(e) };
    this.instructions.splice(this.at, 1, ...moves, { ...next, ...reading });
    this.noteReads();
  }

  private placeOf(value: Value): Place | undefined {
    return this.waiting.get(value) ?? this.homes.of.get(value.replace(/^field /, ''));
  }

  /** Whether a value is read behind an instruction; fields that are kept always are. */
  private isAlive(value: Value, k: number): boolean {
    return this.kept.has(value) || (this.lastRead.get(value) ?? -1) > k;
  }

  /** A pass of the next `length` instructions over two pages; undefined where that cannot be. */
  private trial(read: number, write: number, length: number): TriedPass | undefined {
    const trial = new Trial(
      {
        instructions: this.instructions.slice(this.at, this.at + length),
        units: this.units,
        homes: this.homes.of,
        surroundings: this.surroundings,
        isReadBehind: (value) => (this.lastRead.get(value) ?? -1) >= this.at + length,
        isFree: (place, k) => this.isFree(place, this.at + k),
      },
      this.registersOf(read),
      { read, write },
    );
    return trial.run();
  }

  /** Whether nothing that is read behind an instruction has its place there. */
  private isFree(place: Place, k: number): boolean {
    const key = fieldIndex(place);
    const held = [...this.waiting].some(
      ([value, p]) => fieldIndex(p) === key && (this.lastRead.get(value) ?? -1) > k,
    );
    if (held) return false;
    return !this.places.some(([value, home]) => home === key && this.isAlive(value, k));
  }

  /** What stands at every place as the next pass begins. */
  private standingNow(): (Value | undefined)[] {
    const standing: (Value | undefined)[] = Array.from({ length: this.homes.pages * BANKS });
    for (const [value, key] of this.places) {
      if (this.isAlive(value, this.at - 1)) standing[key] = value;
    }
    for (const [value, place] of this.waiting) {
      if ((this.lastRead.get(value) ?? -1) >= this.at) standing[fieldIndex(place)] = value;
    }
    return standing;
  }

  /** The last pass sends; one more does where the last has not all of it in its registers. */
  private sending(): boolean {
    const { sent } = this.program;
    const places = sent.map((name) => this.homes.of.get(name)!);
    const [first] = places;
    if (!first) return true;
    if (places.some(({ page }) => page !== first.page)) return false;
    const isThere = sent.every((name, i) => this.registers[places[i]!.bank] === fieldValue(name));
    if (!isThere || this.passes.length === 0) {
      const control = passOverNeurons({ read: first.page, write: first.page }, 0);
      this.passes.push({ control, units: Array.from({ length: this.units }) });
    }
    const last = this.passes.pop()!;
    this.passes.push({ ...last, control: { ...last.control, send: true } });
    return true;
  }
}
