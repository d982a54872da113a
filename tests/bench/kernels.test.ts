import { describe, expect, it } from 'vitest';
import { createIntegerHost } from '../../runtime/host/integer.js';
import { Batch, single } from './kernel/batch.js';
import { CProgram, gccVersion } from './kernel/c-program.js';
import { floatSource, integerSource } from './kernel/c-sources.js';
import { floatBatch, integerBatch, plainBatch } from './kernel/sides.js';
import { loadTensors, TensorBatch, WORST_DIFFERENCE } from './kernel/tensor-batch.js';
import { compiledWork, memberMicro } from './kernel/work.js';
import { kernelRows } from './rows/kernels.js';

describe('the C programs', () => {
  it.skipIf(gccVersion() === undefined)('end with the state of our machines', async () => {
    const micro = compiledWork();
    for (const [batch, source] of [
      [floatBatch(), floatSource()],
      [integerBatch(micro), integerSource(micro)],
    ] as const) {
      const program = new CProgram(source);
      const { checksum, updates } = await program.round(1);
      program.end();
      expect(batch.round(1)).toMatchObject({ checksum, updates });
    }
  });

  it('are skipped where nothing compiles them', async () => {
    for (const row of kernelRows('no-such-compiler').filter(({ name }) => name.endsWith('/c'))) {
      expect(await row.measure()).toEqual({
        skipped: 'there is no no-such-compiler: install it (apt install gcc)',
      });
    }
  });
});

describe('a batch', () => {
  it('ends with the same state in TypeScript by hand', () => {
    const { checksum } = floatBatch(4).round(1);
    expect(plainBatch(4).round(1)).toMatchObject({ checksum });
  });

  it('ends with the same state on machines of one network', () => {
    const micro = compiledWork();
    const hosts = [0, 1, 2, 3].map((m) => single(createIntegerHost(memberMicro(micro, m))));
    expect(new Batch(hosts).round(1)).toMatchObject({
      checksum: integerBatch(micro, 4).round(1).checksum,
    });
  });
});

describe('TensorFlow.js', () => {
  it('does what our machine does, nearly', async () => {
    const tf = await loadTensors();
    if ('skipped' in tf) return;
    expect(await new TensorBatch(tf, 4).worstDifference()).toBeLessThan(WORST_DIFFERENCE);
  });

  it('is skipped where it is not installed', async () => {
    const missing = await loadTensors(() => Promise.reject(new Error('not found')));
    expect(missing).toEqual({ skipped: expect.stringContaining('npm install') });
  });
});
