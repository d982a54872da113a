import type { CatalogueEntry } from '../catalogue.js';

export const equationEntries = {
  PL1001: {
    severity: 'error',
    title: 'unexpected text',
    about: 'The text does not continue as the grammar of neurons and rules allows.',
    example: 'neuron n()\\n  v <- (v + I',
    fix: 'neuron n()\\n  v <- (v + I)',
  },
} as const satisfies Record<string, CatalogueEntry>;
