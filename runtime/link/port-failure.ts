import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { type Diagnostic, fail } from '../../compiler/diagnostics/diagnostic.js';

/** What a system said when a port was opened. */
export interface PortFailure {
  readonly path: string;
  readonly message: string;
}

/** Fails with what a system means by its message, and what to do: PL6010 … PL6012, PL6015. */
export function portFailed(failure: PortFailure): never {
  return fail(diagnosticOf(failure));
}

/** What a system says, and what it means. */
const MEANINGS: readonly (readonly [RegExp, (failure: PortFailure) => Diagnostic])[] = [
  [/ENOENT|ENXIO|ENODEV|no such file|no such device|file not found/i, absent],
  [/EACCES|EPERM|permission denied|access denied/i, denied],
  [/ENOTTY|EISDIR|inappropriate ioctl|is a directory/i, foreign],
  [/EBUSY|EAGAIN|cannot lock port|resource busy|temporarily unavailable/i, busy],
];

function diagnosticOf(failure: PortFailure): Diagnostic {
  const found = MEANINGS.find(([pattern]) => pattern.test(failure.message));
  if (found) return found[1](failure);
  const { path, message } = failure;
  return diagnostic('PL6015', `\`${path}\` cannot be opened: ${message}`);
}

function absent({ path }: PortFailure): Diagnostic {
  return diagnostic('PL6010', `there is no port \`${path}\``, {
    help: 'plug the board in; `plastron doctor` lists the ports that there are',
  });
}

function foreign({ path }: PortFailure): Diagnostic {
  return diagnostic('PL6015', `\`${path}\` is no serial port`, {
    help: '`plastron doctor` lists the ports that there are',
  });
}

function denied({ path }: PortFailure): Diagnostic {
  return diagnostic('PL6012', `you have no permission to open \`${path}\``, {
    help: permissionHelp(path),
  });
}

/** Bits of a mode by which the group of a file reads and writes it. */
const GROUP_MODE = 0o060;

/** What gives a user permission to open a port. */
export function permissionHelp(path: string, user = process.getuid?.()): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat && user === 0) return 'the superuser may not either: a container or sandbox forbids it';
  const isForGroup = stat !== undefined && (stat.mode & GROUP_MODE) === GROUP_MODE;
  const group = isForGroup ? nameOfGroup(stat.gid) : undefined;
  return group === undefined
    ? 'a rule of udev (MODE="0666") or a group gives it'
    : `sudo usermod -aG ${group} $USER, and log in anew: members of ${group} may open it`;
}

/** The name of a group; undefined where systems have no such thing. */
function nameOfGroup(group: number): string | undefined {
  try {
    const groups = readFileSync('/etc/group', 'utf8').split('\n');
    return groups.map((line) => line.split(':')).find(([, , id]) => id === `${group}`)?.[0];
  } catch {
    return undefined;
  }
}

function busy({ path }: PortFailure): Diagnostic {
  const holders = holdersOf(path);
  const notes = holders.map(({ pid, name }) => `process ${pid} has opened it: ${name}`);
  const help = 'end the program that has opened it, and repeat';
  return diagnostic('PL6011', `\`${path}\` is in use by another program`, { notes, help });
}

/** Processes that have opened a file, where the system shows them (/proc); those of other users it hides. */
function holdersOf(path: string): readonly { readonly pid: string; readonly name: string }[] {
  try {
    const real = realpathSync(path);
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids
      .filter((pid) => hasOpened(`/proc/${pid}/fd`, real))
      .map((pid) => ({ pid, name: nameOf(pid) }));
  } catch {
    return [];
  }
}

/** Whether one of the files that a process has opened, links in a folder, is this one. */
export function hasOpened(folder: string, path: string): boolean {
  try {
    return readdirSync(folder).some((file) => targetOf(join(folder, file)) === path);
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    // It was closed meanwhile.
    return undefined;
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return 'it has ended meanwhile';
  }
}
