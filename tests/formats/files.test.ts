import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import {
  checkWritable,
  makeFolder,
  readBytes,
  readText,
  writeFileAtomic,
} from '../../src/formats/files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);

/** The codes and messages that a call fails with, the folder's name left out. */
function failure(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map((d) => `${d.code} ${d.message.replaceAll(folder, '')}`);
  }
  return [];
}

describe('reading', () => {
  it('gives bytes, and text without its byte order mark', () => {
    writeFileSync(at('a'), '\ufeffα\n');
    expect([...readBytes(at('a'), 'the model')]).toEqual([0xef, 0xbb, 0xbf, 0xce, 0xb1, 0x0a]);
    expect(readText(at('a'), 'the rule')).toBe('α\n');
  });

  it('says what is wrong with the file', () => {
    writeFileSync(at('binary'), Uint8Array.of(0xff, 0xfe));
    expect(failure(() => readBytes(at('none'), 'the model'))).toEqual([
      'PL4010 the model `/none` does not exist',
    ]);
    expect(failure(() => readBytes(folder, 'the model'))).toEqual([
      'PL4012 the model `` is a folder, not a file',
    ]);
    expect(failure(() => readBytes(at('binary/below'), 'the model'))).toEqual([
      'PL4011 the model `/binary/below` cannot be read: a part of the path is a file, not a folder',
    ]);
    expect(failure(() => readText(at('binary'), 'the rule'))).toEqual([
      'PL4013 the rule `/binary` is not text: its bytes are not UTF-8',
    ]);
  });
});

describe('writing', () => {
  it('replaces a file whole, keeps its mode, and leaves nothing else', () => {
    writeFileAtomic(at('a'), 'first');
    chmodSync(at('a'), 0o640);
    writeFileAtomic(at('a'), Uint8Array.of(1, 2, 3));
    expect([...readFileSync(at('a'))]).toEqual([1, 2, 3]);
    expect(statSync(at('a')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('writes through a link', () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/a'), 'old');
    symlinkSync(at('elsewhere/a'), at('link'));
    writeFileAtomic(at('link'), 'new');
    expect(readFileSync(at('elsewhere/a'), 'utf8')).toBe('new');
    expect(readdirSync(at('elsewhere'))).toEqual(['a']);
  });

  it('says what is wrong with the place, and writes nothing', () => {
    writeFileSync(at('a'), 'kept');
    for (const write of [checkWritable, (path: string) => writeFileAtomic(path, 'x')]) {
      expect(failure(() => write(at('missing/a')))).toEqual([
        'PL4014 `/missing/a` cannot be written: its folder does not exist',
      ]);
      expect(failure(() => write(at('a/b')))).toEqual([
        'PL4014 `/a/b` cannot be written: a part of the path is a file, not a folder',
      ]);
      expect(failure(() => write(folder))).toEqual(['PL4012 `` is a folder, not a file']);
    }
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(at('a'), 'utf8')).toBe('kept');
  });

  it.runIf(existsSync('/dev/full'))('reports a full disk', () => {
    expect(failure(() => writeFileAtomic('/dev/full', 'x'))).toEqual([
      'PL4015 `/dev/full` cannot be written: there is no space left for it',
    ]);
  });

  it('checks without a trace', () => {
    writeFileSync(at('a'), 'kept');
    checkWritable(at('a'));
    checkWritable(at('b'));
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(at('a'), 'utf8')).toBe('kept');
  });

  it('makes folders, and says when a file is in the way', () => {
    makeFolder(at('x/y'));
    makeFolder(at('x/y'));
    expect(statSync(at('x/y')).isDirectory()).toBe(true);
    writeFileSync(at('a'), '');
    expect(failure(() => makeFolder(at('a')))).toEqual([
      'PL4014 `/a` cannot be written: a file of that name is in the way',
    ]);
  });
});
