import type { Expression } from '../../src/equations/ast.js';
import type { RuleModel } from '../../src/equations/model.js';
import { forEachNode, namesOf } from '../../src/equations/names.js';
import type { Network, Projection } from '../../src/network/network.js';
import { phases } from '../../src/network/order.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import { type Span, unreachable } from '../diagnostics/diagnostic.js';
import type { PassContext } from '../pass.js';

/** Reports what no pass can replace: delays, rules, traces, products, phases and payloads beyond the target's limits. */
export function checkLimits(network: Network, context: PassContext): void {
  const { capabilities, target, report } = context;
  for (const projection of network.projections) {
    const { delay } = capabilities.limits;
    if (projection.delay > delay.value) {
      report(
        diagnostic(
          'PL3004',
          `${projection.name} has delay ${projection.delay}; ${target} has at most ${delay.value}`,
          {
            help: `train again with a delay up to ${delay.value}, or relay it through a population`,
          },
        ),
      );
    }
    checkRule(projection, context);
  }
  checkTraces(network, context);
  checkOutputs(network, context);
  if (!capabilities.neuron.products) checkProducts(network, context);
  if (!capabilities.phases) checkPhases(network, context);
  if (!capabilities.neuron.gradedPayloads) checkPayloads(network, context);
}

function checkRule(
  { name, rule }: Projection,
  { capabilities, target, report }: PassContext,
): void {
  if (!rule) return;
  const assigned = rule.updates.filter((u) => !u.local);
  const variables = assigned.filter(
    (u, i) => assigned.findIndex((v) => v.target === u.target) === i,
  );
  if (variables.length > capabilities.learning.variables) {
    report(
      diagnostic(
        'PL3005',
        `the rule ${rule.name} of ${name} keeps ${variables.length} variables per synapse; ${target} has ${capabilities.learning.variables} (the tag)`,
        {
          span: variables[1]?.origin,
          help: 'keep slow quantities in the neurons, as traces',
        },
      ),
    );
  }
  for (const update of rule.updates) {
    if (!update.condition) continue;
    report(
      diagnostic(
        'PL3006',
        `the rule ${rule.name} has a condition; the learning engine of ${target} computes sums of products only`,
        {
          span: update.origin,
          help: 'multiply by a signal that is 0 or 1, computed in the neuron',
        },
      ),
    );
  }
  if (rule.usesModulator && !capabilities.modulator) {
    report(
      diagnostic(
        'PL3007',
        `the rule ${rule.name} reads the modulator m; no third factor reaches learning on ${target}`,
        { span: placeOf('m', rule), help: 'compile for loihi2' },
      ),
    );
  }
}

/** Where a rule first reads a name. */
function placeOf(name: string, { updates, dw }: RuleModel): Span | undefined {
  const places: Span[] = [];
  for (const e of [...updates.map((u) => u.value), ...(dw ? [dw] : [])]) {
    forEachNode(e, (node) => {
      if (node.kind === 'name' && node.name === name) places.push(node.origin);
    });
  }
  return places[0];
}

/** What rules read of neurons, against the registers that hold it. */
function checkTraces(network: Network, context: PassContext): void {
  const { learning } = context.capabilities;
  for (const { name } of network.populations) {
    const rulesOn = (side: 'pre' | 'post'): readonly Projection[] =>
      network.projections.filter((p) => p[side] === name && p.rule);
    checkRegisters(name, 'pre', rulesOn('pre'), context);
    const after = rulesOn('post');
    switch (learning.kind) {
      case 'sum-of-products':
        checkRegisters(name, 'post', after, context);
        break;
      case 'multiply-add':
        // Fields of the neuron itself, of which each projection reads its own.
        for (const p of after) checkRegisters(name, 'post', [p], context);
        break;
      default:
        unreachable(learning);
    }
  }
}

