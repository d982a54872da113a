import {
  OPERANDS,
  OPERATIONS,
  type Operand,
  type Operation,
  RESULTS,
  ROUNDINGS,
  SPECIALS,
} from '../../../targets/fpga/instructions.js';
import type { CoreModel } from '../../../targets/fpga/model/core-model.js';
import type { DecodedInstruction } from '../../../targets/fpga/model/datapath.js';

/** How often a result was as it came, and how often it was cut. */
interface Count {
  whole: number;
  cut: number;
}

const PLACES = ['a', 'b', 'c', 'e'] as const;

/** What `special` and `w` stand for is named. */
const KINDS: readonly string[] = OPERANDS.flatMap((o) =>
  o === 'special' ? [...SPECIALS] : o === 'w' ? ['w', 'one'] : [o],
);

/** The kinds of operand that stand in a place. */
const kindsOf = (place: (typeof PLACES)[number]): readonly string[] => {
  const known: readonly Operand[] = place === 'b' ? OPERANDS.slice(0, 8) : OPERANDS;
  return KINDS.filter(
    (kind) =>
      known.includes(kind as Operand) ||
      SPECIALS.includes(kind as never) ||
      (kind === 'one' && place !== 'b'),
  );
};

/** The sign and the size of zero are never cut. */
const NEVER: readonly string[] = ['tern a = zero cut', 'abs a = zero cut'];

/** Which instructions emulators execute: every operation with every operand, rounding and result, cut or not. */
export class Coverage {
  private readonly counts = new Map<string, Count>();

  /** Watches an emulator from here on. */
  watch(model: CoreModel): void {
    model.executed = (unit, isNeuron, isCut) => this.note(unit, isNeuron, isCut);
  }

  /** Cells of the table that were never met, of those that can be. */
  missing(): string[] {
    const missing = [...cells()].flatMap((key) => {
      const { whole, cut } = this.counts.get(key) ?? { whole: 0, cut: 0 };
      return [...(whole === 0 ? [`${key} whole`] : []), ...(cut === 0 ? [`${key} cut`] : [])];
    });
    return missing.filter((cell) => !NEVER.includes(cell));
  }

  /** A line for every operand, a column for every operation: how often whole, and how often cut. */
  table(): string {
    const lines = [
      ...PLACES.flatMap((place) => kindsOf(place).map((kind) => `${place} = ${kind}`)),
      ...others(),
    ];
    const cell = (operation: Operation, line: string): string => {
      const { whole, cut } = this.counts.get(`${operation} ${line}`) ?? { whole: 0, cut: 0 };
      return `${whole} ${cut}`.padStart(16);
    };
    const heading = `${''.padEnd(14)}${OPERATIONS.map((o) => o.padStart(16)).join('')}`;
    return [
      heading,
      ...lines.map((line) => line.padEnd(14) + OPERATIONS.map((o) => cell(o, line)).join('')),
    ].join('\n');
  }

  private note(unit: DecodedInstruction, isNeuron: boolean, isCut: boolean): void {
    // What has no result is not computed.
    if (unit.d === 0) return;
    const operation = OPERATIONS[unit.op]!;
    const kind = (code: number): string => {
      const operand = OPERANDS[code]!;
      if (operand === 'special') return SPECIALS[unit.special]!;
      return operand === 'w' && isNeuron ? 'one' : operand;
    };
    for (const place of PLACES) this.count(`${operation} ${place} = ${kind(unit[place])}`, isCut);
    this.count(`${operation} ${ROUNDINGS[unit.rounding]!}`, isCut);
    const result = RESULTS[unit.d]!;
    this.count(`${operation} d = ${result === 'f0' && !isNeuron ? 'v' : result}`, isCut);
  }

  private count(key: string, isCut: boolean): void {
    const count = this.counts.get(key) ?? { whole: 0, cut: 0 };
    if (isCut) count.cut++;
    else count.whole++;
    this.counts.set(key, count);
  }
}

const others = (): string[] => [
  ...ROUNDINGS,
  ...RESULTS.filter((d) => d !== 'none').map((d) => `d = ${d}`),
  'd = v',
];

function* cells(): Generator<string> {
  for (const operation of OPERATIONS) {
    for (const place of PLACES)
      for (const kind of kindsOf(place)) yield `${operation} ${place} = ${kind}`;
    for (const other of others()) {
      // Only a multiply-add draws.
      if (operation === 'mac' || !other.startsWith('draw')) yield `${operation} ${other}`;
    }
  }
}
