import type { CatalogueEntry } from '../catalogue.js';

export const mappingEntries = {
  PL3001: {
    severity: 'error',
    title: 'no legal normalisation',
    about:
      'The rule normalises in a way that the target cannot do and no legalisation was allowed.',
    example: 'normalize pow2 on loihi2',
    fix: 'normalize clip -1 1',
  },
} as const satisfies Record<string, CatalogueEntry>;
