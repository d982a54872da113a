import { circuitSpecs } from './circuit-specs.js';
import { SHAPES } from './circuits.js';

circuitSpecs(SHAPES, { steps: 60, taskSteps: 150, seeds: [1, 12] });
