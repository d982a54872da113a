import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import type { Target } from '../../compiler/target.js';
import { libraryNeurons, libraryRules } from '../equations/library.js';
import { neuronModel, ruleModel } from '../equations/load.js';
import { NetworkBuilder } from '../network/builder.js';
import type { Network } from '../network/network.js';

/** A table as rows of cells; the first row is its head. */
export type Table = readonly (readonly string[])[];

/** Targets by family. */
function familiesOf(targets: readonly Target[]): ReadonlyMap<string, readonly Target[]> {
  const names = [...new Set(targets.map((t) => t.family))];
  return new Map(names.map((name) => [name, targets.filter((t) => t.family === name)]));
}

/** What each family of targets can do, from the capabilities of its members. */
export function abilityTable(targets: readonly Target[]): Table {
  const families = familiesOf(targets);
  const of = (read: (target: Target) => string): string[] =>
    [...families.values()].map((members) => {
      const [all, ...others] = new Set(members.map(read));
      return others.length === 0 ? all! : 'by board';
    });
  return [
    ['', ...families.keys()],
    [
      'weights',
      ...of(({ capabilities: { learning } }) => `to ${learning.weightBits.maximum} bits`),
    ],
    [
      'traces',
      ...of(
        ({ capabilities: { learning: l } }) =>
          `${l.traces.pre} pre, ${l.traces.post} post, ${l.traceBits.maximum} bits`,
      ),
    ],
    ['normalisation', ...of((t) => t.capabilities.normalizations.join(', '))],
    ['graded messages', ...of((t) => yes(t.capabilities.neuron.gradedPayloads))],
    ['function tables', ...of((t) => yes(t.capabilities.neuron.tableEntries > 0))],
    ['layers within a step', ...of((t) => yes(t.capabilities.phases))],
    ['third factor', ...of((t) => yes(t.capabilities.modulator))],
    ['cores', ...of((t) => `${t.capabilities.limits.cores.value}`)],
    ['neurons per core', ...of((t) => `${t.capabilities.limits.neuronsPerCore.value}`)],
    [
      'profiles per core',
      ...of((t) => `${t.capabilities.limits.profilesPerCore.value ?? 'not public'}`),
    ],
    ['delay', ...of((t) => `to ${t.capabilities.limits.delay.value} steps`)],
  ];
}

/** Which neurons and rules of the library compile for each family of targets: found by compiling them for its first member. */
export function libraryTable(targets: readonly Target[]): Table {
  const families = familiesOf(targets);
  const row = (name: string, network: Network): string[] => [
    name,
    ...[...families.values()].map(([target]) => verdict(network, target!)),
  ];
  return [
    ['', ...families.keys()],
    ...Object.keys(libraryNeurons).map((name) => row(`neuron \`${name}\``, networkOfNeuron(name))),
    ...Object.keys(libraryRules).map((name) => row(`rule \`${name}\``, networkOfRule(name))),
  ];
}

/** A table as Markdown. */
export function markdownTable([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const yes = (holds: boolean): string => (holds ? 'yes' : 'no');

/** `yes`, `yes` with the codes of warnings, or the codes of what is refused. */
function verdict(network: Network, target: Target): string {
  try {
    const warnings = compile(network, target, NO_CALIBRATION).diagnostics;
    const codes = new Set(warnings.filter((d) => d.severity === 'warning').map((d) => d.code));
    return codes.size === 0 ? 'yes' : `yes (${[...codes].join(', ')})`;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const codes = error.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code);
    return `no (${[...new Set(codes)].join(', ')})`;
  }
}

/** Spikes in and one layer; neurons with spikes send them to each other with delay 1. */
function networkOfNeuron(neuron: string): Network {
  const builder = new NetworkBuilder(neuron)
    .input('input', 4, { clip: 1 })
    .population('hidden', 4, neuron)
    .projection('input', 'hidden', { initialWeights: 0.5 });
  if (neuronModel(neuron).value === 'spike') {
    builder.projection('hidden', 'hidden', { initialWeights: 0.25, delay: 1 });
  }
  return builder.output('hidden').build();
}

function networkOfRule(rule: string): Network {
  const open = ruleModel(rule).parameters.filter((p) => p.default === undefined);
  return new NetworkBuilder(rule)
    .input('input', 4, { clip: 1 })
    .population('hidden', 4, 'lif')
    .projection('input', 'hidden', { initialWeights: 0.5 })
    .projection('hidden', 'hidden', {
      delay: 1,
      rule,
      parameters: Object.fromEntries(open.map((p) => [p.name, 0.5])),
    })
    .output('hidden')
    .build();
}
