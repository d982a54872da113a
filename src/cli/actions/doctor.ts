import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { permissionHelp } from '../../../runtime/link/port-failure.js';
import { type SerialPortInfo, serialPorts, serialProblem } from '../../../runtime/link/serial.js';
import { boards } from '../../../targets/fpga/boards/index.js';
import { openTerminal } from '../../../targets/fpga/link/terminal.js';
import { processEnvironment } from '../../../targets/fpga/simulate/environment.js';
import { verilatorVersion } from '../../../targets/fpga/simulate/verilator.js';
import type { Outcome } from '../session.js';

/** Something that was looked at. */
interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'absent' | 'problem';
  readonly found: string;
  /** What to do where something is to be done. */
  readonly help: string | null;
}

/** The first version of Node.js that plastron runs on. */
const LEAST_NODE = 20;

/** Looks at what plastron needs, and at what it can use. */
export async function doctorCommand(): Promise<Outcome> {
  const findings = [
    node(process.versions.node),
    await serialLibrary(),
    ...(await ports()),
    terminals(),
    verilator(await verilatorVersion(processEnvironment)),
    ...['yosys', 'clang', 'nextpnr-ice40'].map(yowasp),
  ];
  const marks = { ok: '+', absent: '-', problem: '!' } as const;
  return {
    json: { findings },
    text: findings
      .map(({ name, state, found, help }) => {
        const hint = help === null ? '' : `\n    ${help}`;
        return `${marks[state]} ${name}: ${found}${hint}`;
      })
      .join('\n'),
  };
}

function node(version: string): Finding {
  const fits = Number(version.split('.')[0]) >= LEAST_NODE;
  const help = fits ? null : `install Node.js ${LEAST_NODE} or newer`;
  return { name: 'Node.js', state: fits ? 'ok' : 'problem', found: version, help };
}

async function serialLibrary(): Promise<Finding> {
  const name = 'serialport';
  const problem = await serialProblem();
  if (problem === undefined) return { name, state: 'ok', found: 'loaded', help: null };
  const help = 'npm install; boards cannot be reached without it, `--port virtual` can';
  return { name, state: 'problem', found: problem, help };
}

async function ports(): Promise<readonly Finding[]> {
  const found = await serialPorts().catch(() => []);
  if (found.length > 0) return found.map(portFinding);
  const help = 'plug a board in; `--port virtual` needs none';
  return [{ name: 'serial ports', state: 'absent', found: 'none', help }];
}

function portFinding(port: SerialPortInfo): Finding {
  const { path, vendor, product } = port;
  const names = boards
    .filter(({ usb }) => usb.vendor === vendor && usb.product === product)
    .map(({ name }) => name);
  const found = names.length > 0 ? `the adapter of ${names.join(' or ')}` : 'of no board we know';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return { name: path, state: 'ok', found, help: null };
  } catch {
    const help = `you may not open it: ${permissionHelp(path)}`;
    return { name: path, state: 'problem', found, help };
  }
}

function terminals(): Finding {
  const there = openTerminal() !== undefined;
  return {
    name: 'pseudo-terminals',
    state: there ? 'ok' : 'absent',
    found: there ? 'for `--port virtual`' : 'none: `--port virtual` is reached in memory',
    help: null,
  };
}

function verilator(version: string | undefined): Finding {
  const name = 'Verilator';
  if (version !== undefined) return { name, state: 'ok', found: version, help: null };
  const help = 'apt-get install verilator g++ make: simulates circuits ten times faster than npm';
  return { name, state: 'absent', found: 'not installed, or before version 5', help };
}

function yowasp(name: string): Finding {
  const full = `@yowasp/${name}`;
  try {
    createRequire(import.meta.url).resolve(full);
    return { name: full, state: 'ok', found: 'installed', help: null };
  } catch {
    const help = `npm install ${full}: for \`plastron bitstream\`, and circuits without Verilator`;
    return { name: full, state: 'absent', found: 'not installed', help };
  }
}
