import { capabilitiesHash } from '../../compiler/capabilities.js';
import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type { FixedNetwork, FixedPopulation } from '../../compiler/levels/fixed/fixed.js';
import { signed } from '../../compiler/levels/numbers/format.js';
import { MANTISSA_FORMAT } from '../../compiler/levels/numbers/scale.js';
import { checkProgram } from '../../compiler/levels/program/check.js';
import {
  PROGRAM_VERSION,
  type Program,
  type ProgramCore,
  type ProgramParameter,
  type ProgramPlace,
  type ProgramRoute,
  type ProgramSource,
  type ProgramSymbol,
} from '../../compiler/levels/program/program.js';
import { sha256 } from '../../compiler/levels/program/sha256.js';
import type { Capabilities, EncodeOptions } from '../../compiler/target.js';

type Field = FixedPopulation['fields'][number];

/** What a family's encoder made of a network. */
export interface EncodedParts {
  readonly target: string;
  readonly capabilities: Capabilities;
  readonly fixed: FixedNetwork;
  readonly parameters: readonly ProgramParameter[];
  readonly cores: readonly ProgramCore[];
  readonly sources: readonly ProgramSource[];
  /** Fields of a population that travel for learning, in the order of its x registers. */
  sentTraces(population: FixedPopulation): readonly Field[];
  /** The index of a field in the groups of its population. */
  fieldIndex(population: FixedPopulation, field: string): number;
}

/** The whole Program around its cores: ports, routes, symbols, provenance. */
export function assembleProgram(parts: EncodedParts, { tool, provenance }: EncodeOptions): Program {
  const { fixed, cores } = parts;
  const { network, calibration, options } = provenance;
  const indexOf = (name: string): number => fixed.populations.findIndex((p) => p.name === name);
  const program: Program = {
    kind: 'program',
    version: PROGRAM_VERSION,
    tool,
    target: parts.target,
    capabilities: capabilitiesHash(parts.capabilities),
    name: fixed.name,
    parameters: parts.parameters,
    phases: 1 + Math.max(0, ...fixed.populations.map((p) => p.phase)),
    populations: fixed.populations.map((p) => ({
      name: p.name,
      size: p.size,
      input: p.input,
      phase: p.phase,
      payloadFormat: payloadFormat(p, fixed),
      traces: parts.sentTraces(p).map(({ format, signal, initial }) => ({
        format: signal?.format ?? format,
        offset: signal?.offset ?? 0,
        initial: typeof initial === 'number' ? initial : 0,
      })),
    })),
    projections: fixed.projections.map(({ name, index }) => ({ name, index })),
    inputs: fixed.inputs.map((port) => ({
      ...port,
      population: indexOf(port.population),
      field: 0,
    })),
    outputs: fixed.outputs.map((port) => {
      const population = indexOf(port.population);
      const field = parts.fieldIndex(fixed.populations[population]!, port.field);
      return { ...port, population, field };
    }),
    modulator: fixed.modulator,
    cores,
    routes: routesOf(fixed, cores),
    symbols: symbolsOf(parts),
    sources: parts.sources,
    provenance: {
      network,
      calibration,
      options,
      hashes: [network, calibration, options].map((text) => sha256(text)),
    },
  };
  return checkProgram(program, 'program');
}

/** The text behind the words of a memory, as a source map. */
export function sourcesOf(
  core: number,
  memory: ProgramSource['memory'],
  origins: readonly (Span | undefined)[],
): ProgramSource[] {
  return origins.flatMap((origin, address) => {
    if (!origin) return [];
    const { file, line, column, length } = origin;
    return [{ core, memory, address, file, line, column, length }];
  });
}

/** What messages of a population carry; one bit where nobody listens. */
function payloadFormat({ name, fields }: FixedPopulation, { projections }: FixedNetwork) {
  const sent = projections.find((p) => p.pre === name)?.payload;
  const field = fields.find((f) => f.role === 'payload') ?? fields.find((f) => f.name === sent);
  return field?.format ?? signed(1, 0);
}

function routesOf({ populations }: FixedNetwork, cores: readonly ProgramCore[]): ProgramRoute[] {
  return populations.flatMap((_, population) => {
    const listening = cores.filter((c) => c.blocks.some((b) => b.pre === population));
    return listening.length > 0 ? [{ population, cores: listening.map((c) => c.index) }] : [];
  });
}

function symbolsOf({ fixed, cores, fieldIndex }: EncodedParts): ProgramSymbol[] {
  const placesOf = (holds: (core: ProgramCore) => readonly boolean[]): ProgramPlace[] =>
    cores.flatMap((core) =>
      holds(core).flatMap((there, index) => (there ? [{ core: core.index, index }] : [])),
    );
  const variables = fixed.populations.flatMap((p, index) =>
    p.fields.flatMap((f): ProgramSymbol[] => {
      if (f.symbol === undefined) return [];
      const places = placesOf((core) => core.groups.map((g) => g.population === index));
      return [
        {
          kind: 'variable',
          owner: p.name,
          name: f.symbol,
          memory: p.input ? 'payload' : 'field',
          field: p.input ? 0 : fieldIndex(p, f.name),
          format: f.format,
          places,
        },
      ];
    }),
  );
  const synapses = fixed.projections.flatMap((p): ProgramSymbol[] => {
    const places = placesOf((core) => core.blocks.map((b) => b.projection === p.index));
    const shared = { owner: p.name, field: 0, places } as const;
    const { format } = p.weights;
    return [
      { ...shared, kind: 'weight', name: 'w', memory: 'weights', format },
      ...(p.scale === undefined
        ? []
        : ([
            { ...shared, kind: 'stored', name: 'w', memory: 'weights', format },
            { ...shared, kind: 'scale', name: 'r', memory: 'scale', format: MANTISSA_FORMAT },
          ] as const)),
      ...p.fields.flatMap(({ symbol, format: own }): ProgramSymbol[] =>
        symbol === undefined
          ? []
          : [{ ...shared, kind: 'synapse', name: symbol, memory: 'tags', format: own }],
      ),
    ];
  });
  return [...variables, ...synapses];
}
