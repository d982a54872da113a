import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { sha256 } from '../../../compiler/levels/program/sha256.js';
import type { Environment } from './simulator.js';

/** Files that take long to make, each under the hash of what it is made from. */
export interface BuildCache {
  /** Where they lie. */
  readonly folder: string;
  /**
   * The file of `parts`, made where it is missing: `make` gets an empty folder of its own, which is removed afterwards, and gives
   * the path of the file in it. A file appears whole or not at all, so that processes may build the same at once.
   */
  file(parts: readonly string[], make: (folder: string) => Promise<string>): Promise<string>;
}

/** The folder that caches belong in: PLASTRON_CACHE, else `plastron` in XDG_CACHE_HOME or ~/.cache. */
function wantedFolder(environment: Environment): string {
  const { PLASTRON_CACHE, XDG_CACHE_HOME } = environment;
  if (PLASTRON_CACHE !== undefined && PLASTRON_CACHE !== '') return resolve(PLASTRON_CACHE);
  // A relative path there is to be ignored (XDG Base Directory Specification).
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) {
    return join(XDG_CACHE_HOME, 'plastron');
  }
  return join(homedir(), '.cache', 'plastron');
}

/** Makes the folder; whether files can be written there. */
function writable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    rmSync(mkdtempSync(join(folder, 'build-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * A folder among temporary files. Others may write there too, and programs of a cache are executed: only a folder that is this
 * user's, and that nobody else may write into, keeps its name over several runs.
 */
function temporaryFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `plastron-${uid}`);
  if (writable(folder)) {
    const { uid: owner, mode } = lstatSync(folder);
    if (owner === uid && (mode & 0o022) === 0) return folder;
  }
  return mkdtempSync(join(tmpdir(), 'plastron-'));
}

/** Builds under way in this process, so that two that want the same wait for one. */
const underWay = new Map<string, Promise<string>>();

/** The cache that the environment names, else one among temporary files where that cannot be written. */
export function openCache(environment: Environment): BuildCache {
  const wanted = wantedFolder(environment);
  const folder = writable(wanted) ? wanted : temporaryFolder();
  return {
    folder,
    file(parts, make) {
      const file = join(folder, sha256(JSON.stringify(parts)));
      if (existsSync(file)) return Promise.resolve(file);
      const waiting = underWay.get(file);
      if (waiting !== undefined) return waiting;
      const made = makeFile(folder, file, make).finally(() => underWay.delete(file));
      underWay.set(file, made);
      return made;
    },
  };
}

async function makeFile(
  folder: string,
  file: string,
  make: (folder: string) => Promise<string>,
): Promise<string> {
  const own = mkdtempSync(join(folder, 'build-'));
  try {
    renameSync(await make(own), file);
    return file;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
