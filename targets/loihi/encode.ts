import type {
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  Group,
} from '../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../compiler/levels/micro/micro.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramGroup,
  ProgramSource,
  ProgramTable,
} from '../../compiler/levels/program/program.js';
import { type Capabilities, type EncodeOptions, sumOfProductsOf } from '../../compiler/target.js';
import { assembleProgram, sourcesOf } from '../program/assemble.js';
import { type BlockSynapses, cutProjection } from '../program/cut.js';
import { encodeLearningKernel, type SourceOf } from './learning-encoder.js';
import type { LearningSource } from './learning-instructions.js';
import { type EncodedCode, encodeNeuronKernel, type FieldPlace } from './neuron-encoder.js';

/** Lays out cores, memories and code for one target of the family. */
export function encodeLoihi(
  target: string,
  capabilities: Capabilities,
  micro: MicroProgram,
  options: EncodeOptions,
): Program {
  return new Layout(target, capabilities, micro).program(options);
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

  program(options: EncodeOptions): Program {
    const { fixed } = this;
    const indices = [...new Set(fixed.groups.map((g) => g.core))].sort((a, b) => a - b);
    const cores = indices.map((index) => this.core(index));
    return assembleProgram(
      {
        target: this.target,
        capabilities: this.capabilities,
        fixed,
        parameters: [],
        cores,
        sources: this.sources,
        sentTraces: (population) => this.sentTraces(population),
        fieldIndex: (population, field) =>
          memoryFields(population).findIndex((f) => f.name === field),
      },
      options,
    );
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
    this.sources.push(...sourcesOf(index, 'neuron', neuronCode.origins));
    this.sources.push(...sourcesOf(index, 'learning', learningCode.origins));
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
    return encodeLearningKernel(kernel, source, words, sumOfProductsOf(this.capabilities), code);
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
