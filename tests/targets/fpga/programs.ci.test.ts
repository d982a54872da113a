import { programSpecs } from './program-specs.js';

programSpecs(['two lanes, two units', 'one lane, one unit', 'four lanes, one unit']);
