import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile } from '../../compiler/compile.js';
import { createFixedMachine } from '../../runtime/fixed/machine.js';
import { createIntegerLanes } from '../../runtime/host/integer-lanes.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Machine } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { targetNamed } from '../../targets/index.js';
import { laneAsMachine } from '../host/lane-as-machine.js';

/** Lava's fixed-point LIF with the formats that its integers have: nothing about it is known to the compiler. */
const LAVA_LIF = `
neuron lava_lif(du, dv, vth, per neuron bias)
  u     <- u * (4095 - du) / 4096  as s25.0 toward-zero
  u     <- u + 64 * I              as s25.0 nearest lava-wrap-24
  v     <- v * (4096 - dv) / 4096  as s24.0 toward-zero symmetric
  v     <- v + u + bias            as s24.0 nearest symmetric
  spike <- v > 64 * vth
  v     <- 0 on spike
`;

const rows = z.array(z.array(z.number()));
const shape = z.object({
  provenance: z.object({ repo: z.string(), commit: z.string() }),
  cases: z.array(
    z.object({
      id: z.string(),
      N: z.number(),
      T: z.number(),
      du: z.number(),
      dv: z.number(),
      vth: z.number(),
      bias_mant: z.array(z.number()),
      bias_exp: z.array(z.number()),
      u0: z.array(z.number()),
      v0: z.array(z.number()),
      a: rows,
      u: rows,
      v: rows,
      s: rows,
    }),
  ),
});
type Case = z.infer<typeof shape>['cases'][number];

const folder = process.env['PLASTRON_GOLDEN'] ?? fileURLToPath(new URL('./loihi', import.meta.url));
const files = readdirSync(folder).filter((f) => /lava_lif.*\.json$/.test(f));

function networkOf(c: Case): Network {
  const bias = c.bias_mant.map((m, i) => Math.floor(m * 2 ** c.bias_exp[i]!));
  const diagonal = c.bias_mant.map((_, i) => [i, i] as const);
  return new NetworkBuilder(c.id)
    .input('a', c.N, { clip: 1 + Math.max(...c.a.flat().map(Math.abs)) })
    .population('n', c.N, LAVA_LIF, { du: c.du, dv: c.dv, vth: c.vth, bias })
    .projection('a', 'n', { connectivity: diagonal, initialWeights: 1 })
    .output('n', { variable: 'spike' })
    .build();
}

function expectCase(machine: Machine, c: Case): number {
  const read = (name: string) =>
    Array.from(machine.read({ kind: 'variable', population: 'n', name }));
  machine.reset({ seed: 0 });
  machine.write({ kind: 'variable', population: 'n', name: 'u' }, c.u0);
  machine.write({ kind: 'variable', population: 'n', name: 'v' }, c.v0);
  for (let t = 0; t < c.T; t++) {
    machine.step({ values: { a: c.a[t]! }, modulator: 0 });
    const state = { u: read('u'), v: read('v'), s: read('spike') };
    expect(state, `${c.id}, step ${t}`).toEqual({ u: c.u[t], v: c.v[t], s: c.s[t] });
  }
  return 3 * c.N * c.T;
}

describe('a neuron of the language with stated formats is bit-exact with lava-nc/lava@b6822fbc', () => {
  it('finds vectors', () => expect(files.length).toBeGreaterThan(0));
  for (const file of files) {
    const { cases } = shape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    it(`${file}: ${cases.length} cases on fixed, the emulator and the lanes of the host`, () => {
      const target = targetNamed('loihi2');
      let compared = 0;
      for (const c of cases) {
        const { fixed, micro, bytes } = compile(networkOf(c), target, NO_CALIBRATION, {
          weightBits: 2,
        });
        compared += expectCase(createFixedMachine(fixed), c);
        compared += expectCase(target.createMachine(bytes, c.id), c);
        compared += expectCase(laneAsMachine(createIntegerLanes(micro), 3), c);
      }
      expect(compared).toBeGreaterThan(10_000);
    });
  }
});
