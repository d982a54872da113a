import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramGroup,
} from '../../../compiler/levels/program/program.js';
import { trap } from '../../../runtime/emulator/architecture.js';
import {
  COMMAND_STRIDE,
  type CoreCommand,
  decodeCommand,
  type NeuronsCommand,
  type SweepCommand,
} from '../commands.js';
import { type CoreConfiguration, frameWords } from '../configuration.js';
import { wordsOfPass } from '../encode/code.js';
import { paletteOf } from '../encode/palette.js';
import { configurationOf } from '../encode/parameters.js';
import { HOST_BITS, synapseBits } from '../encode/size.js';
import { decodeInstruction, decodePass } from '../instructions.js';
import { BANKS, fieldIndex } from '../pack/packed.js';

/** A block of synapses, and the command that walks it. */
export interface LoadedBlock {
  readonly block: ProgramBlock;
  readonly sweep: SweepCommand;
}

/** A population on the core, and the command that runs it. */
export interface LoadedGroup {
  readonly group: ProgramGroup;
  readonly neurons: NeuronsCommand;
}

/** A Program as the host of a core sees it: its words, and what its commands say of where things are. */
export interface LoadedProgram {
  readonly program: Program;
  readonly configuration: CoreConfiguration;
  readonly commands: readonly CoreCommand[];
  readonly blocks: readonly LoadedBlock[];
  readonly groups: readonly LoadedGroup[];
}

/**
 * Reads the words of a Program for the core.
 *
 * @throws DiagnosticsError PL5020 for words that are no instructions or commands, PL5021 where they name what is not there.
 */
export function loadProgram(program: Program): LoadedProgram {
  const configuration = configurationOf(program);
  const [core, ...more] = program.cores;
  if (!core || more.length > 0) refuse(`it has ${program.cores.length} cores, not one`);
  checkCode(core, configuration);
  if (synapseBits(configuration) > HOST_BITS) refuse('no host writes synapses as wide as its');
  const { paletteBits } = configuration;
  if (paletteBits > 0 && paletteOf(core.blocks, configuration).length > 2 ** paletteBits) {
    refuse('its coefficients are more than its palette');
  }
  const commands = commandsOf(core);
  const sweeps = commands.filter((c) => c.kind === 'sweep');
  const neurons = commands.filter((c) => c.kind === 'neurons');
  const stride = wordsOfPass(configuration.units);
  const blocks = core.blocks.map((block): LoadedBlock => {
    const [sweep, ...others] = sweeps.filter((c) => c.projection === block.projection);
    if (!sweep || others.length > 0) refuse(`projection ${block.projection} is not walked once`);
    return { block, sweep };
  });
  const groups = core.groups.map((group): LoadedGroup => {
    const [command, ...others] = neurons.filter((c) => c.code * stride === group.entry);
    if (!command || others.length > 0) refuse(`population ${group.population} is not run once`);
    return { group, neurons: command };
  });
  if (sweeps.length !== blocks.length || neurons.length !== groups.length) {
    refuse('it has commands for what is not there');
  }
  const loaded = { program, configuration, commands, blocks, groups };
  for (const block of blocks) checkBlock(block, loaded);
  for (const group of groups) checkGroup(group, loaded);
  return loaded;
}

function refuse(what: string): never {
  return fail(diagnostic('PL5021', `the program for the core is broken: ${what}`));
}

function commandsOf({ controlCode, index }: ProgramCore): CoreCommand[] {
  const commands: CoreCommand[] = [];
  for (let at = 0; at < controlCode.length; at += COMMAND_STRIDE) {
    const command = decodeCommand(controlCode.slice(at, at + COMMAND_STRIDE));
    if (!command) return trap(index, 'control', at, controlCode[at]!);
    commands.push(command);
    if (command.kind === 'end' && at + COMMAND_STRIDE >= controlCode.length) return commands;
  }
  return refuse('its last command is not the end');
}

