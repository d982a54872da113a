import type { CatalogueEntry } from '../catalogue.js';

export const encodingEntries = {
  PL4001: {
    severity: 'error',
    title: 'not a Program file',
    about: 'The bytes are not a Program of a version that this build reads, or they are cut short.',
    example: 'plastron emulate notes.txt --task point-mass',
    fix: 'plastron emulate program.plastron --task point-mass',
  },
  PL4002: {
    severity: 'error',
    title: 'another version of the Program file',
    about: 'The file was written by a version of plastron with another container.',
    example: 'a Program of version 9',
    fix: 'compile the model again',
  },
  PL4003: {
    severity: 'error',
    title: 'a Program that contradicts itself',
    about:
      'An index or a length inside the file does not agree with another: it was altered or damaged.',
    example: 'a row start beyond the synapses',
    fix: 'compile the model again',
  },
} as const satisfies Record<string, CatalogueEntry>;
