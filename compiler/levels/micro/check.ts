import { MAX_WIDTH } from '../numbers/format.js';
import { type MicroKernel, type MicroProgram, operandsOf } from './micro.js';

/** Every operand is an earlier result, every width exact, every register assigned. A fault is a bug of a pass. */
export function checkMicro(program: MicroProgram): MicroProgram {
  for (const kernel of program.kernels) checkKernel(kernel);
  return program;
}

function checkKernel({ owner, operations, registers }: MicroKernel): void {
  for (const [index, operation] of operations.entries()) {
    const fault = (what: string): Error =>
      new Error(`${owner}, operation ${index} (${operation.kind}) ${what}`);
    for (const operand of operandsOf(operation)) {
      if (!(operand >= 0 && operand < index)) throw fault(`reads ${operand}, which is not earlier`);
      if (operations[operand]!.kind === 'store') throw fault('reads a store');
    }
    if (operation.format.width > MAX_WIDTH) throw fault(`is wider than ${MAX_WIDTH} bits`);
    if (!registers) continue;
    const needs = operation.kind !== 'store';
    if (needs !== registers[index]! >= 0) throw fault(`has register ${registers[index]}`);
  }
  if (operations.at(-1)?.kind !== 'store') throw new Error(`${owner} does not end with a store`);
}
