import type { CatalogueEntry } from '../catalogue.js';

export const runningEntries = {
  PL5001: {
    severity: 'error',
    title: 'unknown probe',
    about: 'The machine has no state of that name.',
    example: "machine.read({ kind: 'weight', projection: 'nope' })",
    fix: "machine.read({ kind: 'weight', projection: 'observation->hidden' })",
  },
} as const satisfies Record<string, CatalogueEntry>;
