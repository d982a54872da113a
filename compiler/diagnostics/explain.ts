import { type CatalogueEntry, catalogue, diagnostic } from './catalogue.js';
import { fail, nearestNames } from './diagnostic.js';
import { PLAIN, type Style } from './render.js';

/** Something with a name that `plastron explain` can tell about. */
export interface Topic {
  /** What it is in one word, as in `pass`. */
  readonly kind: string;
  readonly name: string;
  /** One line for the list. */
  readonly about: string;
  /** Everything else; may have several lines. */
  readonly text: string;
}

/** Every code of the catalogue as a topic, in order of the codes. */
export function codeTopics(): readonly Topic[] {
  const entries: [string, CatalogueEntry][] = Object.entries(catalogue);
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => ({
      kind: entry.severity,
      name,
      about: entry.title,
      text: textOf(entry),
    }));
}

const textOf = ({ about, example, fix }: CatalogueEntry): string =>
  [about, '', 'Example:', indented(example), '', 'Mended:', indented(fix)].join('\n');

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/**
 * The topic of a name: exactly, or else without regard to case and with `_` and `-` the same.
 *
 * @throws DiagnosticsError PL5401 with the nearest names when there is none.
 */
export function topicNamed(name: string, topics: readonly Topic[]): readonly Topic[] {
  const exact = topics.filter((t) => t.name === name);
  if (exact.length > 0) return exact;
  const plain = (text: string): string => text.toLowerCase().replaceAll('-', '_');
  const alike = topics.filter((t) => plain(t.name) === plain(name));
  if (alike.length > 0) return alike;
  const near = nearestNames(
    name,
    topics.map((t) => t.name),
  );
  return fail(
    diagnostic('PL5401', `there is nothing to explain under the name \`${name}\``, {
      help:
        near.length > 0
          ? `did you mean ${near.map((n) => `\`${n}\``).join(' or ')}?`
          : 'plastron explain, without a name, lists everything',
    }),
  );
}

/** One topic as text without a final line break. */
export function renderTopic({ kind, name, about, text }: Topic, style: Style = PLAIN): string {
  return `${style.strong(name)} ${style.faint(`(${kind})`)}: ${about}\n\n${text}`;
}

/** The names of all topics with their first lines, grouped by kind in order of first appearance. */
export function renderTopicList(topics: readonly Topic[], style: Style = PLAIN): string {
  const kinds = [...new Set(topics.map((t) => t.kind))];
  const width = Math.max(...topics.map((t) => t.name.length));
  return kinds
    .map((kind) =>
      [
        style.strong(kind === 'pass' ? 'passes' : `${kind}s`),
        ...topics
          .filter((t) => t.kind === kind)
          .map((t) => `  ${t.name.padEnd(width)}  ${style.faint(t.about)}`),
      ].join('\n'),
    )
    .join('\n\n');
}
