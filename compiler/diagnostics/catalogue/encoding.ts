import type { CatalogueEntry } from '../catalogue.js';

export const encodingEntries = {
  PL4001: {
    severity: 'error',
    title: 'not a Program file',
    about: 'The bytes are not a Program of a version that this build reads, or they are cut short.',
    example: 'plastron emulate notes.txt --task point-mass',
    fix: 'plastron emulate program.plastron --task point-mass',
  },
} as const satisfies Record<string, CatalogueEntry>;
