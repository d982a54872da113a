import type { WrittenPlace } from '../../../compiler/target.js';
import { symbolProbe } from '../../../runtime/probes.js';
import { frameWords } from '../configuration.js';
import { WRITE } from '../model/trace.js';
import { fieldIndex, placeAt } from '../pack/packed.js';
import type { LoadedGroup, LoadedProgram } from './loaded.js';

/** What a write of the core's trace wrote, from the upper word of its record. */
export function placeOf(loaded: LoadedProgram, high: number): WrittenPlace {
  const kind = (high >>> 28) & 7;
  const lane = (high >>> 22) & 63;
  const address = high & 0x3fffff;
  switch (kind) {
    case WRITE.weight:
    case WRITE.variable:
      return synapse(loaded, kind === WRITE.variable, lane, address);
    case WRITE.field:
      return field(loaded, lane, address);
    case WRITE.scale:
      return scale(loaded, address);
    default:
      return message(loaded, kind, lane, address);
  }
}

function synapse(
  { program, configuration, blocks }: LoadedProgram,
  isVariable: boolean,
  lane: number,
  word: number,
): WrittenPlace {
  const found = blocks.find(
    ({ sweep }) => word >= sweep.weights && word < sweep.weights + sweep.slots * sweep.rows,
  );
  const unknown = { place: `synapse word ${word} of lane ${lane}`, index: 0, probe: undefined };
  if (!found) return unknown;
  const { block, sweep } = found;
  const post = Math.floor((word - sweep.weights) / sweep.rows) * configuration.lanes + lane;
  const pre = (word - sweep.weights) % sweep.rows;
  const row = block.columns.subarray(block.rowStart[pre], block.rowStart[pre + 1]);
  const at = row.indexOf(post);
  const { name } = program.projections.find((p) => p.index === block.projection)!;
  const kinds = isVariable ? ['synapse'] : ['stored', 'weight'];
  const symbol = kinds
    .map((kind) => program.symbols.find((s) => s.kind === kind && s.owner === name))
    .find((s) => s !== undefined);
  if (at < 0 || !symbol) return unknown;
  return {
    place: `${isVariable ? symbol.name : 'weight'} of ${name}`,
    index: block.rowStart[pre]! + at,
    probe: symbolProbe(symbol),
  };
}

function field(
  { program, configuration, groups }: LoadedProgram,
  lane: number,
  address: number,
): WrittenPlace {
  const { page: word, bank } = placeAt(address);
  const found = groups.find(
    ({ neurons: n }) => word >= n.fields && word < n.fields + n.slots * n.pages,
  );
  if (!found) return { place: `field word ${word} of lane ${lane}`, index: 0, probe: undefined };
  const { group, neurons } = found;
  const within = word - neurons.fields;
  const index = fieldIndex({ page: within % neurons.pages, bank });
  const { name } = program.populations[group.population]!;
  const symbol = program.symbols.find(
    (s) => s.kind === 'variable' && s.owner === name && s.memory === 'field' && s.field === index,
  );
  return {
    place: `${symbol?.name ?? group.fields[index]!.name} of ${name}`,
    index: Math.floor(within / neurons.pages) * configuration.lanes + lane,
    probe: symbol && symbolProbe(symbol),
  };
}

function scale({ program, blocks }: LoadedProgram, index: number): WrittenPlace {
  const found = blocks.find(({ sweep }) => sweep.scale?.index === index);
  const name = program.projections.find((p) => p.index === found?.block.projection)?.name;
  return { place: `scale of ${name ?? index}`, index: 0, probe: undefined };
}

function message(
  { program, configuration, groups }: LoadedProgram,
  kind: number,
  lane: number,
  address: number,
): WrittenPlace {
  const what = kind === WRITE.payload ? 'payload' : `x${kind - WRITE.x0}`;
  const word = address % frameWords(configuration);
  const isIn = ({ neurons: n }: LoadedGroup): boolean =>
    word >= n.messages && word < n.messages + n.slots;
  const found = groups.find(isIn);
  if (!found) return { place: `${what} ${address} of lane ${lane}`, index: 0, probe: undefined };
  const { name } = program.populations[found.group.population]!;
  const index = (word - found.neurons.messages) * configuration.lanes + lane;
  return { place: `${what} of ${name}`, index, probe: undefined };
}
