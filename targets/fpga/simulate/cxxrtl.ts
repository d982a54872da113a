import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command, RunOptions, Tree } from '@yowasp/yosys';
import { packageFile } from '../../../runtime/package-file.js';
import type { BuildCache } from './cache.js';
import { ModuleLink } from './module-link.js';
import { QueuedSimulator } from './queued-simulator.js';
import type { PreparedSimulator, SimulatedCircuit } from './simulator.js';
import { buildFailed, toolMissing } from './tools.js';

const PACKAGES = { yosys: '0.55.944', clang: '22.0.0-git20542-10' } as const;
const INSTALL = `npm install ${Object.entries(PACKAGES)
  .map(([name, version]) => `@yowasp/${name}@${version}`)
  .join(' ')}`;

const FLAGS = [
  // CXXRTL_NDEBUG: reading a memory beyond its end gives 0, as in other simulators, and does not stop.
  ...['-std=c++17', '-O3', '-fno-exceptions', '-DCXXRTL_NDEBUG', '-mexec-model=reactor'],
  ...['-Wl,-z,stack-size=4194304', '-Iruntime', 'cxxrtl.cpp', '-o', 'circuit.wasm'],
];

/** The folder of a package that may be installed. Throws PL5501 where it is not. */
function packageFolder(name: keyof typeof PACKAGES): string {
  const { resolve } = createRequire(import.meta.url);
  try {
    return dirname(resolve(`@yowasp/${name}`));
  } catch {
    return toolMissing(`@yowasp/${name}`, INSTALL);
  }
}

function packageVersion(name: keyof typeof PACKAGES): string {
  const text = readFileSync(join(packageFolder(name), '..', 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(text) as { version: string }).version}`;
}

/** Options that both packages take, though the types of one lack the last. */
type Quiet = RunOptions & { readonly fetchProgress: () => void };

/** Runs a tool over a tree of files; throws PL5502 with what it says. */
async function runOver(
  tool: string,
  command: Command,
  words: readonly string[],
  files: Tree,
): Promise<Tree> {
  let text = '';
  const decoder = new TextDecoder();
  const take = (bytes: Uint8Array | null): void => {
    if (bytes !== null) text += decoder.decode(bytes, { stream: true });
  };
  // Without a listener of its own, Clang prints how far it is with reading its files.
  const options: Quiet = { stdout: take, stderr: take, fetchProgress: () => undefined };
  try {
    return (await command([...words], files, options)) ?? {};
  } catch (error) {
    return buildFailed(tool, text === '' ? String(error) : text);
  }
}

/** The C++ of a circuit. */
async function translate({ sources, parameters }: SimulatedCircuit): Promise<string> {
  const { runYosys } = await import('@yowasp/yosys');
  const given = sources.map(({ name }) => name).filter((name) => name.endsWith('.v'));
  const chosen = Object.entries(parameters).map(([name, value]) => `-chparam ${name} ${value}`);
  const script = [
    `read_verilog ${given.join(' ')}`,
    `hierarchy -check -top plastron_core ${chosen.join(' ')}`,
    'write_cxxrtl -g0 circuit.cpp',
  ];
  const files = Object.fromEntries(sources.map(({ name, text }) => [name, text]));
  const made = await runOver('yosys', runYosys, ['-q', '-p', script.join('; ')], files);
  const code = made['circuit.cpp'];
  return typeof code === 'string' ? code : new TextDecoder().decode(code as Uint8Array);
}

/** The headers of CXXRTL, which the package of Yosys keeps beside it and does not export. */
async function runtimeHeaders(): Promise<Tree> {
  const file = pathToFileURL(join(packageFolder('yosys'), 'resources-yosys.js')).href;
  const { filesystem } = (await import(file)) as { filesystem: Tree };
  const path = ['share', 'include', 'backends', 'cxxrtl', 'runtime'];
  return path.reduce((tree, name) => tree[name] as Tree, filesystem);
}

async function compile(code: string, harness: Readonly<Record<string, string>>) {
  const { commands } = await import('@yowasp/clang');
  // Where write_cxxrtl finds no order in which one evaluation is enough, it says so in the code (harness/cxxrtl.cpp).
  const steps = code.includes('bool converged = false;') ? 1 : 0;
  const words = [...FLAGS, `-DPLASTRON_TWO_STEPS=${steps}`];
  const files = { ...harness, 'circuit.cpp': code, runtime: await runtimeHeaders() };
  const made = await runOver('clang++', commands['clang++'], words, files);
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
  const parameters = Object.entries(circuit.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    ...[packageVersion('yosys'), packageVersion('clang'), ...FLAGS],
    ...parameters.map(([name, value]) => `${name}=${value}`),
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
