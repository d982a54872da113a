import { describe, expect, it } from 'vitest';
import { didYouMean, nearestNames } from '../../compiler/diagnostics/diagnostic.js';

describe('the nearest names', () => {
  it('are those of the least distance, in order of the alphabet', () => {
    expect(nearestNames('lihi2', ['loihi1', 'loihi2', 'fpga'])).toEqual(['loihi2']);
    expect(nearestNames('loihi3', ['loihi2', 'loihi1'])).toEqual(['loihi1', 'loihi2']);
    expect(nearestNames('pdfl', ['pdlf', 'abcd'])).toEqual(['pdlf']);
    expect(nearestNames('a', ['a1', 'a2', 'a3', 'a4'])).toEqual(['a1', 'a2', 'a3']);
  });

  it('have something in common with the unknown one', () => {
    expect(nearestNames('z', ['w', 'm', 'lr'])).toEqual([]);
    expect(nearestNames('gpu', ['loihi1', 'loihi2'])).toEqual([]);
    expect(nearestNames('', ['a'])).toEqual([]);
  });
});

describe('help for an unknown name', () => {
  it('offers the nearest ones, else lists all', () => {
    expect(didYouMean('trase', ['trace', 'rate'])).toBe('did you mean `trace`?');
    expect(didYouMean('q', ['w', 'm'], 'known names')).toBe('known names: `w`, `m`');
    expect(didYouMean('q', [])).toBe('there is none');
  });
});
