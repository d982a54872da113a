import { describe } from 'vitest';
import { randomNetworkSpecs } from './random-network-specs.js';

describe('random networks on random cores', () => {
  randomNetworkSpecs(1, 10);
});
