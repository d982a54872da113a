import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag } from '../../../compiler/diagnostics/diagnostic.js';
import type {
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../../../compiler/levels/fixed/fixed.js';
import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
import { type NeuronToPack, type PackedNeuron, packNeuron } from '../pack/neuron.js';
import { readsOf } from '../pack/packed.js';
import type { Instruction } from '../select/instruction.js';
import { accumulatorDumps, selectInstructions } from '../select/select.js';

/** Where the sum of a projection goes, and the bits that it loses. */
export interface Sum {
  readonly field: string;
  readonly shift: number;
}

/** The bit of the masks of learning that projections without a rule have: it is never set. */
export const NO_LEARNING = 15;

/** A network as instructions, before any core is chosen; what is the same for several cores is made once. */
export class SelectedNetwork {
  readonly fixed: FixedNetwork;
  /** Instructions of each rule, by projection. */
  readonly rules: ReadonlyMap<string, readonly Instruction[]>;
  /** By projection. */
  readonly sums: ReadonlyMap<string, Sum>;
  /** Projections that learn, in the order of their bits in the masks of learning. */
  readonly learning: readonly FixedProjection[];
  private readonly neurons: ReadonlyMap<string, readonly Instruction[]>;
  /** Projections that have a scale, in the order of their numbers. */
  private readonly scaled: readonly FixedProjection[];
  private readonly alreadyPacked = new Map<string, PackedNeuron>();

  /** Throws DiagnosticsError PL3010, PL3057, PL3058 for what no core can do. */
  constructor({ fixed, kernels }: MicroProgram) {
    this.fixed = fixed;
    const [neurons, rules] = (['neuron', 'synapse'] as const).map((kind) =>
      kernels.filter((k) => k.kind === kind),
    );
    const selected = (of: typeof kernels): ReadonlyMap<string, readonly Instruction[]> =>
      new Map(of.map((k) => [k.owner, selectInstructions(k, fixed)]));
    this.neurons = selected(neurons!);
    this.rules = selected(rules!);
    const dumps = neurons!.flatMap((k) => accumulatorDumps(k, fixed));
    this.sums = new Map(dumps.map(({ projection, ...sum }) => [projection, sum]));
    this.learning = fixed.projections.filter((p) => this.rules.has(p.name));
    this.scaled = fixed.projections.filter((p) => p.scale !== undefined);
    this.check();
  }

  /** Projections with a scale. */
  get scales(): number {
    return this.scaled.length;
  }

  /** The number of a projection's scale. */
  scaleOf(projection: string): number {
    return this.scaled.findIndex((p) => p.name === projection);
  }

  /** Fields that a population sends for learning: what rules read of it as the presynaptic one. */
  sentBy(population: string): readonly string[] {
    const reads = this.learning
      .filter((p) => p.pre === population)
      .flatMap((p) => this.rules.get(p.name)!.flatMap(readsOf));
    return [...new Set(reads.flatMap((o) => (o.kind === 'pre' ? [o.name] : [])))];
  }

  /** The neuron program of a population for lanes of so many units. Throws DiagnosticsError PL3055, PL3056. */
  packed(population: FixedPopulation, units: number): PackedNeuron {
    const key = `${units} ${population.name}`;
    const known = this.alreadyPacked.get(key);
    if (known) return known;
    const made = packNeuron(this.toPack(population), units, {
      scale: (projection) => this.scaleOf(projection),
    });
    this.alreadyPacked.set(key, made);
    return made;
  }

  private toPack({ name, fields }: FixedPopulation): NeuronToPack {
    const { projections } = this.fixed;
    const incoming = projections.filter((p) => p.post === name);
    const payload = projections.find((p) => p.pre === name)?.payload;
    const kept = fields.filter((f) => f.role !== 'current' && f.role !== 'local');
    return {
      name,
      instructions: this.neurons.get(name) ?? [],
      kept: kept.map((f) => f.name),
      sums: incoming.map((p) => this.sums.get(p.name)!.field),
      sent: [...new Set([...(payload === undefined ? [] : [payload]), ...this.sentBy(name)])],
      read: incoming.flatMap((p) => {
        const reads = this.rules.get(p.name)?.flatMap(readsOf);
        return reads
          ? [[...new Set(reads.flatMap((o) => (o.kind === 'field' ? [o.name] : [])))]]
          : [];
      }),
    };
  }

  private check(): void {
    const bag = new DiagnosticBag();
    for (const { name, weight, delay } of this.fixed.projections) {
      if (weight !== 'send' || delay === 0) continue;
      const message = `${name} weighs messages as they are sent and delays them by steps; the core delays messages and weighs them as they arrive`;
      bag.add(diagnostic('PL3058', message, { help: 'give it weights that count at arrival' }));
    }
    if (this.learning.length > NO_LEARNING) {
      const message = `${this.learning.length} projections learn; the core tells ${NO_LEARNING} apart`;
      bag.add(diagnostic('PL3057', message, { help: 'give some of them fixed weights' }));
    }
    bag.finish();
  }
}
