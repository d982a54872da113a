import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openCache } from '../../../targets/fpga/simulate/cache.js';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import { fixture } from './fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'plastron-cache-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('lies where the environment says', () => {
  const own = join(folder, 'own');
  expect(openCache({ PLASTRON_CACHE: own, XDG_CACHE_HOME: folder }).folder).toBe(own);
  const shared = { PLASTRON_CACHE: '', XDG_CACHE_HOME: folder };
  expect(openCache(shared).folder).toBe(join(folder, 'plastron'));
});

it('falls back to a temporary folder that nobody else writes into', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const cache = openCache({ PLASTRON_CACHE: join(file, 'below') });
  expect(cache.folder).toBe(join(tmpdir(), `plastron-${userInfo().uid}`));
  chmodSync(cache.folder, 0o777);
  expect(openCache({ PLASTRON_CACHE: join(file, 'below') }).folder).not.toBe(cache.folder);
  chmodSync(cache.folder, 0o700);
});

it('makes a file once, whole or not at all', async () => {
  const cache = openCache({ PLASTRON_CACHE: join(folder, 'files') });
  let times = 0;
  const make = async (own: string): Promise<string> => {
    times++;
    const path = join(own, 'made');
    writeFileSync(path, `made ${times}`);
    return path;
  };
  const files = await Promise.all([cache.file(['a', 'b'], make), cache.file(['a', 'b'], make)]);
  files.push(await cache.file(['a', 'b'], make));
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(Array(3).fill('made 1'));
  expect(await cache.file(['ab'], make)).not.toBe(files[0]);
  const failing = cache.file(['c'], async (own) => {
    writeFileSync(join(own, 'half'), '');
    throw new Error('no luck');
  });
  await expect(failing).rejects.toThrow('no luck');
  expect(readdirSync(cache.folder).length).toBe(2);
});

it('says which tool is missing', async () => {
  const environment = { PATH: folder, PLASTRON_CACHE: folder };
  const prepared = prepareSimulator({ ...fixture, backend: 'verilator', environment });
  await expect(prepared).rejects.toThrow('PL5501: `verilator` is not installed');
});
