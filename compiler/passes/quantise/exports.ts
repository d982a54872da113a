import type { NeuronModel } from '../../../src/equations/model.js';
import type { Network, Population } from '../../../src/network/network.js';
import type { Format } from '../../levels/numbers/format.js';
import type { PassContext } from '../../pass.js';
import { largestSeen, payloadBits, payloadFormat, traceFormatOf } from './formats.js';
import { magnitude, type ProjectionPlan } from './plan.js';
import { noteFormat, rangeSeen } from './report.js';
import type { TraceFormat } from './rule.js';

/** How a population appears to others once its own equations are lowered. */
export interface Exports {
  readonly payload: { readonly field: string; readonly format: Format; readonly largest: number };
  readonly traces: ReadonlyMap<string, TraceFormat>;
}

/** Messages of a population: narrow enough that no accumulator that they feed can overflow, where that is possible. */
export function declareExports(
  network: Network,
  population: Population,
  plans: readonly ProjectionPlan[],
  context: PassContext,
): Exports {
  const outgoing = plans.filter((plan) => plan.projection.pre === population.name);
  const gains = outgoing.map((plan) => plan.fanIn * magnitude(plan.weight));
  const bits = payloadBits(context, gains);
  const variable = population.neuron?.value ?? 'value';
  const port = network.inputs.find((p) => p.population === population.name);
  const seen = largestSeen(context, 'variable', population.name, variable, 4);
  const largest = Number.isFinite(port?.clip ?? Infinity) ? port!.clip : seen;
  const whole = population.neuron !== undefined && isEvent(population.neuron, variable);
  const graded = context.capabilities.neuron.gradedPayloads;
  const format = whole
    ? { signed: true, width: 2, fraction: 0 }
    : graded
      ? payloadFormat(bits, largest)
      : { signed: false, width: 1, fraction: 0 };
  // Names with a colon cannot clash with those of an equation.
  const field = population.neuron ? `payload:${variable}` : 'value';
  if (outgoing.length > 0) {
    noteFormat(context, `${population.name} messages`, format, {
      seen: rangeSeen(context, 'variable', population.name, variable),
      proved: null,
      exact: whole,
    });
  }
  return {
    payload: { field, format, largest },
    traces: declareTraces(population, plans, context),
  };
}

function declareTraces(
  population: Population,
  plans: readonly ProjectionPlan[],
  context: PassContext,
): Map<string, TraceFormat> {
  const traces = new Map<string, TraceFormat>();
  for (const { projection } of plans) {
    for (const binding of projection.bindings) {
      const owner = binding.side === 'pre' ? projection.pre : projection.post;
      if (owner !== population.name || traces.has(binding.variable)) continue;
      const seen = context.calibration.find('variable', population.name, binding.variable);
      const largest = largestSeen(context, 'variable', population.name, binding.variable, 1);
      const negative = seen ? seen.minimum < 0 : true;
      const field = `trace:${binding.variable}`;
      const trace = traceFormatOf(context, field, largest, negative);
      traces.set(binding.variable, trace);
      noteFormat(context, `trace of ${population.name}.${binding.variable}`, trace.format, {
        seen: rangeSeen(context, 'variable', population.name, binding.variable),
        proved: null,
      });
    }
  }
  return traces;
}

/** True when a variable begins with −1, 0 or 1 and every assignment gives one of them: a spike. */
export function isEvent(
  { updates: all, variables }: Pick<NeuronModel, 'updates' | 'variables'>,
  variable: string,
): boolean {
  const initial = variables.find((v) => v.name === variable)?.initial ?? 0;
  if (![-1, 0, 1].includes(initial)) return false;
  const updates = all.filter((u) => u.target === variable);
  return updates.every(({ value: e }) => {
    if (e.kind === 'number') return [0, 1].includes(e.value);
    if (e.kind === 'call') return e.function === 'sign';
    return (
      e.kind === 'binary' && ['<', '<=', '>', '>=', '==', '!=', 'and', 'or'].includes(e.operator)
    );
  });
}
