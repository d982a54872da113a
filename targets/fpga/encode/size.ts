import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag } from '../../../compiler/diagnostics/diagnostic.js';
import type { FixedNetwork } from '../../../compiler/levels/fixed/fixed.js';
import type { CoreConfiguration } from '../configuration.js';
import { drawsOf } from '../pack/rule.js';
import type { SelectedNetwork } from './selected.js';

/** A core with what a network needs; what it has more of, it keeps. */
export function configured(core: CoreConfiguration, network: SelectedNetwork): CoreConfiguration {
  const { fixed } = network;
  const rules = fixed.projections.flatMap((p) => p.rule ?? []);
  const coefficients = rules.flatMap((r) => r.coefficients);
  const isSparse = ({ pre, post, columns }: FixedNetwork['projections'][number]): boolean =>
    columns.length < sizeOf(fixed, pre) * sizeOf(fixed, post);
  const delays = Math.max(0, ...fixed.projections.map((p) => p.delay));
  const presence = fixed.projections.some(isSparse) ? 1 : core.presence;
  const coefficientBits = Math.max(
    coefficients.length > 0 ? 0 : core.coefficientBits,
    ...coefficients.map((c) => c.format.width),
  );
  const least = Math.max(0, ...rules.map((r) => r.coefficients.length));
  const most = Math.max(core.coefficients, least);
  const isWide =
    synapseBits({ ...core, presence, coefficientBits, coefficients: most }) > HOST_BITS;
  const draws = Math.max(core.draws, ...[...network.rules.values()].map(drawsOf));
  // A ring holds one draw of each synapse.
  const drawing = draws > 1 && core.drawRing === 1 ? { drawRing: 0, rounds: 1 } : {};
  return {
    ...core,
    ...drawing,
    weightBits: Math.max(...fixed.projections.map((p) => p.weights.format.width), 2),
    coefficients: isWide ? least : most,
    coefficientBits,
    variableBits: fixed.projections.some((p) => p.fields.length > 0) ? 16 : core.variableBits,
    presence,
    xBanks: Math.max(core.xBanks, ...fixed.populations.map((p) => network.sentBy(p.name).length)),
    draws,
    scales: Math.max(core.scales, network.scales),
    frameBits: Math.max(core.frameBits, bitsFor(delays + 1)),
  };
}

/** Bits of a synapse beside weight and variable that a host writes. */
export const HOST_BITS = 64;

type SynapseWord = Pick<
  CoreConfiguration,
  'paletteBits' | 'coefficients' | 'coefficientBits' | 'presence'
>;

/** Bits of a synapse beside weight and variable: its coefficients or their number in the palette, and whether it is there. */
export const synapseBits = (core: SynapseWord): number =>
  (core.paletteBits > 0
    ? core.paletteBits
    : Math.max(1, core.coefficients * core.coefficientBits)) + core.presence;

/** Words of the memories that a network takes. */
export interface Room {
  readonly weightWords: number;
  readonly fieldWords: number;
  /** Words of one frame of messages. */
  readonly messages: number;
  /** Vectors of coefficients, each counted once. */
  readonly vectors: number;
  readonly codeWords: number;
  readonly controlWords: number;
}

/** What commands and host addresses reach. */
const REACH = {
  rows: 2 ** 16 - 1,
  fields: 2 ** 16,
  messages: 2 ** 16,
  synapses: 2 ** 19,
  scales: 16,
  vectors: 256,
};

/** The core with room for a network: its memories grow where they must. */
export function withRoom(core: CoreConfiguration, room: Room): CoreConfiguration {
  const messageAddress = Math.max(
    core.messageAddress,
    bitsFor(Math.max(1, room.messages)) + core.frameBits,
  );
  return {
    ...core,
    messageAddress,
    paletteBits: core.paletteBits > 0 ? Math.max(core.paletteBits, bitsFor(room.vectors)) : 0,
    // Addresses of weights are no shorter than those of messages.
    weightWords: Math.max(core.weightWords, room.weightWords, 2 ** messageAddress),
    fieldWords: Math.max(core.fieldWords, room.fieldWords),
    codeWords: Math.max(core.codeWords, room.codeWords),
    controlWords: Math.max(core.controlWords, room.controlWords),
  };
}

const SMALLER = 'make populations smaller, or use two chips';
const SHARED = 'share coefficients (--palette) or make them narrower (--coefficient-bits)';

/** PL3057 for what no core can have, because words of commands or addresses of hosts end. */
export function checkReach({
  configuration,
  fixed,
}: {
  readonly configuration: CoreConfiguration;
  readonly fixed: FixedNetwork;
}): void {
  const { lanes, weightWords, fieldWords, messageAddress, scales, paletteBits } = configuration;
  const bag = new DiagnosticBag();
  const rows = Math.max(0, ...fixed.populations.map((p) => p.size));
  const check = (need: number, most: number, what: string, help = SMALLER): void => {
    if (need <= most) return;
    const message = `${fixed.name} takes ${need} ${what}; the core addresses ${most}`;
    bag.add(diagnostic('PL3057', message, { help }));
  };
  check(rows, REACH.rows, 'neurons in one population');
  check(weightWords * lanes, REACH.synapses, 'synapses, rows and lanes filled up');
  check(fieldWords, REACH.fields, 'words of neuron variables');
  check(2 ** messageAddress, REACH.messages, 'messages of all frames');
  check(2 ** paletteBits, REACH.vectors, 'vectors of coefficients in its palette', SHARED);
  check(
    synapseBits(configuration),
    HOST_BITS,
    'bits of coefficients and presence of a synapse',
    SHARED,
  );
  check(scales, REACH.scales, 'projections that are normalised');
  bag.finish();
}

const sizeOf = ({ populations }: FixedNetwork, name: string): number =>
  populations.find((p) => p.name === name)!.size;

/** Bits that tell so many apart. */
const bitsFor = (count: number): number => Math.max(1, Math.ceil(Math.log2(count)));
