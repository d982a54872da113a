import { describe, expect, it } from 'vitest';
import { assertAgreement } from './agreement.js';

const SEED = 20_261;

describe('random networks', () => {
  it(`fixed ≡ host ≡ emulator on one core and on several (seed ${SEED})`, () => {
    const { compared, cores } = assertAgreement(150, SEED);
    expect(cores).toBeGreaterThan(2);
    expect(compared).toBeGreaterThan(100_000);
  });
});
