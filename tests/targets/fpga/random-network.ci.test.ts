import { describe } from 'vitest';
import { randomNetworkSpecs } from './random-network-specs.js';

describe('random networks on random cores', () => {
  for (let first = 11; first < 311; first += 50) randomNetworkSpecs(first, first + 49);
});
