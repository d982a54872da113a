import { renderTopic, renderTopicList, topicNamed } from '../../../compiler/diagnostics/explain.js';
import type { Outcome, Session } from '../session.js';
import { allTopics } from '../topics.js';

/** Tells about what has this name; without a name, lists what there is. */
export function explainCommand(name: string | undefined, { style }: Session): Outcome {
  const all = allTopics();
  if (name === undefined) return { json: { topics: all }, text: renderTopicList(all, style) };
  const topics = topicNamed(name, all);
  return { json: { topics }, text: topics.map((topic) => renderTopic(topic, style)).join('\n\n') };
}
