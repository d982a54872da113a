import { codeTopics, type Topic } from '../../compiler/diagnostics/explain.js';
import { PIPELINE } from '../../compiler/pipeline.js';
import type { Target } from '../../compiler/target.js';
import { targets } from '../../targets/index.js';
import { libraryNeurons, libraryRules } from '../equations/library.js';
import { TASKS, taskOf } from '../tasks/registry.js';
import type { TaskFamily } from '../tasks/task.js';
import { variantLines } from './actions/tasks.js';

/** Everything that `plastron explain` can tell about: what a user can name, then the passes and the codes. */
export function allTopics(): readonly Topic[] {
  return [
    ...TASKS.map(taskTopic),
    ...Object.entries(libraryRules).map(([name, text]) => equationTopic('rule', name, text)),
    ...Object.entries(libraryNeurons).map(([name, text]) => equationTopic('neuron', name, text)),
    ...targets.map(targetTopic),
    ...PIPELINE.map(({ name, about }) => {
      const [first = '', ...rest] = about.split('\n');
      return { kind: 'pass', name, about: first, text: rest.join('\n') };
    }),
    ...codeTopics(),
  ];
}

function taskTopic(family: TaskFamily): Topic {
  const { steps, observationSize, actionSize, episodes } = taskOf(family.name);
  const text = [
    `${observationSize} numbers in, ${actionSize} out, ${steps} steps an episode.`,
    `${episodes.train.length} conditions to train on, ${episodes.test.length} that training never sees.`,
    ...(family.variants.length > 0 ? ['Variants:'] : []),
    ...variantLines(family).map((line) => `    ${family.name}${line}`),
  ];
  return { kind: 'task', name: family.name, about: family.about, text: text.join('\n') };
}

/** The first line of a library text is a comment with its source. */
function equationTopic(kind: string, name: string, text: string): Topic {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  return { kind, name, about: first.replace(/^#\s*/, ''), text: rest.join('\n') };
}

function targetTopic({ name, about, capabilities, assumptions }: Target): Topic {
  const { learning, limits, normalizations } = capabilities;
  const text = [
    `Weights to ${learning.weightBits.maximum} bits, traces to ${learning.traceBits.maximum}; normalisations: ${normalizations.join(', ')}.`,
    ...Object.entries(limits).map(
      ([what, { value, source }]) => `${spaced(what)}: ${value ?? 'not public'} (${source})`,
    ),
    '',
    'Assumed, for no public source says so:',
    ...assumptions.map((a) => `  - ${a}`),
  ];
  return { kind: 'target', name, about, text: text.join('\n') };
}

/** `neuronsPerCore` as `Neurons per core`. */
function spaced(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
