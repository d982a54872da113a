import { circuitSpecs } from './circuit-specs.js';
import { SHAPES, SMALLEST_SHAPE } from './circuits.js';

circuitSpecs({ ...SHAPES, ...SMALLEST_SHAPE }, { steps: 60, taskSteps: 150, seeds: [1, 12] });
