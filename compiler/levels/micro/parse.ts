import { didYouMean } from '../../diagnostics/diagnostic.js';
import { checkFixed } from '../fixed/check.js';
import { readComparison, readTableShape } from '../fixed/expression-text.js';
import type { FixedNetwork } from '../fixed/fixed.js';
import { readFixedBlocks, readFixedHeading } from '../fixed/parse.js';
import { OVERFLOWS } from '../numbers/rounding.js';
import { LevelCursor } from '../text/cursor.js';
import { readRounding } from '../text/rounding.js';
import type { Token } from '../text/tokens.js';
import { checkMicro } from './check.js';
import type { MicroAction, MicroKernel, MicroOperation, MicroProgram } from './micro.js';

/**
 * Reads what `printMicro` prints.
 *
 * @throws DiagnosticsError PL4101 where the text is no MicroProgram, PL4102 where it contradicts itself.
 */
export function parseMicro(text: string, file: string): MicroProgram {
  const cursor = new LevelCursor(text, file);
  const heading = cursor.expect('micro');
  cursor.readFiles();
  const kernels: MicroKernel[] = [];
  const places: Token[] = [];
  while (cursor.is('kernel')) {
    places.push(cursor.next());
    kernels.push(readKernel(cursor));
  }
  const fixed = readFixedBlocks(cursor, readFixedHeading(cursor));
  cursor.end();
  for (const [i, kernel] of kernels.entries()) checkOwner(cursor, fixed, kernel, places[i]!);
  return cursor.checked(heading, () => {
    checkFixed(fixed);
    return checkMicro({ kind: 'micro', fixed, kernels });
  });
}

/** A kernel belongs to a population or projection of the level. */
function checkOwner(
  cursor: LevelCursor,
  { populations, projections }: FixedNetwork,
  { kind, owner }: MicroKernel,
  at: Token,
): void {
  const known = (kind === 'neuron' ? populations : projections).map((element) => element.name);
  if (known.includes(owner)) return;
  cursor.contradiction(
    `the ${kind} kernel of ${owner} belongs to nothing`,
    at,
    didYouMean(owner, known),
  );
}

function readKernel(cursor: LevelCursor): MicroKernel {
  const kind = cursor.oneOf(['neuron', 'synapse'] as const, 'neuron or synapse');
  const owner = cursor.name('the name of a population or projection');
  const scheduled = cursor.take('scheduled');
  const operations: MicroOperation[] = [];
  const registers: number[] = [];
  while (cursor.take(`%${operations.length}`)) {
    cursor.expect('=');
    const { operation, register } = readOperation(cursor);
    operations.push(operation);
    registers.push(register);
  }
  if (cursor.token.text.startsWith('%')) cursor.refuse(`\`%${operations.length}\``);
  return { kind, owner, operations, registers: scheduled ? registers : undefined };
}

const KINDS = [
  'constant',
  'load',
  'store',
  'add',
  'subtract',
  'multiply',
  'minimum',
  'maximum',
  'and',
  'or',
  'negate',
  'absolute',
  'sign',
  'not',
  'compare',
  'select',
  'shift',
  'limit',
  'shift-left',
  'table',
] as const;

function readOperation(cursor: LevelCursor): {
  readonly operation: MicroOperation;
  readonly register: number;
} {
  const kind = cursor.oneOf(KINDS, 'a kind of operation');
  const format = cursor.format();
  const action = readAction(cursor, kind);
  const origin = cursor.span();
  const register = cursor.take('->') ? cursor.word('a register like r0', readRegister) : -1;
  if (action.kind !== 'table') return { operation: { ...action, format, origin }, register };
  cursor.key('entries');
  const entries = cursor.integers('an entry');
  return { operation: { ...action, entries, format, origin }, register };
}

const numberAfter = (mark: string) => (text: string) =>
  new RegExp(`^${mark}\\d{1,9}$`).test(text) ? Number(text.slice(1)) : undefined;
const readRegister = numberAfter('r');
const readOperand = numberAfter('%');

function readAction(cursor: LevelCursor, kind: (typeof KINDS)[number]): MicroAction {
  const operand = (): number => cursor.word('an operand like %0', readOperand);
  switch (kind) {
    case 'constant':
      return { kind, value: cursor.integer('a whole number') };
    case 'load':
      return { kind, field: cursor.name('a field') };
    case 'store':
      return { kind, field: cursor.name('a field'), value: operand() };
    case 'compare':
      return { kind, operator: readComparison(cursor), left: operand(), right: operand() };
    case 'negate':
    case 'absolute':
    case 'sign':
    case 'not':
      return { kind, operand: operand() };
    case 'shift': {
      const bits = cursor.integer('a number of bits');
      return { kind, bits, ...readRounding(cursor), operand: operand() };
    }
    case 'limit':
      return { kind, overflow: cursor.oneOf(OVERFLOWS, 'an overflow'), operand: operand() };
    case 'shift-left':
      return { kind, operand: operand(), by: operand() };
    case 'table':
      return { kind, ...readTableShape(cursor), entries: [], operand: operand() };
    case 'select':
      return { kind, condition: operand(), then: operand(), otherwise: operand() };
    default:
      return { kind, left: operand(), right: operand() };
  }
}
