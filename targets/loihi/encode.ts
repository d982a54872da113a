import { capabilitiesHash } from '../../compiler/capabilities.js';
import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type {
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  Group,
} from '../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import { signed } from '../../compiler/levels/numbers/format.js';
import { checkProgram } from '../../compiler/levels/program/check.js';
import {
  PROGRAM_VERSION,
  type Program,
  type ProgramBlock,
  type ProgramCore,
  type ProgramGroup,
  type ProgramPlace,
  type ProgramRoute,
  type ProgramSource,
  type ProgramSymbol,
  type ProgramTable,
} from '../../compiler/levels/program/program.js';
import { sha256 } from '../../compiler/levels/program/sha256.js';
import type { Capabilities, EncodeOptions } from '../../compiler/target.js';
import { type BlockSynapses, cutProjection } from './cut.js';
import { encodeLearningKernel, type SourceOf } from './learning-encoder.js';
import type { LearningSource } from './learning-instructions.js';
import { type EncodedCode, encodeNeuronKernel, type FieldPlace } from './neuron-encoder.js';

/** Lays out cores, memories and code for one target of the family. */
export function encodeLoihi(
  target: string,
  capabilities: Capabilities,
  micro: MicroProgram,
  { tool, provenance }: EncodeOptions,
): Program {
  return new Layout(target, capabilities, micro).program(tool, provenance);
}

class Layout {
  private readonly fixed: FixedNetwork;
  private readonly sources: ProgramSource[] = [];
  private readonly cuts = new Map<FixedProjection, ReadonlyMap<Group, BlockSynapses>>();

  constructor(
    private readonly target: string,
    private readonly capabilities: Capabilities,
    private readonly micro: MicroProgram,
  ) {
    this.fixed = micro.fixed;
  }

  program(tool: string, provenance: EncodeOptions['provenance']): Program {
    const { fixed } = this;
    const indices = [...new Set(fixed.groups.map((g) => g.core))].sort((a, b) => a - b);
    const cores = indices.map((index) => this.core(index));
    const { network, calibration, options } = provenance;
    const program: Program = {
      kind: 'program',
      version: PROGRAM_VERSION,
      tool,
      target: this.target,
      capabilities: capabilitiesHash(this.capabilities),
      name: fixed.name,
      parameters: [],
      phases: 1 + Math.max(0, ...fixed.populations.map((p) => p.phase)),
      populations: fixed.populations.map((p) => ({
        name: p.name,
        size: p.size,
        input: p.input,
        phase: p.phase,
        payloadFormat: p.fields.find((f) => f.role === 'payload')?.format ?? signed(1, 0),
        traces: this.sentTraces(p).map((field) => {
          const { format, offset } = field.signal!;
          return { format, offset, initial: field.initial as number };
        }),
      })),
      projections: fixed.projections.map(({ name, index }) => ({ name, index })),
      inputs: fixed.inputs.map((port) => ({
        ...port,
        population: this.indexOf(port.population),
        field: 0,
      })),
      outputs: fixed.outputs.map((port) => ({
        ...port,
        population: this.indexOf(port.population),
        field: memoryFields(this.population(port.population)).findIndex(
          (f) => f.name === port.field,
        ),
      })),
      modulator: fixed.modulator,
      cores,
      routes: this.routes(cores),
      symbols: this.symbols(cores),
      sources: this.sources,
      provenance: {
        network,
        calibration,
        options,
        hashes: [network, calibration, options].map((text) => sha256(text)),
      },
    };
    return checkProgram(program, 'program');
  }

  private core(index: number): ProgramCore {
    const neuronCode: EncodedCode = { words: [], origins: [] };
    const learningCode: EncodedCode = { words: [], origins: [] };
    const tables: ProgramTable[] = [];
    const placed = this.fixed.groups.filter((g) => g.core === index);
    const groups = placed.map((g) => this.group(g, neuronCode, tables));
    const blocks = placed.flatMap((g, at) =>
      this.fixed.projections
        .filter((p) => p.post === g.population)
        .map((p) => this.block(p, g, at, learningCode)),
    );
    this.note(index, 'neuron', neuronCode.origins);
    this.note(index, 'learning', learningCode.origins);
    return {
      index,
      neuronCode: neuronCode.words,
      learningCode: learningCode.words,
      controlCode: [],
      tables,
      groups,
      blocks,
    };
  }

  private group(group: Group, code: EncodedCode, tables: ProgramTable[]): ProgramGroup {
    const population = this.population(group.population);
    const fields = memoryFields(population);
    const kernel = this.micro.kernels.find(
      (k) => k.kind === 'neuron' && k.owner === population.name,
    )!;
    const sent = this.sentTraces(population).map((f) => f.name);
    const kept = this.keptTraces(population).map((f) => f.name);
    const place = (name: string): FieldPlace => ({
      field: fields.findIndex((f) => f.name === name),
      payload: population.fields.some((f) => f.name === name && f.role === 'payload'),
      x: sent.indexOf(name),
      y: kept.indexOf(name),
    });
    const entry = encodeNeuronKernel(kernel, place, code, tables);
    return {
      population: this.indexOf(population.name),
      first: group.first,
      count: group.count,
      phase: population.phase,
      entry,
      traces: kept.length,
      fields: fields.map((f) => ({
        name: f.name,
        format: f.format,
        clear: f.role === 'current',
        initial:
          typeof f.initial === 'number'
            ? [f.initial]
            : Array.from(f.initial.subarray(group.first, group.first + group.count)),
      })),
    };
  }

