import { describe, expect, it } from 'vitest';
import { assertAgreement } from './agreement.js';

const SEED = 1_000_003;

describe('random networks, by hand', () => {
  it(`fixed ≡ host ≡ emulator on 20,000 networks (seed ${SEED})`, () => {
    expect(assertAgreement(20_000, SEED).compared).toBeGreaterThan(10_000_000);
  });
});
