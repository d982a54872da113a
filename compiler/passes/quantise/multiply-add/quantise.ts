import type { RuleModel } from '../../../../src/equations/model.js';
import type { Network, Population, Projection } from '../../../../src/network/network.js';
import { phases, populationOrder } from '../../../../src/network/order.js';
import { read } from '../../../analysis/ranged.js';
import { NOWHERE, type Span } from '../../../diagnostics/diagnostic.js';
import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../../../levels/fixed/fixed.js';
import { type Format, maximumOf, signed, toReal } from '../../../levels/numbers/format.js';
import { toInteger } from '../../../levels/numbers/rounding.js';
import type { PlacedNetwork } from '../../../levels/placed.js';
import type { PassContext } from '../../../pass.js';
import { multiplyAddOf } from '../../../target.js';
import { assemble, refuseStated } from '../assemble.js';
import { HEADROOM, largestSeen, wholeBits } from '../formats.js';
import { parametersOf } from '../neuron.js';
import { type ProjectionPlan, planProjection, weightField } from '../plan.js';
import { noteFormat, rangeSeen } from '../report.js';
import { currentOf, scaleLeaf } from './current.js';
import { type Exported, exportsOf, inputExport } from './exports.js';
import { type LoweredNeuron, lowerNeuron } from './neuron.js';
import type { Leaf } from './polynomial.js';
import { quantiseRule } from './rule.js';
import { type NeuronFormats, neuronFormats } from './variable-formats.js';
import { lazyKind, weightBound, weightFormatOf } from './weights.js';

/** A network as instructions that multiply once and add once (`MultiplyAddArithmetic`). */
export function quantiseMultiplyAdd(level: PlacedNetwork, context: PassContext): FixedNetwork {
  return new Quantiser(level, context).run();
}

class Quantiser {
  private readonly network: Network;
  private readonly plans: readonly ProjectionPlan[];
  private readonly neurons = new Map<string, NeuronFormats>();
  private readonly exports = new Map<string, Exported>();
  private readonly populations = new Map<string, FixedPopulation>();

  constructor(
    private readonly level: PlacedNetwork,
    private readonly context: PassContext,
  ) {
    this.network = level.network;
    this.plans = this.network.projections.map((p) =>
      planProjection(this.network, p, weightFormatOf(context, p)),
    );
  }

  run(): FixedNetwork {
    const { network } = this;
    const phase = phases(network);
    const order = populationOrder(network);
    // Formats first: a projection with a delay may run backwards.
    for (const population of order) this.chooseFormats(population);
    for (const population of order) this.lowerPopulation(population, phase.get(population.name)!);
    const projections = this.plans.map((plan, index) => this.lowerProjection(plan, index));
    return assemble(this.level, {
      populations: this.populations,
      projections,
      payload: (name) => this.exports.get(name)!.format,
      modulator: () => ({ format: this.modulatorFormat(), offset: 0 }),
    });
  }

  private chooseFormats(population: Population): void {
    const { neuron, name } = population;
    const outgoing = this.plans.filter((p) => p.projection.pre === name);
    if (!neuron) {
      const port = this.network.inputs.find((p) => p.population === name);
      this.exports.set(name, inputExport(population, port?.clip, outgoing, this.context));
      return;
    }
    const parameters = parametersOf(neuron, population);
    const chosen = neuronFormats(
      population,
      neuron,
      parameters,
      this.currentBound(name),
      this.context,
    );
    this.neurons.set(name, chosen);
    this.exports.set(name, exportsOf(population, neuron, chosen, outgoing, this.context));
  }

  /** What the current of a population may reach: twice what was seen, else all that its synapses can add. */
  private currentBound(population: string): number {
    const seen = this.context.calibration.find('current', population, 'I');
    if (seen && seen.maximumAbsolute > 0) return HEADROOM * seen.maximumAbsolute;
    const own = this.plans.filter((p) => p.projection.post === population);
    const most = own.reduce((sum, { fanIn, projection }) => {
      const { pre } = projection;
      const value = this.network.populations.find((p) => p.name === pre)!.neuron?.value ?? 'value';
      const sent =
        this.exports.get(pre)?.bound ?? largestSeen(this.context, 'variable', pre, value, 1);
      return (
        sum + fanIn * sent * (lazyKind(projection) ? 1 : weightBound(this.context, projection))
      );
    }, 0);
    return most || 1;
  }

  private lowerPopulation(population: Population, phase: number): void {
    const { name, size, neuron } = population;
    const sent = this.exports.get(name)!;
    if (!neuron) {
      const fields = [sent.payload];
      this.populations.set(name, { name, size, input: true, phase, fields, updates: [] });
      return;
    }
    const parameters = parametersOf(neuron, population);
    const chosen = this.neurons.get(name)!;
    const origin = neuron.updates[0]?.origin ?? NOWHERE;
    const current = this.currentOf(name, chosen, origin);
    const lowered = lowerNeuron(population, neuron, parameters, chosen, current, this.context);
    const { fields, updates } = withMessage(lowered, sent);
    this.populations.set(name, { name, size, input: false, phase, fields, updates });
  }

