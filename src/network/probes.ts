import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { didYouMean, fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Probe } from './machine.js';

/** A probe in words: `weight of hidden->action`, `v of hidden`. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case 'weight':
      return `weight of ${probe.projection}`;
    case 'stored':
      return `stored weight of ${probe.projection}`;
    case 'scale':
      return `scale of ${probe.projection}`;
    case 'synapse':
      return `${probe.name} of ${probe.projection}`;
    case 'variable':
      return `${probe.name} of ${probe.population}`;
    case 'current':
      return `current of ${probe.population}`;
    case 'counter':
      return `counter ${probe.name}`;
  }
}

/** Whether two probes name the same state. */
export function sameProbe(a: Probe, b: Probe): boolean {
  return a.kind === b.kind && describeProbe(a) === describeProbe(b);
}

/**
 * The store of a probe.
 *
 * @throws DiagnosticsError PL5001 with the nearest names when there is none.
 */
export function findProbe<T extends { readonly probe: Probe }>(
  stores: readonly T[],
  probe: Probe,
): T {
  const found = stores.find((store) => sameProbe(store.probe, probe));
  if (found) return found;
  const wanted = describeProbe(probe);
  const known = stores.map((store) => describeProbe(store.probe));
  const help = didYouMean(wanted, known, 'it has');
  return fail(diagnostic('PL5001', `this machine has no ${wanted}`, { help }));
}

/**
 * Refuses a write to a real-valued store: read-only, wrong length, NaN or infinite values.
 *
 * @throws DiagnosticsError PL5002.
 */
export function checkWrite(
  store: { readonly probe: Probe; readonly length: number; readonly writable: boolean },
  values: ArrayLike<number>,
): void {
  const name = describeProbe(store.probe);
  if (!store.writable) fail(diagnostic('PL5002', `${name} cannot be written`));
  if (values.length !== store.length) {
    fail(diagnostic('PL5002', `${name} has ${store.length} values, not ${values.length}`));
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    fail(diagnostic('PL5002', `${name}[${i}] cannot hold ${values[i]}`));
  }
}
