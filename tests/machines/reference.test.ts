import { createReferenceMachine } from '../../src/network/reference.js';
import { machineSuite } from './machine-suite.js';

machineSuite('reference float64', (network) => createReferenceMachine(network));
machineSuite('reference float32', (network) =>
  createReferenceMachine(network, { precision: 'float32' }),
);
