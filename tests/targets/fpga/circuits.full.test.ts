import { circuitSpecs } from './circuit-specs.js';
import { MORE_SHAPES, SHAPES } from './circuits.js';

// Some 40 million cycles on each of five circuits.
circuitSpecs({ ...SHAPES, ...MORE_SHAPES }, { steps: 3000, taskSteps: 15_000, seeds: [1, 40] });
