import type { Program } from '../../../compiler/levels/program/program.js';
import { timingOf } from '../../../targets/fpga/configuration.js';
import { wordsOfPass } from '../../../targets/fpga/encode/code.js';
import { decodeInstruction } from '../../../targets/fpga/instructions.js';
import { loadProgram } from '../../../targets/fpga/machine/loaded.js';
import { CoreMachine } from '../../../targets/fpga/machine/machine.js';
import { CoreModel } from '../../../targets/fpga/model/core-model.js';
import { WRITE } from '../../../targets/fpga/model/trace.js';
import type { Dice } from '../../compiler/dice.js';
import { randomInputs } from './programs.js';

/**
 * What the circuit takes for granted and the emulator does not see. Draws wait in queues: whatever a rule asks for, one for each
 * of its first passes, every synapse takes once, and not before it is there.
 */
export function brokenDraws(program: Program): string | undefined {
  const { configuration, blocks } = loadProgram(program);
  const { units, depth } = configuration;
  const { round, fetch, adds, draw } = timingOf(configuration);
  const { neuronCode, learningCode } = program.cores[0]!;
  const code = [...neuronCode, ...learningCode];
  for (const { block, sweep } of blocks) {
    if (block.entry < 0) continue;
    const taken: number[] = [];
    for (let slot = 0; slot < sweep.passes * units; slot++) {
      const [pass, unit] = [Math.floor(slot / units), slot % units];
      const at = (sweep.code + pass) * wordsOfPass(units) + 1 + 2 * unit;
      const { rounding } = decodeInstruction(code[at]!, code[at + 1]!)!;
      if (!rounding.startsWith('draw')) continue;
      const asked = Number(rounding.slice(4));
      taken.push(asked);
      const reached = (pass - asked) * round + fetch + unit * depth + adds;
      if (reached < draw) return `projection ${block.projection} takes ${rounding} too early`;
    }
    const wanted = Array.from({ length: sweep.draws }, (_, i) => i);
    if (taken.sort().join() === wanted.join()) continue;
    return `projection ${block.projection} asks for ${wanted} and takes ${taken}`;
  }
  return undefined;
}

/** The four banks of a lane share an address: no two of their words are written in one cycle. Gives the cycle in which two are. */
export function brokenWrites(program: Program, dice: Dice, steps: number): number | undefined {
  const model = new CoreModel(loadProgram(program).configuration);
  const machine = new CoreMachine('emulator', program, model, 1);
  model.trace = [];
  for (let step = 0; step < steps; step++) machine.step(randomInputs(machine.shape, dice));
  const words = new Map<string, number>();
  for (const { cycle, high } of model.trace) {
    if (((high >>> 28) & 7) !== WRITE.field) continue;
    const key = `${cycle} ${(high >>> 22) & 63}`;
    const word = (high & 0x3fffff) >> 2;
    if ((words.get(key) ?? word) !== word) return cycle;
    words.set(key, word);
  }
  return undefined;
}
