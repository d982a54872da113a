import { EXPONENT_FORMAT, unitScale } from '../../../compiler/levels/numbers/scale.js';
import type { ProgramBlock } from '../../../compiler/levels/program/program.js';
import type { NeuronsCommand, SweepCommand } from '../commands.js';
import type { CoreConfiguration } from '../configuration.js';
import { wordsOfPass } from '../encode/code.js';
import { paletteOf, sameWords, vectorOf, type Words } from '../encode/palette.js';
import { synapseBits } from '../encode/size.js';
import { addressesOf, addressIn, type CoreDevice, REGISTER } from '../memory-map.js';
import { placeAt } from '../pack/packed.js';
import type { LoadedBlock, LoadedGroup, LoadedProgram } from './loaded.js';

type Sink = Pick<CoreDevice, 'write'>;

/** What does not change while a network runs: code, commands, coefficients. */
export function loadCode(loaded: LoadedProgram, device: Sink): void {
  const { configuration, program, blocks } = loaded;
  const { neuronCode, learningCode, controlCode } = program.cores[0]!;
  const stride = wordsOfPass(configuration.units);
  const at = addressesOf(configuration);
  for (const [index, word] of [...neuronCode, ...learningCode].entries()) {
    const [address, place] = [Math.floor(index / stride), index % stride];
    if (place === 0) device.write(addressIn('passes', address), word);
    else device.write(at.code(address, (place - 1) >> 1, (place - 1) & 1), word);
  }
  for (const [index, word] of controlCode.entries()) {
    device.write(addressIn('control', index), word);
  }
  const isShared = configuration.paletteBits > 0;
  const palette = isShared ? paletteOf(program.cores[0]!.blocks, configuration) : [];
  for (const [entry, words] of palette.entries()) {
    for (let lane = 0; lane < configuration.lanes; lane++) {
      for (const half of [0, 1]) device.write(at.palette(lane, entry, half), words[half]!);
    }
  }
  for (const block of blocks) loadCoefficients(block, configuration, palette, device);
}

/** What the network starts from: weights, variables, neurons, messages, scales, registers. */
export function loadState(loaded: LoadedProgram, device: Sink, seed: number): void {
  const { configuration, blocks, groups } = loaded;
  for (const block of blocks) loadSynapses(block, configuration, device);
  for (const group of groups) loadNeurons(group, configuration, device);
  const at = addressesOf(configuration);
  for (let message = 0; message < 2 ** configuration.messageAddress; message++) {
    for (let lane = 0; lane < configuration.lanes; lane++) {
      device.write(at.payload(lane, message), 0);
      // A bank that a core lacks takes nothing and shows 0: without gaps it all goes at once.
      for (const bank of [0, 1]) device.write(at.x(lane, message, bank), 0);
    }
  }
  const { status, modulator, modulatorLearned, cycles, cyclesHigh, stalls, saturations, pending } =
    REGISTER;
  const cleared = [
    status,
    modulator,
    modulatorLearned,
    cycles,
    cyclesHigh,
    stalls,
    saturations,
    pending,
  ];
  for (const register of cleared) device.write(addressIn('registers', register), 0);
  device.write(addressIn('registers', REGISTER.seed), seed);
  // The step to come is number 0.
  device.write(addressIn('registers', REGISTER.learningStep), 0xffffffff);
}

/** Where the synapses of a sweep lie: lane and word of each pair of neurons. */
export function synapsePlace(
  { weights, rows }: SweepCommand,
  { lanes }: CoreConfiguration,
  pre: number,
  post: number,
): { readonly lane: number; readonly word: number } {
  return { lane: post % lanes, word: weights + Math.floor(post / lanes) * rows + pre };
}

/** The host's address of a field of a neuron, by its index in the group. */
export function fieldAddress(
  { fields, pages }: NeuronsCommand,
  configuration: CoreConfiguration,
  neuron: number,
  index: number,
): number {
  const { lanes } = configuration;
  const { page, bank } = placeAt(index);
  const word = fields + Math.floor(neuron / lanes) * pages + page;
  return addressesOf(configuration).field(neuron % lanes, word, bank);
}