  private currentOf(population: string, chosen: NeuronFormats, origin: Span) {
    const own = this.plans.filter((plan) => plan.projection.post === population);
    const bound = this.currentBound(population);
    const sources = own.map((plan) => {
      const { projection } = plan;
      const sent = this.exports.get(projection.pre)!;
      const scale = lazyKind(projection);
      const largest = weightBound(this.context, projection);
      // One of several may be larger than their sum.
      const share = (own.length > 1 ? 2 : 1) * bound;
      return {
        plan,
        payload: sent.format,
        payloadMagnitude: sent.magnitude,
        scale,
        scaleBound: 1 / largest,
        bound: scale ? share * largest : share,
      };
    });
    const { fraction } = chosen.formats.get('I')!;
    return currentOf(sources, bound, fraction, this.context, origin);
  }

  private lowerProjection(plan: ProjectionPlan, index: number): FixedProjection {
    const { projection, columns, rowStart, weight } = plan;
    const { context } = this;
    const weights = weightField(projection, weight);
    noteFormat(context, `${projection.name}.w`, weight, {
      seen: rangeSeen(context, 'weight', projection.name, 'w'),
      proved: null,
    });
    const { rule } = projection;
    if (rule) refuseStated(projection.name, rule, 'weights and variables', context);
    const fields = rule ? this.variablesOf(projection, rule) : [];
    const scale = lazyKind(projection);
    const learns = rule?.dw !== undefined || rule?.updates.some((u) => !u.local) || scale;
    const largest = weightBound(context, projection);
    return {
      name: projection.name,
      index,
      pre: projection.pre,
      post: projection.post,
      rowStart,
      columns,
      delay: projection.delay,
      weight: projection.weight,
      weights,
      payload: this.exports.get(projection.pre)!.payload.name,
      accumulator: `I:${projection.name}`,
      fields,
      rule:
        rule && learns
          ? quantiseRule({
              context,
              projection,
              rule,
              weight: weights,
              weightBound: largest,
              fields,
              columns,
              signal: (name, origin) => this.signal(projection, name, origin),
              modulator: (origin) => this.modulator(origin),
              scale: (origin) => (scale ? scaleLeaf('', weight, 1 / largest, origin) : undefined),
            })
          : undefined,
      scale,
    };
  }

  /** Fields of the per-synapse variables that a rule assigns. */
  private variablesOf({ name: owner }: Projection, rule: RuleModel): FixedField[] {
    const { context } = this;
    const { variableBits } = multiplyAddOf(context.capabilities);
    const assigned = rule.variables.filter((v) => rule.updates.some((u) => u.target === v.name));
    return assigned.map(({ name, initial }) => {
      const seen = largestSeen(context, 'synapse', owner, name, 1);
      const whole = wholeBits(Math.max(HEADROOM * seen, Math.abs(initial)));
      const format = signed(variableBits, variableBits - 1 - whole);
      noteFormat(context, `${owner}.${name}`, format, {
        seen: rangeSeen(context, 'synapse', owner, name),
        proved: null,
      });
      return {
        name: `synapse:${name}`,
        role: 'variable',
        format,
        initial: toInteger(initial, format),
        symbol: name,
      };
    });
  }

  /** A variable of a neuron as a rule reads it: the field itself. */
  private signal(projection: Projection, name: string, origin: Span): Leaf {
    const { side, variable } = projection.bindings.find((b) => b.signal === name)!;
    const population = this.populations.get(projection[side])!;
    const { format } = population.fields.find((f) => f.name === variable)!;
    const seen = rangeSeen(this.context, 'variable', population.name, variable);
    const most = toReal(maximumOf(format), format);
    const expected = seen ? HEADROOM * Math.max(...seen.map(Math.abs)) : most;
    return {
      key: `${side}.${variable}`,
      value: read(`${side}.${variable}`, format, origin),
      bound: expected > 0 ? Math.min(most, expected) : most,
      special: false,
      subtrahend: side === 'post',
    };
  }

  private modulator(origin: Span): Leaf {
    const format = this.modulatorFormat();
    const value = read('modulator', format, origin);
    const bound = toReal(maximumOf(format), format);
    return { key: 'm', value, bound, special: true, subtrahend: false };
  }

  private modulatorFormat(): Format {
    const { operandBits } = multiplyAddOf(this.context.capabilities);
    const largest = largestSeen(this.context, 'variable', 'modulator', 'm', 1);
    return signed(operandBits, operandBits - 1 - wholeBits(HEADROOM * largest));
  }
}

/** The neuron with what it sends, where that is no variable of its own. */
function withMessage({ fields, updates }: LoweredNeuron, sent: Exported): LoweredNeuron {
  if (!sent.narrowed) return { fields, updates };
  const { target } = sent.narrowed;
  return {
    fields: [...fields, { ...sent.payload, name: target }],
    updates: [...updates, sent.narrowed],
  };
}
