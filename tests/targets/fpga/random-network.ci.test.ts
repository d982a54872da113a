import { describe } from 'vitest';
import { randomNetworkSpecs } from './random-network-specs.js';

describe('random networks on random cores', () => {
  // So many at once that the share of those that do not fit says something.
  for (const first of [11, 161]) randomNetworkSpecs(first, first + 149);
});
