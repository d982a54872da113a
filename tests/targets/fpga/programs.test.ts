import { programSpecs } from './program-specs.js';

programSpecs(['eight lanes, four units']);
