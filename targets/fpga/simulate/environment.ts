import type { Environment } from './simulator.js';

/** The environment of this process: the one place of the targets that looks at it, for tools and caches are found by it. */
export const processEnvironment: Environment = process.env;
