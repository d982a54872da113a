import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '@yowasp/yosys';
import { packageFile } from '../../../runtime/package-file.js';
import { buildFailed } from '../tools/failures.js';
import { type Package, packageFolder, packageVersion } from '../tools/packages.js';
import { runOver, textIn } from '../tools/run.js';
import { runYosys } from '../tools/yosys.js';
import type { BuildCache } from './cache.js';
import { ModuleLink } from './module-link.js';
import { QueuedSimulator } from './queued-simulator.js';
import type { PreparedSimulator, SimulatedCircuit } from './simulator.js';

/** What makes a circuit a module. */
const NEEDED: readonly Package[] = ['yosys', 'clang'];

const FLAGS = [
  // CXXRTL_NDEBUG: reading a memory beyond its end gives 0, as in other simulators, and does not stop.
  ...['-std=c++17', '-O2', '-w', '-fno-exceptions', '-DCXXRTL_NDEBUG', '-mexec-model=reactor'],
  ...['-Wl,-z,stack-size=4194304', '-Iruntime', 'cxxrtl.cpp', '-o', 'circuit.wasm'],
];

/** What Yosys is to do with a circuit. */
function scriptOf({ sources, parameters }: SimulatedCircuit): string {
  const given = sources.map(({ name }) => name).filter((name) => name.endsWith('.v'));
  const chosen = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const words = chosen.map(([name, value]) => `-set ${name} ${value}`);
  return [
    `read_verilog ${given.join(' ')}`,
    // Not with -chparam of hierarchy: where Yosys reads a module again, for it knows the ports of another, that fails.
    ...(words.length > 0 ? [`chparam ${words.join(' ')} plastron_core`] : []),
    'hierarchy -check -top plastron_core',
    // With parameters it has another name, and so would its class.
    'rename -top plastron_core',
    // A class for each module: in one class the core takes Clang several times as long, the more the more lanes it has.
    'write_cxxrtl -g0 -noflatten circuit.cpp',
  ].join('\n');
}

/** The C++ of a circuit. */
async function translate(circuit: SimulatedCircuit): Promise<string> {
  const files = Object.fromEntries(circuit.sources.map(({ name, text }) => [name, text]));
  const work = { files, script: scriptOf(circuit), needed: NEEDED };
  const { status, files: made, log } = await runYosys(work);
  if (status !== 0) buildFailed('yosys', log);
  return textIn(made, 'circuit.cpp');
}

/** The headers of CXXRTL, which the package of Yosys keeps beside it and does not export. */
async function runtimeHeaders(): Promise<Tree> {
  const file = pathToFileURL(join(packageFolder('yosys', NEEDED), 'resources-yosys.js')).href;
  const { filesystem } = (await import(file)) as { filesystem: Tree };
  const path = ['share', 'include', 'backends', 'cxxrtl', 'runtime'];
  return path.reduce((tree, name) => tree[name] as Tree, filesystem);
}

async function compile(code: string, harness: Readonly<Record<string, string>>) {
  const { commands, runLLVM } = await import('@yowasp/clang');
  // Reads its files. `clang++` does that as well, but prints how far it is, whatever it is told.
  await runLLVM(undefined, {}, { fetchProgress: () => undefined });
  // Where write_cxxrtl finds no order in which one evaluation is enough, it says so in the code (harness/cxxrtl.cpp).
  const steps = code.includes('bool converged = false;') ? 1 : 0;
  const words = [...FLAGS, `-DPLASTRON_TWO_STEPS=${steps}`];
  const files = { ...harness, 'circuit.cpp': code, runtime: await runtimeHeaders() };
  const { status, files: made, log } = await runOver(commands['clang++'], words, files);
  if (status !== 0) buildFailed('clang++', log);
  return made['circuit.wasm'] as Uint8Array;
}

/**
 * Builds a circuit with the Yosys and Clang of npm, which run in this thread: some twenty seconds, and nothing the next time. The
 * circuit runs as WebAssembly in this process. Throws PL5501 where a package is missing, PL5502 with what it says of the sources.
 */
export async function prepareCxxrtl(
  circuit: SimulatedCircuit,
  cache: BuildCache,
): Promise<PreparedSimulator> {
  const harness = Object.fromEntries(
    ['harness.h', 'cxxrtl.cpp'].map((name) => {
      const file = packageFile(`targets/fpga/simulate/harness/${name}`);
      return [name, readFileSync(file, 'utf8')];
    }),
  );
  const parts = [
    ...[packageVersion('yosys', NEEDED), packageVersion('clang', NEEDED), ...FLAGS],
    scriptOf(circuit),
    ...Object.values(harness),
    ...circuit.sources.flatMap(({ name, text }) => [name, text]),
  ];
  const file = await cache.file(parts, async (folder) => {
    const made = join(folder, 'circuit.wasm');
    writeFileSync(made, await compile(await translate(circuit), harness));
    return made;
  });
  const module = new WebAssembly.Module(readFileSync(file));
  return { backend: 'cxxrtl', create: () => new QueuedSimulator(new ModuleLink(module)) };
}