/** Every word of code is one, and memories hold them. */
function checkCode(
  { neuronCode, learningCode, controlCode, index }: ProgramCore,
  { units, codeWords, controlWords }: CoreConfiguration,
): void {
  const stride = wordsOfPass(units);
  for (const [memory, words] of [
    ['neuron', neuronCode],
    ['learning', learningCode],
  ] as const) {
    if (words.length % stride !== 0) refuse(`its ${memory} code is not whole`);
    for (let at = 0; at < words.length; at++) {
      const place = at % stride;
      if (place === 0 && !decodePass(words[at]!)) trap(index, memory, at, words[at]!);
      if (place % 2 === 1 && !decodeInstruction(words[at]!, words[at + 1]!))
        trap(index, memory, at, words[at]!);
    }
  }
  const addresses = (neuronCode.length + learningCode.length) / stride;
  if (addresses > codeWords) refuse(`${addresses} words of code, where the core has ${codeWords}`);
  if (controlCode.length > controlWords)
    refuse(`${controlCode.length} words of control, where the core has ${controlWords}`);
}

/** A command agrees with the block that it walks, and reaches only words that are there. */
function checkBlock({ block, sweep }: LoadedBlock, loaded: LoadedProgram): void {
  const { program, configuration, groups } = loaded;
  const name = program.projections[block.projection]!.name;
  const expect = (holds: boolean, what: string): void => {
    if (!holds) refuse(`the sweep of ${name} ${what}`);
  };
  const { neurons } = groups[block.group]!;
  const { size } = program.populations[block.pre]!;
  expect(sweep.rows === size, 'has another number of rows than neurons send');
  expect(sweep.slots === neurons.slots, 'has other slots than its neurons');
  expect(sweep.lastLanes === neurons.lastLanes, 'has other lanes than its neurons');
  expect(sweep.fields === neurons.fields && sweep.pages === neurons.pages, 'has other fields');
  expect(fieldIndex(sweep.sum) === block.accumulator, 'sums elsewhere');
  expect(sweep.delay === block.delay && !block.send, 'has another delay');
  expect(sweep.scale?.kind === block.scale, 'normalises otherwise');
  expect((sweep.scale?.index ?? 0) < configuration.scales, 'has a scale that is not there');
  expect(sweep.weights + sweep.slots * size <= configuration.weightWords, 'leaves its memory');
  expect(sweep.delay < 2 ** configuration.frameBits, 'has a delay for which there are no frames');
  expect(
    sweep.messages + Math.ceil(size / configuration.lanes) <= frameWords(loaded.configuration),
    'reads elsewhere',
  );
  expect(sweep.code + sweep.passes <= configuration.codeWords, 'leaves code memory');
  expect(sweep.passes >= Math.max(1, sweep.draws), 'has too few passes');
  expect(sweep.draws <= configuration.draws, 'draws more than the core does');
  expect(block.weightFormat.width <= configuration.weightBits, 'has wider weights than the core');
  expect(!block.tagFormat || configuration.variableBits > 0, 'keeps a variable, and has none');
  expect(block.wordsPerProfile <= configuration.coefficients, 'has too many coefficients');
}

function checkGroup({ group, neurons }: LoadedGroup, loaded: LoadedProgram): void {
  const { lanes, fieldWords, codeWords } = loaded.configuration;
  const { name, size } = loaded.program.populations[group.population]!;
  const expect = (holds: boolean, what: string): void => {
    if (!holds) refuse(`the command of ${name} ${what}`);
  };
  expect(neurons.slots === Math.ceil(size / lanes), 'has other slots than neurons');
  expect((neurons.slots - 1) * lanes + neurons.lastLanes === size, 'has other lanes than neurons');
  expect(neurons.pages * BANKS === group.fields.length, 'has other fields');
  expect(neurons.fields + neurons.slots * neurons.pages <= fieldWords, 'leaves its memory');
  expect(neurons.messages + neurons.slots <= frameWords(loaded.configuration), 'sends elsewhere');
  expect(neurons.code + neurons.passes <= codeWords && neurons.passes > 0, 'leaves code memory');
}
