import { sentVariable } from '../../../src/network/bind.js';
import type { Network, Projection } from '../../../src/network/network.js';
import { emitSums, intoCurrent } from './float-accumulate.js';
import { FLOAT_PRELUDE } from './float-expression.js';
import { comment, emitNeurons, take, unitVariables } from './float-neuron.js';
import { emitRule } from './float-rule.js';

/**
 * JavaScript for every kernel of a network in float32. The text is the body of a function of (populations, projections,
 * exp, log, tanh): the arrays of the state, one record per population (`current`, and `$NAME` for each variable and
 * parameter) and per projection (`weights`, `before`, `sums`, `rowStart`, `columns`, `$NAME`), in network order.
 *
 * It returns lists in the same order: `neurons[p]()` runs the equations of a population; `deliver[q](arrived)` adds to the
 * current of its population what arrives over a projection, payloads or, where it sends currents, sums;
 * `send[q](payload, slot)` puts the sums of a projection that sends currents into a slot; `learn[q](modulator)`.
 */
export function emitFloatNetwork(network: Network): string {
  const functions = [
    ...network.populations.flatMap((p, i) =>
      p.neuron ? [emitNeurons(p, `neurons${i}`, `populations[${i}]`)] : [],
    ),
    ...network.projections.flatMap((p, i) => emitProjection(network, p, i)),
  ];
  const list = (kind: string, present: readonly boolean[]): string =>
    `${kind}: [${present.map((there, i) => (there ? `${kind}${i}` : 'undefined')).join(', ')}]`;
  const { populations, projections } = network;
  return `'use strict';
// ${comment(network.name)}: generated from its equations; float32, one rounding per operation.
${FLOAT_PRELUDE}
${functions.join('\n')}
return {
  ${list(
    'neurons',
    populations.map((p) => p.neuron !== undefined),
  )},
  ${list(
    'deliver',
    projections.map(() => true),
  )},
  ${list('send', projections.map(sendsCurrents))},
  ${list(
    'learn',
    projections.map((p) => p.rule !== undefined),
  )},
};
`;
}

/** Whether sums travel over a projection, and not payloads. */
const sendsCurrents = ({ weight, delay }: Projection): boolean => weight === 'send' && delay > 0;

function emitProjection(network: Network, projection: Projection, index: number): string[] {
  const indexOf = (name: string): number => network.populations.findIndex((p) => p.name === name);
  const [from, to] = [indexOf(projection.pre), indexOf(projection.post)];
  const ends = [network.populations[from]!, network.populations[to]!] as const;
  const [pre, post] = ends;
  const store = `projections[${index}]`;
  const firstInto = network.projections.findIndex((p) => p.post === post.name) === index;
  const shape = {
    preSize: pre.size,
    postSize: post.size,
    unitPayload: unitVariables(pre).has(sentVariable(pre)),
  };
  const tables = projection.connectivity.kind === 'dense' ? [] : ['rowStart', 'columns'];
  const kernel = (name: string, parameters: string, lines: readonly string[]): string =>
    `function ${name}(${parameters}) {\n  ${lines.join('\n  ')}\n}`;
  const sums = (first: boolean): string[] => [
    ...take(['weights', 'sums', ...tables], store),
    ...emitSums(projection, { ...shape, first }),
  ];
  const current = `const { current } = populations[${to}];`;
  const stores = {
    projection: store,
    pre: `populations[${from}]`,
    post: `populations[${to}]`,
  };
  const { rule } = projection;
  return [
    ...(sendsCurrents(projection)
      ? [
          kernel(`deliver${index}`, 'slot', [
            current,
            `for (let j = 0; j < ${post.size}; j++) ${intoCurrent('j', 'slot[j]', { first: firstInto })}`,
          ]),
          kernel(`send${index}`, 'payload, current', sums(true)),
        ]
      : [kernel(`deliver${index}`, 'payload', [current, ...sums(firstInto)])]),
    ...(rule ? [emitRule(projection, rule, ends, `learn${index}`, stores)] : []),
  ];
}
