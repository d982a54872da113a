import type { Network } from '../src/network/network.js';
import type { Diagnostic, Span } from './diagnostics/diagnostic.js';

/**
 * Takes the places of diagnostics about `network` back to where `original` was written. Both are the same network, read from
 * different texts: a model is one text whoever wrote its rules, and the user wants to see the file that they know.
 */
export function placesOf(network: Network, original: Network): (d: Diagnostic) => Diagnostic {
  let places: Map<string, Span> | undefined;
  return (d) => {
    if (!d.span) return d;
    // Most compilations have nothing to say about a place.
    places ??= placesIn(network, original);
    const span = places.get(keyOf(d.span));
    return span ? { ...d, span } : d;
  };
}

function placesIn(network: Network, original: Network): Map<string, Span> {
  const places = new Map<string, Span>();
  pair(modelsOf(network), modelsOf(original), places);
  return places;
}

const keyOf = ({ line, column, length }: Span): string => `${line}:${column}:${length}`;

const modelsOf = ({ populations, projections }: Network): readonly unknown[] => [
  ...populations.map((p) => p.neuron),
  ...projections.map((p) => p.rule),
];

/** Walks two trees of one shape; nodes have their place in `origin`. The first node at a place decides. */
function pair(a: unknown, b: unknown, places: Map<string, Span>): void {
  if (!isRecord(a) || !isRecord(b)) return;
  const { origin: from } = a;
  const { origin: to } = b;
  if (isSpan(from) && isSpan(to) && !places.has(keyOf(from))) places.set(keyOf(from), to);
  for (const [key, value] of Object.entries(a)) if (key !== 'origin') pair(value, b[key], places);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isSpan = (value: unknown): value is Span =>
  isRecord(value) && typeof value['file'] === 'string';
