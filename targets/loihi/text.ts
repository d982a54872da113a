import type { Program, ProgramSource } from '../../compiler/levels/program/program.js';
import { printLearningWord } from './learning-instructions.js';
import { printNeuronWord } from './neuron-instructions.js';

/** The code of every core, one word a line: address, word, instruction, and the place in the equations. */
export function printLoihiProgram(program: Program): string {
  const lines: string[] = [
    `program ${program.name} for ${program.target}, ${program.phases} phases`,
  ];
  for (const core of program.cores) {
    lines.push('', `core ${core.index}`);
    for (const [index, group] of core.groups.entries()) {
      const { name } = program.populations[group.population]!;
      const last = group.first + group.count - 1;
      lines.push(
        `  group ${index}: ${name}[${group.first}..${last}], phase ${group.phase}, entry ${group.entry}`,
      );
      for (const [i, f] of group.fields.entries()) {
        const { signed, width, fraction } = f.format;
        lines.push(`    field ${i}: ${f.name} ${signed ? 's' : 'u'}${width}.${fraction}`);
      }
    }
    for (const [index, block] of core.blocks.entries()) {
      const { name } = program.projections[block.projection]!;
      const profiles =
        block.wordsPerProfile > 0 ? block.coefficients.length / block.wordsPerProfile : 0;
      lines.push(
        `  block ${index}: ${name}, ${block.columns.length} synapses, ${profiles} profiles, entry ${block.entry}`,
      );
    }
    const at = (memory: ProgramSource['memory']): ProgramSource[] =>
      program.sources.filter((s) => s.core === core.index && s.memory === memory);
    lines.push('  neuron code', ...listing(core.neuronCode, printNeuronWord, at('neuron')));
    lines.push('  learning code', ...listing(core.learningCode, printLearningWord, at('learning')));
  }
  return `${lines.join('\n')}\n`;
}

function listing(
  code: readonly number[],
  print: (word: number) => string,
  sources: readonly ProgramSource[],
): string[] {
  const byAddress = new Map(sources.map((s) => [s.address, s]));
  return code.map((word, address) => {
    const source = byAddress.get(address);
    const place = source?.file ? `; ${source.file}:${source.line}:${source.column}` : '';
    const hex = (word >>> 0).toString(16).padStart(8, '0');
    return `    ${`${address}`.padStart(4)}: ${hex}  ${print(word).padEnd(26)}${place}`.trimEnd();
  });
}
