import type { CircuitBackend } from '../../../compiler/target.js';
import { openCache } from './cache.js';
import { processEnvironment } from './environment.js';
import type { Environment, PreparedSimulator, SimulatedCircuit } from './simulator.js';
import { prepareVerilator, verilatorVersion } from './verilator.js';

/** What to build, and with what. */
export interface SimulatorOptions extends SimulatedCircuit {
  /** `auto`: verilator where it is installed, else cxxrtl. */
  readonly backend: CircuitBackend;
  /** Variables that say where the cache lies (PLASTRON_CACHE, XDG_CACHE_HOME) and tools are (PATH); those of this process. */
  readonly environment?: Environment;
}

/**
 * Builds a simulator of `plastron_core`, or takes it from the cache. Both back ends give the same answers, clock by clock;
 * Verilator's is some ten times faster. Throws PL5501 where a tool is missing, PL5502 where the circuit cannot be built.
 */
export async function prepareSimulator(options: SimulatorOptions): Promise<PreparedSimulator> {
  const { backend, environment = processEnvironment } = options;
  const cache = openCache(environment);
  const verilator =
    backend === 'verilator' ||
    (backend === 'auto' && (await verilatorVersion(environment)) !== undefined);
  if (verilator) return prepareVerilator(options, cache, environment);
  const { prepareCxxrtl } = await import('./cxxrtl.js');
  return prepareCxxrtl(options, cache);
}
