import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticsError, fail } from '../../compiler/diagnostics/diagnostic.js';

/**
 * The bytes of a file. `what` says what the file is meant to be, as in `the model`.
 *
 * @throws DiagnosticsError PL4010 (missing), PL4011 (unreadable), PL4012 (a folder).
 */
export function readBytes(path: string, what: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    return failReading(path, what, codeOf(error));
  }
}

/**
 * The text of a UTF-8 file, without a byte order mark.
 *
 * @throws DiagnosticsError PL4013 when the bytes are no UTF-8 text, and what `readBytes` throws.
 */
export function readText(path: string, what: string): string {
  const bytes = readBytes(path, what);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const help =
      'it may be a model or another binary file; a text in another encoding must be saved as UTF-8';
    return fail(
      diagnostic('PL4013', `${what} \`${path}\` is not text: its bytes are not UTF-8`, { help }),
    );
  }
}

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, flushed to the disk, then renamed.
 * A link is followed; what is no regular file (a pipe, `/dev/null`) is written to directly.
 *
 * @throws DiagnosticsError PL4014 (cannot be written), PL4012 (a folder), PL4015 (no space).
 */
export function writeFileAtomic(path: string, content: Uint8Array | string): void {
  writing(path, () => {
    const existing = existingFile(path);
    if (existing && !existing.isFile()) {
      writeAndFlush(path, content, 'w');
      return;
    }
    const target = existing ? realpathSync(path) : path;
    withTemporary(target, (temporary) => {
      writeAndFlush(temporary, content, 'wx');
      if (existing) chmodSync(temporary, existing.mode);
      renameSync(temporary, target);
    });
  });
}

/**
 * Finds out whether `writeFileAtomic` could write `path`, before the work whose result is to go there; same errors. Takes away
 * what a process left there that was killed while it wrote.
 *
 * @throws DiagnosticsError PL4016 where `path` is one of the files in `inputs`, by whatever name: it would be lost.
 */
export function checkWritable(path: string, inputs: readonly (string | undefined)[] = []): void {
  for (const input of inputs) {
    if (input === undefined || !isSameFile(path, input)) continue;
    const help = 'write to another file';
    fail(diagnostic('PL4016', `\`${path}\` is read by this command, and would be lost`, { help }));
  }
  writing(path, () => {
    const existing = existingFile(path);
    if (existing && !existing.isFile()) return;
    const target = existing ? realpathSync(path) : path;
    withTemporary(target, (temporary) => {
      closeSync(openSync(temporary, 'wx'));
    });
    for (const old of abandoned(target)) rmSync(old, { force: true });
  });
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => (existsSync(file) ? statSync(file) : undefined));
  return a?.isFile() === true && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Milliseconds after which nobody still writes a temporary file. */
const ABANDONED = 60_000;

/** Temporary files of `target` that were left behind. */
function abandoned(target: string): readonly string[] {
  const [before, after] = temporaryName(target, '*').split('*') as [string, string];
  return namesIn(dirname(target))
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .filter((name) => /^[0-9a-f]{12}$/.test(name.slice(before.length, -after.length)))
    .map((name) => join(dirname(target), name))
    .filter((file) => {
      const stats = statSync(file, { throwIfNoEntry: false });
      return stats !== undefined && stats.mtimeMs < Date.now() - ABANDONED;
    });
}

/** A folder that may be written to may still be none that may be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const temporaryName = (target: string, random: string): string =>
  `.${basename(target)}.${random}.tmp`;

/** Makes a folder, and those above it, unless it is there. Throws DiagnosticsError PL4014 or PL4015. */
export function makeFolder(path: string): void {
  writing(path, () => {
    mkdirSync(path, { recursive: true });
  });
}

/** What stands at `path` already and may be written; undefined when nothing does. A folder is refused. */
function existingFile(path: string): Stats | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (stats.isDirectory()) {
    fail(diagnostic('PL4012', `\`${path}\` is a folder, not a file`));
  }
  accessSync(path, constants.W_OK);
  return stats;
}

/** Calls `use` with a new name in the folder of `target`; nothing of that name is left behind. */
function withTemporary(target: string, use: (temporary: string) => void): void {
  const name = temporaryName(target, randomBytes(6).toString('hex'));
  const temporary = join(dirname(target), name);
  try {
    use(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeAndFlush(path: string, content: Uint8Array | string, flag: 'w' | 'wx'): void {
  const descriptor = openSync(path, flag);
  try {
    writeFileSync(descriptor, content);
    if (flag === 'wx') fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof DiagnosticsError) throw error;
    failWriting(path, codeOf(error));
  }
}

/** What an error number of the system means to the reader. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'links of the path lead in a circle',
  EEXIST: 'a file of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

const NO_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function failReading(path: string, what: string, code: string): never {
  const place = `${what} \`${path}\``;
  const known: Readonly<Record<string, readonly [DiagnosticCode, string]>> = {
    ENOENT: ['PL4010', `${place} does not exist`],
    EISDIR: ['PL4012', `${place} is a folder, not a file`],
  };
  const [number, message] = known[code] ?? [
    'PL4011',
    `${place} cannot be read: ${REASONS[code] ?? code}`,
  ];
  fail(diagnostic(number, message));
}

function failWriting(path: string, code: string): never {
  if (NO_SPACE.has(code)) {
    fail(diagnostic('PL4015', `\`${path}\` cannot be written: there is no space left for it`));
  }
  if (code === 'EISDIR') fail(diagnostic('PL4012', `\`${path}\` is a folder, not a file`));
  const folder = dirname(path);
  const missing = code === 'ENOENT' && !existsSync(folder);
  const reason =
    code === 'ENOENT' && !missing ? 'no file can be made there' : (REASONS[code] ?? code);
  const help = missing
    ? `make the folder first: mkdir -p ${JSON.stringify(folder)}`
    : 'write to another place';
  fail(diagnostic('PL4014', `\`${path}\` cannot be written: ${reason}`, { help }));
}

/** The system's word for what went wrong; an error without one is a bug and goes on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  throw error;
}
