import { circuitSpecs } from './circuit-specs.js';
import { MORE_SHAPES, SHAPES, SMALLEST_SHAPE } from './circuits.js';

// Some 40 million cycles on each of six circuits, and more on the smallest.
const shapes = { ...SHAPES, ...MORE_SHAPES, ...SMALLEST_SHAPE };
circuitSpecs(shapes, { steps: 3000, taskSteps: 15_000, seeds: [1, 40] });
