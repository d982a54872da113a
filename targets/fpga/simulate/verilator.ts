import { readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../../runtime/package-file.js';
import { buildFailed, toolMissing } from '../tools/failures.js';
import type { BuildCache } from './cache.js';
import { ProcessLink } from './process-link.js';
import { QueuedSimulator } from './queued-simulator.js';
import type { Environment, PreparedSimulator, SimulatedCircuit } from './simulator.js';
import { runTool } from './tools.js';

const INSTALL =
  'install Verilator 5, g++ and make (Debian: apt-get install verilator g++ make), or simulate with cxxrtl, which comes from npm';

/** What is told of a circuit is faster for it; that it is right is the business of its lint and of its tests. */
const FLAGS = [
  ...['--cc', '--exe', '--build', '-j', '2', '-O3', '--x-assign', 'fast', '--x-initial', 'fast'],
  ...['--noassert', '-Wno-lint', '-Wno-style', '--prefix', 'Vcircuit'],
  ...['--Mdir', 'made', '-o', 'simulator', '-CFLAGS', '-I..'],
  ...['-MAKEFLAGS', 'OPT_FAST=-O3 OPT_GLOBAL=-O2 OPT_SLOW=-O1'],
];

const firstLine = (text: string): string => text.split('\n')[0]!;

/** The version of Verilator; undefined where there is none, or one before 5. */
export async function verilatorVersion(environment: Environment): Promise<string | undefined> {
  const result = await runTool('verilator', ['--version'], environment);
  if (result === undefined || !result.succeeded) return undefined;
  const version = firstLine(result.text);
  return Number(/^Verilator (\d+)\./.exec(version)?.[1] ?? 0) >= 5 ? version : undefined;
}

/** What a program is built from: a circuit, its top module, and the C++ around it. */
export interface VerilatedProgram extends SimulatedCircuit {
  readonly top: string;
  readonly harness: readonly string[];
}

/**
 * Builds a program around a circuit with Verilator, g++ and make of this machine: some ten seconds, and nothing the next time. Gives
 * its file. Throws PL5501 where a tool is missing, PL5502 with what it says of the sources.
 */
export async function buildVerilated(
  { sources, parameters, top, harness: wanted }: VerilatedProgram,
  cache: BuildCache,
  environment: Environment,
): Promise<string> {
  const version = await verilatorVersion(environment);
  if (version === undefined) toolMissing('verilator', INSTALL);
  const compiler = await runTool('g++', ['--version'], environment);
  if (compiler === undefined) toolMissing('g++', INSTALL);
  if ((await runTool('make', ['--version'], environment)) === undefined) {
    toolMissing('make', INSTALL);
  }
  const harness = wanted.map((name) => ({
    name,
    text: readFileSync(packageFile(`targets/fpga/simulate/harness/${name}`), 'utf8'),
  }));
  const names = Object.keys(parameters).sort();
  const given = names.map((name) => `-G${name}=${parameters[name]}`);
  const words = [...FLAGS, '--top-module', top, ...given];
  const files = [...harness, ...sources];
  const machine = [platform(), arch(), version, firstLine(compiler.text)];
  const parts = [...machine, ...words, ...files.flatMap(({ name, text }) => [name, text])];
  return cache.file(parts, async (folder) => {
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    const built = files.map(({ name }) => name).filter((name) => /\.(v|cpp)$/.test(name));
    const result = await runTool('verilator', [...words, ...built], environment, folder);
    if (!result?.succeeded) buildFailed('verilator', result?.text ?? '');
    return join(folder, 'made', 'simulator');
  });
}

/** Builds a circuit as `buildVerilated` does. It runs in a process of its own. */
export async function prepareVerilator(
  circuit: SimulatedCircuit,
  cache: BuildCache,
  environment: Environment,
): Promise<PreparedSimulator> {
  const harness = ['harness.h', 'verilator.cpp'];
  const built = { ...circuit, top: 'plastron_core', harness };
  const program = await buildVerilated(built, cache, environment);
  return {
    backend: 'verilator',
    create: () => new QueuedSimulator(new ProcessLink(program)),
  };
}
