import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../runtime/package-file.js';
import { type CoreConfiguration, verilogParameters } from './configuration.js';
import type { CoreDevice } from './memory-map.js';
import type { CircuitSimulator, SimulatedCircuit, VerilogSource } from './simulate/simulator.js';

/** The Verilog of the core, file by file in the order of their names. */
export function coreSources(): readonly VerilogSource[] {
  const folder = packageFile('targets/fpga/rtl');
  const names = readdirSync(folder).filter((name) => name.endsWith('.v'));
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** The core of a configuration, for a simulator; `trace` shows every architectural write. */
export function simulatedCore(configuration: CoreConfiguration, trace: boolean): SimulatedCircuit {
  return {
    sources: coreSources(),
    parameters: { ...verilogParameters(configuration), TRACE: Number(trace) },
  };
}

/** Clocks that a run may take before it is said to hang. */
const LIMIT = 2 ** 26;

/** Words that one round trip reads. */
const AT_ONCE = 2 ** 14;

/** A circuit at work as a core for its host. */
export function circuitDevice(circuit: CircuitSimulator): CoreDevice {
  const readAll = (addresses: Uint32Array): Uint32Array => {
    const words = new Uint32Array(addresses.length);
    for (let at = 0; at < addresses.length; at += AT_ONCE) {
      words.set(circuit.readAll(addresses.subarray(at, at + AT_ONCE)), at);
    }
    return words;
  };
  return {
    write: (address, data) => circuit.write(address, data >>> 0),
    read: (address) => circuit.read(address),
    readAll,
    run: (command) => circuit.run(command, LIMIT),
    runAndRead: (command, addresses) => {
      circuit.run(command, LIMIT);
      return readAll(addresses);
    },
    close: () => circuit.close(),
  };
}
