import type { RuleModel } from '../../../src/equations/model.js';
import { namesOf } from '../../../src/equations/names.js';
import type { Network, Population, Projection } from '../../../src/network/network.js';
import { phases, populationOrder } from '../../../src/network/order.js';
import { extremesOf } from '../../analysis/extremes.js';
import { combine, integer, type Ranged, read } from '../../analysis/ranged.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { NOWHERE, unreachable } from '../../diagnostics/diagnostic.js';
import type {
  FixedField,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
  FixedUpdate,
} from '../../levels/fixed/fixed.js';
import { maximumOf, minimumOf, printFormat, toReal } from '../../levels/numbers/format.js';
import { realsIn } from '../../levels/numbers/integers.js';
import { toInteger } from '../../levels/numbers/rounding.js';
import type { PlacedNetwork } from '../../levels/placed.js';
import type { Pass, PassContext } from '../../pass.js';
import type { NeuronArithmetic } from '../../target.js';
import { assemble, refuseStated } from './assemble.js';
import { lossOf, warnOfLoss } from './coefficients.js';
import { declareExports, type Exports } from './exports.js';
import { convertWithin } from './expression.js';
import { largestSeen, tagFormat, traceFormatOf, weightFormat } from './formats.js';
import { quantiseMultiplyAdd } from './multiply-add/quantise.js';
import { type IncomingCurrent, quantiseNeuron } from './neuron.js';
import { magnitude, type ProjectionPlan, planProjection, weightField } from './plan.js';
import { noteFormat, rangeSeen } from './report.js';
import { quantiseRule, type RuleScope, type TraceFormat, taggedFormat } from './rule.js';

export const quantise: Pass<PlacedNetwork, FixedNetwork> = {
  name: 'quantise',
  about: `Gives every value a format and every rounding a place.
What: variables, payloads, traces, weights and coefficients become integers; expressions become exact integer
arithmetic with explicit conversions, in the order in which the target performs them.
Why: from here on every machine must agree bit for bit.
Before: dw = k0 * x * y with real numbers. After: weight = convert<s8.7, stochastic>(weight·2^7 + ((m·x·y) >> 3) << e).`,
  needs: ['folded', 'legal', 'tagged', 'placed'],
  keeps: ['folded', 'legal', 'tagged', 'placed'],
  gives: ['fixed'],
  run: (level, context) => {
    const { learning } = context.capabilities;
    switch (learning.kind) {
      case 'sum-of-products':
        return new Quantiser(level, context).run();
      case 'multiply-add':
        return quantiseMultiplyAdd(level, context);
      default:
        return unreachable(learning);
    }
  },
};

class Quantiser {
  private readonly network: Network;
  private readonly plans: readonly ProjectionPlan[];
  private readonly exports = new Map<string, Exports>();
  private readonly populations = new Map<string, FixedPopulation>();

  constructor(
    private readonly level: PlacedNetwork,
    private readonly context: PassContext,
  ) {
    this.network = level.network;
    this.plans = this.network.projections.map((p) =>
      planProjection(this.network, p, weightFormat(context, p)),
    );
  }

  run(): FixedNetwork {
    const { network } = this;
    const phase = phases(network);
    const order = populationOrder(network);
    // Traces of later populations are needed by rules only, so one sweep in phase order is enough; a delayed
    // projection may run backwards, and its payload format must then be known before its population is lowered.
    for (const population of order) {
      this.exports.set(
        population.name,
        declareExports(network, population, this.plans, this.context),
      );
    }
    for (const population of order) this.lowerPopulation(population, phase.get(population.name)!);
    const projections = this.plans.map((plan, index) => this.lowerProjection(plan, index));
    return assemble(this.level, {
      populations: this.populations,
      projections,
      payload: (name) => this.exports.get(name)!.payload.format,
      modulator: () => ({ format: this.modulator().format, offset: this.modulator().offset }),
    });
  }

  private lowerPopulation(population: Population, phase: number): void {
    const { name, size, neuron } = population;
    const { payload, traces } = this.exports.get(name)!;
    const origin = neuron?.updates[0]?.origin ?? NOWHERE;
    const fields: FixedField[] = [];
    const updates: FixedUpdate[] = [];
    const values = new Map<string, Ranged>();
    if (neuron) {
      const lowered = quantiseNeuron(population, neuron, this.currentsOf(name), this.context);
      fields.push(...lowered.fields);
      updates.push(...lowered.updates);
      for (const [variable, value] of lowered.values) values.set(variable, value);
      if (this.plans.some((p) => p.projection.pre === name)) {
        const value = values.get(neuron.value)!;
        const { registerBits } = this.context.capabilities.neuron;
        const sent = convertWithin(value, payload.format, NEAREST, registerBits, value.e.origin);
        fields.push({
          name: payload.field,
          role: 'payload',
          format: payload.format,
          initial: 0,
          symbol: undefined,
        });
        updates.push({ target: payload.field, value: sent.e, origin: value.e.origin });
      }
    } else {
      fields.push({
        name: 'value',
        role: 'payload',
        format: payload.format,
        initial: 0,
        symbol: 'value',
      });
      values.set('value', read('value', payload.format, origin));
    }
    for (const [variable, trace] of traces) {
      fields.push({
        name: trace.field,
        role: 'trace',
        format: trace.stored,
        initial: trace.offset,
        symbol: undefined,
        signal: { format: trace.format, offset: trace.offset },
      });
      updates.push({
        target: trace.field,
        value: storeTrace(values.get(variable)!, trace, this.context.capabilities.neuron),
        origin,
      });
    }
    this.populations.set(name, { name, size, input: neuron === undefined, phase, fields, updates });
  }

