import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../src/formats/onnx/export.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { plastron } from '../cli/fake-host.js';

/**
 * Each file begins with a command line as a comment; below stands what the command prints, then what it writes to `level.txt`.
 * To accept a change: PLASTRON_UPDATE_GOLDENS=1 npx vitest run --project quick tests/golden/levels.test.ts. CI never writes.
 */
const folder = fileURLToPath(new URL('levels', import.meta.url));
const names = readdirSync(folder).sort();

const mayWrite = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  environment['PLASTRON_UPDATE_GOLDENS'] === '1' && !environment['CI'];

/** `model.onnx`: a rule with a decay, which becomes a product, coefficients that differ, a delay. */
function model(): Network {
  return new NetworkBuilder('own')
    .input('input', 2, { clip: 4 })
    .population('cell', 2, NEURON)
    .population('out', 1, 'readout')
    .projection('input', 'cell', { rule: RULE, parameters: { lr: [0.5, 0.25, 0.25, -0.5] } })
    .projection('cell', 'out', { delay: 1, initialWeights: [0.5, -0.25] })
    .output('out')
    .build();
}

const NEURON = `neuron cell(tau = 2)
  v     <- v + (I - v) / tau
  spike <- v > 0.5
  v     <- 0 on spike
  trace <- trace / 2 + spike
`;

const RULE = `rule own(per synapse lr)
  dw = lr * x * (y - 0.5)
  normalize decay 0.125, clip -1 1
`;

/** What a command line prints, and what it writes, in a folder where `model.onnx` lies. */
async function outputOf(line: string): Promise<string> {
  const before = process.cwd();
  const place = mkdtempSync(join(tmpdir(), 'plastron-golden-'));
  process.chdir(place);
  try {
    writeFileSync('model.onnx', exportOnnx(model()));
    const [, ...words] = line.split(' ');
    const { exit, stdout, stderr } = await plastron(words);
    expect([exit, stderr]).toEqual([0, '']);
    const written = readdirSync('.').includes('level.txt') ? readFileSync('level.txt', 'utf8') : '';
    return stdout + written;
  } finally {
    process.chdir(before);
    rmSync(place, { recursive: true, force: true });
  }
}

describe('the text of a level', () => {
  it.each(names)('%s', async (name) => {
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const [, line, expected] = /^# (plastron .*)\n([\s\S]*)$/.exec(text) ?? [];
    const output = await outputOf(line!);
    if (mayWrite(process.env)) writeFileSync(file, `# ${line}\n${output}`);
    else expect(output).toBe(expected);
  });

  it('is written only when asked for, and never in CI', () => {
    expect(mayWrite({})).toBe(false);
    expect(mayWrite({ PLASTRON_UPDATE_GOLDENS: '1' })).toBe(true);
    expect(mayWrite({ PLASTRON_UPDATE_GOLDENS: '1', CI: 'true' })).toBe(false);
  });
});
