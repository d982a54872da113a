import { circuitSpecs } from './circuit-specs.js';
import { MORE_SHAPES, SHAPES } from './circuits.js';

// Some 20 million cycles on each of five circuits.
circuitSpecs({ ...SHAPES, ...MORE_SHAPES }, { steps: 6000, taskSteps: 20_000, seeds: [1, 40] });
