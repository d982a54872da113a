import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import {
  codeTopics,
  renderTopic,
  renderTopicList,
  type Topic,
  topicNamed,
} from '../../compiler/diagnostics/explain.js';

const pdlf: Topic = { kind: 'rule', name: 'pdlf', about: 'a rule', text: 'dw = x' };
const topics: readonly Topic[] = [pdlf, ...codeTopics()];

describe('explain', () => {
  it('tells about a code: about, example, fix', () => {
    const [topic] = topicNamed('PL4010', topics);
    const text = renderTopic(topic!);
    expect(text).toMatch(/^PL4010 \(error\): no such file\n\n/);
    expect(text).toContain('\n\nExample:\n    plastron compile modle.onnx');
    expect(text).toContain('\n\nMended:\n    plastron compile model.onnx');
  });

  it('finds names whatever their case', () => {
    expect(topicNamed('pl4010', topics)[0]!.name).toBe('PL4010');
    expect(topicNamed('PDLF', topics)).toEqual([pdlf]);
  });

  it('offers the nearest names', () => {
    const helpFor = (name: string): string | undefined => {
      try {
        topicNamed(name, topics);
      } catch (error) {
        if (error instanceof DiagnosticsError) return error.diagnostics[0]!.help;
      }
      return undefined;
    };
    expect(helpFor('pdfl')).toBe('did you mean `pdlf`?');
    expect(helpFor('a name far from all others')).toContain('lists everything');
  });

  it('lists by kind', () => {
    expect(renderTopicList(topics)).toMatch(/^rules\n {2}pdlf {4}a rule\n\nerrors\n {2}PL1001 /);
  });
});
