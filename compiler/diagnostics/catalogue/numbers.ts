import type { CatalogueEntry } from '../catalogue.js';

export const numberEntries = {
  PL2001: {
    severity: 'error',
    title: 'no format fits',
    about: 'A value needs more bits than the target can hold.',
    example: 'v <- v + I as s64.0 saturate',
    fix: 'v <- v + I as s24.0 saturate',
  },
} as const satisfies Record<string, CatalogueEntry>;
