import { describe, it } from 'vitest';
import { abilityTable, libraryTable, markdownTable } from '../../src/report/support-matrix.js';
import { targets } from '../../targets/index.js';
import { expectBlock } from './blocks.js';

describe('the tables of the README', () => {
  it('of abilities is that of the targets’ own capabilities', () => {
    expectBlock('abilities', markdownTable(abilityTable(targets)));
  });
  it('of the library is what compiling gives', () => {
    expectBlock('library', markdownTable(libraryTable(targets)));
  });
});