/** The word of a scale: the exponent above the mantissa. */
export const scaleWord = ({
  mantissa,
  exponent,
}: {
  readonly mantissa: number;
  readonly exponent: number;
}): number => exponent * SCALE_UNIT + mantissa;

export const scaleOfWord = (
  word: number,
): { readonly mantissa: number; readonly exponent: number } => ({
  mantissa: word % SCALE_UNIT,
  exponent: Math.floor(word / SCALE_UNIT) % 2 ** EXPONENT_FORMAT.width,
});

const SCALE_UNIT = 2 ** 16;

function loadSynapses(
  { block, sweep }: LoadedBlock,
  configuration: CoreConfiguration,
  device: Sink,
): void {
  const at = addressesOf(configuration);
  const { lanes, variableBits } = configuration;
  for (let word = sweep.weights; word < sweep.weights + sweep.slots * sweep.rows; word++) {
    for (let lane = 0; lane < lanes; lane++) {
      device.write(at.weight(lane, word), 0);
      if (variableBits > 0) device.write(at.variable(lane, word), 0);
    }
  }
  forEachSynapse(block, (k, pre, post) => {
    const { lane, word } = synapsePlace(sweep, configuration, pre, post);
    device.write(at.weight(lane, word), block.weights[k]!);
    if (block.tagFormat) device.write(at.variable(lane, word), block.tags[k]!);
  });
  const { scale } = sweep;
  if (scale) {
    device.write(addressIn('scales', scale.index), scaleWord(unitScale(block.weightFormat)));
  }
}

function loadNeurons(
  { group, neurons }: LoadedGroup,
  configuration: CoreConfiguration,
  device: Sink,
): void {
  for (const [index, { initial }] of group.fields.entries()) {
    for (let i = 0; i < group.count; i++) {
      const value = initial.length === 1 ? initial[0]! : initial[i]!;
      device.write(fieldAddress(neurons, configuration, i, index), value);
    }
  }
}

/** Coefficients of each synapse, or its number in the palette, and the bit that says that it is there. */
function loadCoefficients(
  { block, sweep }: LoadedBlock,
  configuration: CoreConfiguration,
  palette: readonly Words[],
  device: Sink,
): void {
  const { lanes, paletteBits, presence } = configuration;
  const at = addressesOf(configuration);
  const put = (lane: number, word: number, words: Words): void => {
    for (const half of [0, 1]) device.write(at.coefficients(lane, word, half), words[half]!);
  };
  for (let word = sweep.weights; word < sweep.weights + sweep.slots * sweep.rows; word++) {
    for (let lane = 0; lane < lanes; lane++) put(lane, word, [0, 0]);
  }
  const highest = synapseBits(configuration) - 1;
  forEachSynapse(block, (k, pre, post) => {
    const vector = vectorOf(block, k, configuration);
    // Synapses that learn nothing are not in the palette: any entry does.
    const entry = Math.max(
      0,
      palette.findIndex((p) => sameWords(p, vector)),
    );
    const words: Words = paletteBits > 0 ? [entry, 0] : vector;
    const { lane, word } = synapsePlace(sweep, configuration, pre, post);
    put(lane, word, presence > 0 ? withBit(words, highest) : words);
  });
}

/** Two words with one more bit set. */
const withBit = ([lower, upper]: Words, bit: number): Words =>
  bit < 32 ? [(lower | (1 << bit)) >>> 0, upper] : [lower, (upper | (1 << (bit - 32))) >>> 0];

/** Synapses row by row: their number, and the neurons that they join. */
export function forEachSynapse(
  { rowStart, columns }: ProgramBlock,
  visit: (k: number, pre: number, post: number) => void,
): void {
  for (let pre = 0; pre + 1 < rowStart.length; pre++) {
    for (let k = rowStart[pre]!; k < rowStart[pre + 1]!; k++) visit(k, pre, columns[k]!);
  }
}