  /** The synapses of a projection that end on a group. */
  private block(
    projection: FixedProjection,
    group: Group,
    at: number,
    code: EncodedCode,
  ): ProgramBlock {
    const post = this.population(projection.post);
    return {
      projection: projection.index,
      pre: this.indexOf(projection.pre),
      group: at,
      ...this.cutsOf(projection).get(group)!,
      accumulator: memoryFields(post).findIndex((f) => f.name === projection.accumulator),
      delay: projection.delay,
      send: projection.weight === 'send',
      every: projection.rule?.every ?? 1,
      entry: projection.rule ? this.learning(projection, code) : -1,
      scale: projection.scale,
    };
  }

  private cutsOf(projection: FixedProjection): ReadonlyMap<Group, BlockSynapses> {
    const known = this.cuts.get(projection);
    if (known) return known;
    const groups = this.fixed.groups.filter((g) => g.population === projection.post);
    const made = cutProjection(projection, groups, this.population(projection.post).size);
    this.cuts.set(projection, made);
    return made;
  }

  private learning(projection: FixedProjection, code: EncodedCode): number {
    const kernel = this.micro.kernels.find(
      (k) => k.kind === 'synapse' && k.owner === projection.name,
    )!;
    const pre = this.sentTraces(this.population(projection.pre)).map((f) => `pre.${f.name}`);
    const post = this.keptTraces(this.population(projection.post)).map((f) => `post.${f.name}`);
    const tag = projection.fields[0]?.name;
    const source: SourceOf = (field) => {
      if (field === 'weight') return 'weight';
      if (field === tag) return 'tag';
      if (field === 'modulator') return 'y3';
      if (pre.includes(field)) return `x${pre.indexOf(field) + 1}` as LearningSource;
      return post.includes(field) ? (`y${post.indexOf(field) + 1}` as LearningSource) : undefined;
    };
    const words = mantissaNames(projection);
    return encodeLearningKernel(kernel, source, words, this.capabilities.learning, code);
  }

  /** Traces that presynaptic rules read: they travel in messages. */
  private sentTraces(population: FixedPopulation): FixedPopulation['fields'] {
    return this.tracesRead(population, 'pre');
  }

  /** Traces that postsynaptic rules read: they lie in y registers. */
  private keptTraces(population: FixedPopulation): FixedPopulation['fields'] {
    return this.tracesRead(population, 'post');
  }

  private tracesRead(population: FixedPopulation, side: 'pre' | 'post'): FixedPopulation['fields'] {
    const readers = this.fixed.projections.filter((p) => p.rule && p[side] === population.name);
    const kernels = readers.map((p) =>
      this.micro.kernels.find((k) => k.kind === 'synapse' && k.owner === p.name),
    );
    return population.fields.filter((field) => {
      const name = `${side}.${field.name}`;
      return (
        field.role === 'trace' &&
        kernels.some((k) => k?.operations.some((o) => o.kind === 'load' && o.field === name))
      );
    });
  }

  private routes(cores: readonly ProgramCore[]): ProgramRoute[] {
    return this.fixed.populations.flatMap((_, population) => {
      const listening = cores.filter((c) => c.blocks.some((b) => b.pre === population));
      return listening.length > 0 ? [{ population, cores: listening.map((c) => c.index) }] : [];
    });
  }

  private symbols(cores: readonly ProgramCore[]): ProgramSymbol[] {
    const { populations, projections } = this.fixed;
    const placesOf = (holds: (core: ProgramCore) => readonly boolean[]): ProgramPlace[] =>
      cores.flatMap((core) =>
        holds(core).flatMap((there, index) => (there ? [{ core: core.index, index }] : [])),
      );
    const groupsOf = (population: number): ProgramPlace[] =>
      placesOf((core) => core.groups.map((g) => g.population === population));
    const blocksOf = (projection: number): ProgramPlace[] =>
      placesOf((core) => core.blocks.map((b) => b.projection === projection));
    const variables = populations.flatMap((p, index) =>
      p.fields
        .filter((f) => f.symbol !== undefined)
        .map((f): ProgramSymbol => {
          const field = Math.max(0, memoryFields(p).indexOf(f));
          const memory = p.input ? 'payload' : 'field';
          return {
            kind: 'variable',
            owner: p.name,
            name: f.symbol!,
            memory,
            field,
            format: f.format,
            places: groupsOf(index),
          };
        }),
    );
    const synapses = projections.flatMap((p): ProgramSymbol[] => [
      {
        kind: 'weight',
        owner: p.name,
        name: 'w',
        memory: 'weights',
        field: 0,
        format: p.weights.format,
        places: blocksOf(p.index),
      },
      ...p.fields.flatMap(({ symbol, format }): ProgramSymbol[] =>
        symbol === undefined
          ? []
          : [
              {
                kind: 'synapse',
                owner: p.name,
                name: symbol,
                memory: 'tags',
                field: 0,
                format,
                places: blocksOf(p.index),
              },
            ],
      ),
    ]);
    return [...variables, ...synapses];
  }

  private note(core: number, memory: 'neuron' | 'learning', origins: readonly Span[]): void {
    for (const [address, { file, line, column, length }] of origins.entries()) {
      this.sources.push({ core, memory, address, file, line, column, length });
    }
  }

  private population(name: string): FixedPopulation {
    return this.fixed.populations.find((p) => p.name === name)!;
  }

  private indexOf(name: string): number {
    return this.fixed.populations.findIndex((p) => p.name === name);
  }
}

/** Fields that take memory in the group: messages and trace registers do not. */
function memoryFields(population: FixedPopulation): FixedPopulation['fields'] {
  return population.fields.filter((f) => f.role !== 'payload' && f.role !== 'trace');
}

/** Names of the mantissas, in word order. */
function mantissaNames(projection: FixedProjection): string[] {
  return projection.rule!.terms.flatMap((t) => t.words.map((w) => w.mantissa));
}
