import type { Operand as OperandCode, Result } from '../instructions.js';
import type { Instruction, Operand } from '../select/instruction.js';
import {
  BANKS,
  fieldCode,
  fieldIndex,
  type PackedInstruction,
  type PackedPass,
  type Pages,
  type Place,
  packed,
  passOverNeurons,
  readsOf,
  type Surroundings,
} from './packed.js';

/** A value of a neuron program by name: `field v`, `t3`. */
export type Value = string;
export const fieldValue = (name: string): Value => `field ${name}`;
const temporaryValue = (index: number): Value => `t${index}`;

/** The value that an operand or a result is, if it is one. */
export function named(o: Operand | Instruction['d']): Value | undefined {
  if (o.kind === 'field') return fieldValue(o.name);
  return o.kind === 'temporary' ? temporaryValue(o.index) : undefined;
}

/** One pass that was found to be possible. */
export interface TriedPass {
  readonly pass: PackedPass;
  /** Instructions that it holds. */
  readonly length: number;
  /** Where it leaves temporaries that are read later. */
  readonly left: ReadonlyMap<Value, Place>;
  /** What the registers of the banks hold at its end. */
  readonly registers: readonly (Value | undefined)[];
}

/** What is to be put into a pass, and what is known of the rest of the program. */
interface ToTry {
  readonly instructions: readonly Instruction[];
  readonly units: number;
  readonly homes: ReadonlyMap<string, Place>;
  readonly surroundings: Surroundings;
  /** Whether a value is read after the pass. */
  isReadBehind(value: Value): boolean;
  /** Whether nothing that is read behind instruction k of the pass has its place there. */
  isFree(place: Place, k: number): boolean;
}

/** Puts some instructions into one pass, which reads a page and writes one. */
export class Trial {
  private readonly temporaries: (Value | undefined)[] = [undefined, undefined];
  private readonly left = new Map<Value, Place>();
  /** What each instruction reads. */
  private readonly reads: readonly (readonly Value[])[];
  /** Bit b: bank b is written back. */
  private banks = 0;

  /** `registers`: what the banks hold as the pass begins. */
  constructor(
    private readonly given: ToTry,
    private readonly registers: (Value | undefined)[],
    private readonly pages: Pages,
  ) {
    this.reads = given.instructions.map((i) => readsOf(i).flatMap((o) => named(o) ?? []));
  }

  /** The pass; undefined where an operand is not there, or a result finds no place. */
  run(): TriedPass | undefined {
    const { instructions, units: count, surroundings } = this.given;
    const units: (PackedInstruction | undefined)[] = Array.from({ length: count });
    for (const [k, instruction] of instructions.entries()) {
      const codes = new Map(this.reads[k]!.map((value) => [value, this.find(value)]));
      if ([...codes.values()].includes(undefined)) return undefined;
      const d = this.result(instruction.d, k);
      if (d === undefined) return undefined;
      const read = (o: Operand): OperandCode =>
        o.kind === 'one' ? 'w' : codes.get(named(o) ?? '')!;
      units[k] = packed(instruction, d, read, surroundings);
    }
    const pass = { control: passOverNeurons(this.pages, this.banks), units };
    const { left, registers } = this;
    return { pass, length: instructions.length, left, registers };
  }

  /** Where a value stands at the moment. */
  private find(value: Value): OperandCode | undefined {
    const bank = this.registers.indexOf(value);
    if (bank >= 0) return fieldCode(bank);
    const t = this.temporaries.indexOf(value);
    return t >= 0 ? temporaryCode(t) : undefined;
  }

  private result(d: Instruction['d'], k: number): Result | undefined {
    const value = named(d)!;
    if (d.kind === 'field') return this.field(value, this.given.homes.get(d.name)!, k);
    return this.given.isReadBehind(value) ? this.waiting(value, k) : this.temporary(value, k);
  }

  /** A field goes to its home, where nothing is in the way that this pass still reads. */
  private field(value: Value, { page, bank }: Place, k: number): Result | undefined {
    const held = this.registers[bank];
    const inTheWay = held !== value && this.isReadAfter(held, k);
    return page === this.pages.write && !inTheWay ? this.written(value, bank) : undefined;
  }

  private temporary(value: Value, k: number): Result | undefined {
    const t = this.temporaries.findIndex((held) => !this.isReadAfter(held, k));
    if (t < 0) return undefined;
    this.temporaries[t] = value;
    return temporaryCode(t);
  }

  /** A temporary that outlives the pass waits in a bank that is free. */
  private waiting(value: Value, k: number): Result | undefined {
    const taken = new Set([...this.left.values()].map(fieldIndex));
    for (let bank = 0; bank < BANKS; bank++) {
      const place = { page: this.pages.write, bank };
      if (taken.has(fieldIndex(place)) || (this.banks >> bank) & 1) continue;
      if (this.isReadAfter(this.registers[bank], k) || !this.given.isFree(place, k)) continue;
      this.left.set(value, place);
      return this.written(value, bank);
    }
    return undefined;
  }

  private written(value: Value, bank: number): Result {
    this.registers[bank] = value;
    this.banks |= 1 << bank;
    return fieldCode(bank);
  }

  /** Whether this pass reads a value behind an instruction. */
  private isReadAfter(value: Value | undefined, k: number): boolean {
    if (value === undefined) return false;
    for (let later = k + 1; later < this.reads.length; later++) {
      if (this.reads[later]!.includes(value)) return true;
    }
    return false;
  }
}

const temporaryCode = (t: number): 't0' | 't1' => (t === 0 ? 't0' : 't1');
