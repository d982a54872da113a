import type { Disassemble } from '../../compiler/levels/program/print-core.js';
import { COMMAND_STRIDE, type CoreCommand, decodeCommand } from './commands.js';
import type { CoreConfiguration } from './configuration.js';
import { wordsOfPass } from './encode/code.js';
import {
  type CoreInstruction,
  decodeInstruction,
  decodePass,
  type PassControl,
} from './instructions.js';

/** Words of code as what they are: `pass reads 0 …`, `t0 = (k0 - zero) * f2 + k1`, `sweep …`. */
export const disassembleCore =
  ({ units }: CoreConfiguration): Disassemble =>
  (memory, words, address) => {
    if (memory === 'control') return printCommandWord(words, address);
    const place = address % wordsOfPass(units);
    if (place === 0) {
      const pass = decodePass(words[address]!);
      return pass ? printPass(pass) : 'no pass';
    }
    if (place % 2 === 0) return '  its immediate and what is special';
    const instruction = decodeInstruction(words[address]!, words[address + 1] ?? 0);
    return instruction ? `  ${printCoreInstruction(instruction)}` : 'no instruction';
  };

function printPass(pass: PassControl): string {
  const banks = [0, 1, 2, 3].filter((bank) => (pass.banks >> bank) & 1).map((bank) => `f${bank}`);
  return [
    `pass reads page ${pass.readPage}`,
    ...(banks.length > 0 ? [`writes ${banks.join(' ')} of page ${pass.writePage}`] : []),
    ...(pass.writeWeight ? ['writes w'] : []),
    ...(pass.writeVariable ? ['writes v'] : []),
    ...(pass.send ? ['sends'] : []),
  ].join(', ');
}

/** An instruction in the notation of README.md. */
export function printCoreInstruction(i: CoreInstruction): string {
  const special = i.special === 'immediate' ? `#${i.immediate}` : specialName(i);
  const [a, b, c, e] = [i.a, i.b, i.c, i.e].map((o) => (o === 'special' ? special : o));
  if (i.d === 'none') return i.rounding.startsWith('draw') ? `takes ${i.rounding}` : 'nothing';
  switch (i.op) {
    case 'mac': {
      const shift = i.s > 0 ? ` >> ${i.s} ${i.rounding}` : '';
      return `${i.d} = (${a} - ${b}) * ${c} + (${e} << ${i.p})${shift}`;
    }
    case 'tern':
      return `${i.d} = tern ${a}, ${b}`;
    case 'abs':
      return `${i.d} = abs ${a}`;
    default:
      return `${i.d} = ${i.op} ${a}, ${b} ? ${c} : ${e}`;
  }
}

const specialName = ({ special, immediate }: CoreInstruction): string =>
  special === 'scale' ? `scale${immediate}` : special;

function printCommandWord(words: readonly number[], address: number): string {
  const first = address - (address % COMMAND_STRIDE);
  if (first !== address) return '';
  const command = decodeCommand(words.slice(first, first + COMMAND_STRIDE));
  return command ? printCommand(command) : 'no command';
}

function printCommand(command: CoreCommand): string {
  switch (command.kind) {
    case 'end':
      return 'end';
    case 'neurons': {
      const { slots, passes, code, wait } = command;
      return `neurons: ${slots} slots, ${passes} passes from ${code}, after ${wait} cycles`;
    }
    case 'sweep': {
      const { projection, rows, slots, passes, code, wait } = command;
      return `sweep of projection ${projection}: ${rows} rows, ${slots} slots, ${passes} passes from ${code}, after ${wait} cycles`;
    }
  }
}
