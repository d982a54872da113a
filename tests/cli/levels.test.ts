import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFixed } from '../../compiler/levels/fixed/parse.js';
import { printFixed } from '../../compiler/levels/fixed/print.js';
import { parseMicro } from '../../compiler/levels/micro/parse.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { parseProgram } from '../../compiler/levels/program/parse.js';
import { PIPELINE } from '../../compiler/pipeline.js';
import { exportOnnx } from '../../src/formats/onnx/export.js';
import { parseNetwork } from '../../src/network/parse-text.js';
import { networkWith } from '../levels/networks.js';
import { plastron, type Ran } from './fake-host.js';

let folder = '';
const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-levels-'));
  writeFileSync(at('m.onnx'), exportOnnx(networkWith('lif', 'hebb')));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const compile = (line: string): Promise<Ran> =>
  plastron(
    `compile @m.onnx --target loihi2 -o @p ${line}`
      .trim()
      .split(' ')
      .map((word) => (word.startsWith('@') ? at(word.slice(1)) : word)),
  );

describe('--emit', () => {
  it('writes a level in place of the Program, and says so', async () => {
    const { exit, stdout } = await compile('--emit fixed');
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /p written: 28 synapses on 1 core of loihi2, the fixed level as text\n$/,
    );
    const fixed = parseFixed(textOf('p'), 'p');
    expect(fixed.name).toBe('own');
    expect(printFixed(fixed)).toBe(textOf('p'));
  });

  it('writes texts that are read back, all of one compilation', async () => {
    await compile('--emit network');
    const network = parseNetwork(textOf('p'), 'p');
    await compile('--emit micro');
    const micro = parseMicro(textOf('p'), 'p');
    expect(micro.fixed.populations.map((p) => p.name)).toEqual(
      network.populations.map((p) => p.name),
    );
    await compile('--emit program');
    const program = parseProgram(textOf('p'), 'p');
    await compile('');
    expect(decodeProgram(readFileSync(at('p')), 'p')).toEqual(program);
  });
});

describe('--print-after', () => {
  it('prints the level of each pass on standard output, also under --quiet', async () => {
    for (const { name } of PIPELINE) {
      const { exit, stdout, stderr } = await compile(`--print-after ${name} --quiet`);
      expect([exit, stderr], name).toEqual([0, '']);
      const first = { quantise: 'fixed own', select: 'micro', schedule: 'micro' }[name as string];
      expect(stdout.split('\n')[0], name).toBe(first ?? 'network own');
      expect(stdout, name).toMatch(/\S\n$/);
    }
  });

  it('shows what the pass did', async () => {
    const levelAfter = async (pass: string): Promise<string> =>
      (await compile(`--print-after ${pass} --quiet`)).stdout;
    expect(await levelAfter('fold')).toContain('dw = k0 * x * y\n');
    expect(await levelAfter('palette')).toContain('# hidden: neurons 0 to 3 on core 0\n');
    expect(await levelAfter('select')).not.toContain(' scheduled\n');
    expect(await levelAfter('schedule')).toContain('kernel neuron hidden scheduled\n');
    await compile('--emit micro');
    const emitted = textOf('p');
    expect(await levelAfter('schedule')).toBe(emitted);
  });

  it('leaves one object on standard output under --json', async () => {
    const { stdout, stderr } = await compile('--print-after fold --pass-times --json --quiet');
    expect(JSON.parse(stdout)).toMatchObject({ command: 'compile', ok: true });
    expect(stderr).toMatch(/^network own\n/);
    expect(stderr).toContain('all passes');
  });

  it('prints the level even when a later pass finds errors', async () => {
    writeFileSync(
      at('m2.onnx'),
      exportOnnx(networkWith('lif', 'rule own\n  dw = 0.1 * exp(x) * y\n')),
    );
    const words = ['compile', at('m2.onnx'), '--target', 'loihi2', '-o', at('x')];
    const { exit, stdout, stderr } = await plastron([...words, '--print-after', 'fold']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^network own\n/);
    expect(stderr).toContain('error PL3003');
  });

  it('offers the nearest passes', async () => {
    const wrong = async (pass: string): Promise<string> => {
      const { exit, stdout, stderr } = await compile(`--print-after ${pass}`);
      expect([exit, stdout]).toEqual([2, '']);
      return stderr.split('\n')[0]!;
    };
    const start = "error: option '--print-after <pass>' argument";
    expect(await wrong('quantize')).toBe(
      `${start} 'quantize' is invalid. There is no such pass: did you mean \`quantise\`?`,
    );
    expect(await wrong('xyzxyz')).toContain('there are: `fold`, `legalise`, `tag`, `partition`');
  });
});

describe('--pass-times', () => {
  it('prints milliseconds per pass by the clock of the host', async () => {
    const { stdout } = await compile('--pass-times --quiet');
    expect(stdout).toBe(
      [
        'pass        milliseconds',
        ...PIPELINE.map(({ name }) => `${name.padEnd(10)}        1000.0`),
        `all passes        ${PIPELINE.length}000.0`,
        '',
      ].join('\n'),
    );
  });
});
