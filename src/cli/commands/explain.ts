import type { Command } from 'commander';
import { renderTopic, renderTopicList, topicNamed } from '../../../compiler/diagnostics/explain.js';
import type { RunCommand } from '../session.js';
import { allTopics } from '../topics.js';

/** `plastron explain [NAME]`: what a code, pass, rule, neuron, task or target is. */
export function registerExplain(program: Command, run: RunCommand): void {
  program
    .command('explain')
    .description(
      'tells about a code, pass, rule, neuron, task or target; without a name, lists all',
    )
    .argument('[name]', 'for instance PL1003, pdlf, quantise or loihi2')
    .action((name: string | undefined) =>
      run('explain', ({ style }) => {
        const all = allTopics();
        if (name === undefined) return { json: { topics: all }, text: renderTopicList(all, style) };
        const topics = topicNamed(name, all);
        const text = topics.map((topic) => renderTopic(topic, style)).join('\n\n');
        return { json: { topics }, text };
      }),
    );
}