  private currentsOf(population: string): IncomingCurrent[] {
    const { accumulatorBits } = this.context.capabilities.neuron;
    return this.plans
      .filter((plan) => plan.projection.post === population)
      .map((plan) => {
        const { payload } = this.exports.get(plan.projection.pre)!;
        const format = {
          signed: true,
          width: accumulatorBits,
          fraction: plan.weight.fraction + payload.format.fraction,
        };
        const most = plan.fanIn * magnitude(plan.weight) * magnitude(payload.format);
        const safe = most <= maximumOf(format);
        if (!safe) {
          const message = `the current of ${plan.projection.name} can pass ${printFormat(format)} with ${plan.fanIn} synapses on one neuron; it then wraps`;
          this.context.report(diagnostic('PL2004', message));
        }
        const range: [number, number] = safe
          ? [-most, most]
          : [minimumOf(format), maximumOf(format)];
        noteFormat(this.context, `current of ${plan.projection.name}`, format, {
          seen: null,
          proved: [toReal(range[0], format), toReal(range[1], format)],
          exact: true,
        });
        return { field: `I:${plan.projection.name}`, format, range };
      });
  }

  private lowerProjection(plan: ProjectionPlan, index: number): FixedProjection {
    const { projection, columns, rowStart, weight } = plan;
    const { payload } = this.exports.get(projection.pre)!;
    const weights = weightField(projection, weight);
    noteFormat(this.context, `${projection.name}.w`, weight, {
      seen: rangeSeen(this.context, 'weight', projection.name, 'w'),
      proved: null,
    });
    const rule = projection.rule;
    if (rule) refuseStated(projection.name, rule, 'traces, weights and tags', this.context);
    const variables = rule ? rule.variables.filter((v) => isUsed(rule, v.name)) : [];
    const fields = variables.map((v): FixedField => {
      const format = tagFormat(this.context, projection.name, v.name, v.initial);
      noteFormat(this.context, `${projection.name}.${v.name}`, format, {
        seen: rangeSeen(this.context, 'synapse', projection.name, v.name),
        proved: null,
      });
      return {
        name: `tag:${v.name}`,
        role: 'variable',
        format,
        initial: toInteger(v.initial, format),
        symbol: v.name,
      };
    });
    const scope = rule && {
      context: this.context,
      projection,
      rule,
      weight: weights,
      fields,
      columns,
      signal: (name: string) => this.signal(projection, name),
      modulator: this.modulator(),
      tagged: undefined,
    };
    const tagged = scope && this.tagged(scope);
    const learns = rule?.dw !== undefined || rule?.updates.some((u) => !u.local);
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
      payload: payload.field,
      accumulator: `I:${projection.name}`,
      fields: tagged ? [...fields, tagged.field] : fields,
      rule: scope && learns ? quantiseRule({ ...scope, tagged }) : undefined,
      scale: undefined,
    };
  }

  /** The field of a coefficient that each synapse holds itself. */
  private tagged(scope: RuleScope): RuleScope['tagged'] {
    const { projection } = scope;
    const parameter = this.level.tags[projection.name];
    const values = parameter === undefined ? undefined : projection.parameters[parameter];
    if (parameter === undefined || values === undefined || typeof values === 'number') {
      return undefined;
    }
    const [low, high] = extremesOf(values);
    const format = taggedFormat(scope, parameter, Math.max(-low, high));
    noteFormat(this.context, `${projection.name} ${parameter} in the tag`, format, {
      seen: [low, high],
      proved: null,
    });
    const initial = realsIn(values, format);
    const loss = lossOf(values, initial, 2 ** format.fraction);
    const { origin } = scope.rule.parameters.find((p) => p.name === parameter)!;
    const what = {
      ...loss,
      where: `${projection.name}: of ${loss.of} values of ${parameter} in the tag`,
    };
    warnOfLoss(this.context, what, { step: 2 ** -format.fraction, span: origin });
    const field: FixedField = {
      name: `tag:${parameter}`,
      role: 'parameter',
      format,
      initial,
      symbol: undefined,
    };
    return { parameter, field };
  }

  private signal(projection: Projection, name: string): TraceFormat {
    const binding = projection.bindings.find((b) => b.signal === name)!;
    const owner = binding.side === 'pre' ? projection.pre : projection.post;
    const trace = this.exports.get(owner)!.traces.get(binding.variable)!;
    return { ...trace, field: `${binding.side}.${trace.field}` };
  }

  private modulator(): TraceFormat {
    const largest = largestSeen(this.context, 'variable', 'modulator', 'm', 1);
    return traceFormatOf(this.context, 'modulator', largest, true);
  }
}

const NEAREST = { rounding: 'nearest', overflow: 'saturate' } as const;

/** The value in the trace's format, with the offset added: what the register holds. */
function storeTrace(
  value: Ranged,
  trace: TraceFormat,
  { registerBits }: Pick<NeuronArithmetic, 'registerBits'>,
): Ranged['e'] {
  const { origin } = value.e;
  const rounded = convertWithin(value, trace.format, NEAREST, registerBits, origin);
  if (trace.offset === 0) return rounded.e;
  const whole = {
    ...rounded,
    e: {
      kind: 'reinterpret',
      operand: rounded.e,
      origin,
      format: { ...rounded.e.format, fraction: 0 },
    } as const,
  };
  return combine('add', whole, integer(trace.offset, 0, origin), origin).e;
}

/** Whether a variable of a rule is assigned or read. */
function isUsed(rule: RuleModel, name: string): boolean {
  const { dw, updates } = rule;
  const read = [...updates.map((u) => u.value), ...(dw ? [dw] : [])].some((e) =>
    [...namesOf(e)].includes(name),
  );
  return read || updates.some((u) => u.target === name);
}