/** Registers on one side of a population; where they are trace registers a modulator takes one of them, too. */
function checkRegisters(
  name: string,
  side: 'pre' | 'post',
  rules: readonly Projection[],
  { capabilities, target, report }: PassContext,
): void {
  const { learning } = capabilities;
  const read = new Set(
    rules.flatMap((p) => p.bindings.filter((b) => b.side === side).map((b) => b.variable)),
  );
  const isShared = learning.kind === 'sum-of-products' && side === 'post';
  const modulated = isShared && rules.some((p) => p.rule!.usesModulator) ? 1 : 0;
  const most = learning.traces[side];
  if (read.size + modulated <= most) return;
  const which = [...read].join(', ') + (modulated ? ' and the modulator' : '');
  const [first] = rules;
  const one = first?.bindings.find((b) => b.side === side);
  report(
    diagnostic(
      'PL3008',
      `rules read ${which} of ${name} on the ${side}synaptic side; ${target} has ${most} registers there`,
      {
        span: first?.rule?.signals.find((q) => q.name === one?.signal)?.origin,
        help: 'combine them into one trace in the neuron, or split the population',
      },
    ),
  );
}

function checkOutputs(network: Network, { target, report }: PassContext): void {
  for (const { population: name } of network.outputs) {
    if (network.populations.some((p) => p.name === name && p.neuron)) continue;
    report(
      diagnostic('PL3015', `the output ${name} reads an input, which lies outside of ${target}`, {
        help: 'read it where it is made, or send it through a neuron: value <- I',
      }),
    );
  }
}

function checkProducts(network: Network, { target, report }: PassContext): void {
  const neurons = new Map(
    network.populations.flatMap((p) => (p.neuron ? [[p.neuron.name, p.neuron] as const] : [])),
  );
  for (const neuron of neurons.values()) {
    const constants = new Set(neuron.parameters.map((p) => p.name));
    const varies = (e: Expression): boolean => [...namesOf(e)].some((name) => !constants.has(name));
    for (const { value, condition } of neuron.updates) {
      for (const whole of condition ? [value, condition] : [value]) {
        forEachNode(whole, (e) => {
          if (e.kind !== 'binary' || !varies(e.left)) return;
          const square = e.operator === '^' && e.right.kind === 'number' && e.right.value > 1;
          if (!square && !(e.operator === '*' && varies(e.right))) return;
          report(
            diagnostic(
              'PL3016',
              `the neuron ${neuron.name} multiplies values that change; neurons of ${target} cannot`,
              {
                span: e.origin,
                help: 'compile for loihi2, or use a neuron that only adds and scales',
              },
            ),
          );
        });
      }
    }
  }
}

function checkPhases(network: Network, { target, report }: PassContext): void {
  const phase = phases(network);
  for (const projection of network.projections) {
    const pre = network.populations.find((p) => p.name === projection.pre)!;
    if (projection.delay > 0 || pre.neuron === undefined) continue;
    report(
      diagnostic(
        'PL3009',
        `${projection.name} acts within the step (phase ${phase.get(projection.post)}); ${target} updates all neurons at once`,
        {
          help: 'give it delay 1 and train again with it',
        },
      ),
    );
  }
}

function checkPayloads(network: Network, { target, report }: PassContext): void {
  for (const { name, neuron } of network.populations) {
    if (!network.projections.some((p) => p.pre === name)) continue;
    // An input clipped to 1 is a train of spikes: what it is given rounds to 0 or 1.
    const port = network.inputs.find((p) => p.population === name);
    const binary = neuron
      ? neuron.updates.every((u) => u.target !== neuron.value || isBinary(u.value))
      : port?.clip === 1;
    if (binary) continue;
    report(
      diagnostic(
        'PL3011',
        `${name} sends more than 0 or 1; messages on ${target} are single spikes`,
        {
          span: neuron?.updates.find((u) => u.target === neuron.value)?.origin,
          help: neuron
            ? 'use a neuron with binary spikes (lif), or compile for loihi2'
            : 'clip the input to 1 and give it spikes, or compile for loihi2',
        },
      ),
    );
  }
}

/** 0 or 1 by its form. */
function isBinary(value: {
  readonly kind: string;
  readonly value?: number;
  readonly operator?: string;
}): boolean {
  if (value.kind === 'number') return value.value === 0 || value.value === 1;
  return (
    value.kind === 'binary' &&
    ['<', '<=', '>', '>=', '==', '!=', 'and', 'or'].includes(value.operator!)
  );
}
