import type { Format } from '../../compiler/levels/numbers/format.js';
import type { TextSink } from './sink.js';

/** A variable of a dump: an integer of a format. Names may be any text. */
export interface VcdVariable {
  /** From the outside in. */
  readonly scope: readonly string[];
  readonly name: string;
  readonly format: Format;
}

/** What a dump says of itself. */
export interface VcdHeader {
  /** Name and version of the tool. */
  readonly version: string;
  readonly comment: string;
  /** As in `100 ps`. */
  readonly timescale: string;
}

/** Units of a timescale in femtoseconds, largest first: 1, 10 or 100 of s, ms, us, ns, ps, fs. */
const UNITS = ['s', 'ms', 'us', 'ns', 'ps', 'fs'].flatMap((unit, i) =>
  [100, 10, 1].map((many) => ({ text: `${many} ${unit}`, femtoseconds: many * 1000 ** (5 - i) })),
);

/**
 * The largest unit of time of which a cycle is a whole number; femtoseconds where none is, and then times are rounded.
 */
export function timescaleOf(nanosecondsPerCycle: number): {
  readonly timescale: string;
  readonly unitsPerCycle: number;
} {
  const femtoseconds = nanosecondsPerCycle * 1e6;
  const whole = Math.round(femtoseconds);
  const exact = Math.abs(femtoseconds - whole) < 1e-3;
  const unit = exact ? UNITS.find((u) => whole % u.femtoseconds === 0) : undefined;
  return unit
    ? { timescale: unit.text, unitsPerCycle: whole / unit.femtoseconds }
    : { timescale: '1 fs', unitsPerCycle: femtoseconds };
}

/**
 * Writes a Value Change Dump (IEEE 1364-2005, section 18): the definitions at once, then one sample after another, of which
 * only changes are written. Signed formats are `integer` variables, unsigned ones `wire`s, both of their own width.
 */
export class VcdWriter {
  private readonly identifiers: readonly string[];
  private readonly last: Float64Array;
  private began = false;

  constructor(
    private readonly sink: TextSink,
    header: VcdHeader,
    private readonly variables: readonly VcdVariable[],
  ) {
    this.identifiers = variables.map((_, i) => identifierOf(i));
    this.last = new Float64Array(variables.length);
    sink.write(`$version ${plain(header.version)} $end\n$comment ${plain(header.comment)} $end\n`);
    sink.write(`$timescale ${header.timescale} $end\n`);
    printScope(sink, '', scopeOf(variables, this.identifiers));
    sink.write('$enddefinitions $end\n');
  }

  /** The integers of all variables at a time that is not before the last one. */
  sample(time: number, values: ArrayLike<number>): void {
    const lines = [`#${time}`];
    if (!this.began) lines.push('$dumpvars');
    for (const [i, { format }] of this.variables.entries()) {
      const value = values[i]!;
      if (this.began && value === this.last[i]) continue;
      this.last[i] = value;
      const bits = bitsOf(value, format);
      const identifier = this.identifiers[i]!;
      lines.push(format.width === 1 ? `${bits}${identifier}` : `b${bits} ${identifier}`);
    }
    if (!this.began) lines.push('$end');
    this.began = true;
    this.sink.write(`${lines.join('\n')}\n`);
  }
}

/** Two's complement without the zeros to the left, which readers put back (18.2.2). */
function bitsOf(value: number, { width }: Format): string {
  return (value < 0 ? value + 2 ** width : value).toString(2);
}

/** The i-th identifier code: printable characters from `!` to `~`. */
function identifierOf(index: number): string {
  let text = '';
  let rest = index;
  do {
    text += String.fromCharCode(33 + (rest % 94));
    rest = Math.floor(rest / 94) - 1;
  } while (rest >= 0);
  return text;
}

interface Scope {
  readonly scopes: Map<string, Scope>;
  /** Declarations by name. */
  readonly variables: Map<string, string>;
}

const newScope = (): Scope => ({ scopes: new Map(), variables: new Map() });

function scopeOf(variables: readonly VcdVariable[], identifiers: readonly string[]): Scope {
  const root = newScope();
  for (const [i, { scope, name, format }] of variables.entries()) {
    let at = root;
    for (const part of scope) {
      const inner = at.scopes.get(part) ?? newScope();
      at.scopes.set(part, inner);
      at = inner;
    }
    const own = unlike(nameOf(name), at.variables);
    const type = format.signed ? 'integer' : 'wire';
    at.variables.set(own, `$var ${type} ${format.width} ${identifiers[i]} ${own} $end`);
  }
  return root;
}

function printScope(sink: TextSink, indent: string, { scopes, variables }: Scope): void {
  for (const declaration of variables.values()) sink.write(`${indent}${declaration}\n`);
  const names = new Map<string, true>();
  for (const [name, scope] of scopes) {
    const own = unlike(nameOf(name), names);
    names.set(own, true);
    sink.write(`${indent}$scope module ${own} $end\n`);
    printScope(sink, `${indent}  `, scope);
    sink.write(`${indent}$upscope $end\n`);
  }
}

/** A Verilog identifier like the name. Brackets would be read as bits of a vector by GTKWave and Surfer. */
function nameOf(name: string): string {
  const own = name.replaceAll('->', '_to_').replace(/[^A-Za-z0-9_$]/g, '_');
  return /^[A-Za-z_]/.test(own) ? own : `_${own}`;
}

/** The name, or with a number behind where it is taken. */
function unlike(name: string, taken: ReadonlyMap<string, unknown>): string {
  let own = name;
  for (let n = 2; taken.has(own); n++) own = `${name}_${n}`;
  return own;
}

/** Text between a keyword and its `$end`. */
const plain = (text: string): string => text.replaceAll('$', '_');
