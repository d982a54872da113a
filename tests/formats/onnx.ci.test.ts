import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../src/formats/onnx/export.js';
import { importOnnx } from '../../src/formats/onnx/import.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';
import { columnsOf, rowStarts } from '../../src/network/synapses.js';
import { printNetwork } from '../../src/network/text.js';
import { networkOf, noise } from '../lockstep/random-networks.js';
import { base, cases } from './onnx-cases.js';

/** A state that the model carries and the machine shows; `at` says where each of its values lies in the tensor. */
interface VisibleState {
  readonly tensor: string;
  readonly probe: Probe;
  readonly dims: readonly number[];
  readonly at: ArrayLike<number>;
}

/** Lines in flight and the counter of steps are carried by the model alone. */
function visibleStates(network: Network): VisibleState[] {
  const size = (name: string) => network.populations.find((p) => p.name === name)!.size;
  return [
    ...network.populations.flatMap(({ name: population, neuron }) =>
      (neuron?.variables ?? []).map((v) => ({
        tensor: `neuron:${population}.${v.name}`,
        probe: { kind: 'variable', population, name: v.name } as const,
        dims: [size(population)],
        at: Array.from({ length: size(population) }, (_, i) => i),
      })),
    ),
    ...network.projections.flatMap((p) => {
      const { name: projection, rule } = p;
      const [pre, post] = [size(p.pre), size(p.post)];
      const starts = rowStarts(p, pre, post);
      const rowOf = (k: number): number => starts.findLastIndex((s) => s <= k);
      const at = Array.from(columnsOf(p, pre, post), (column, k) => rowOf(k) * post + column);
      const state = (name: string, probe: Probe): VisibleState => ({
        tensor: `synapse:${projection}/${name}`,
        probe,
        dims: [pre, post],
        at,
      });
      return [
        state('w', { kind: 'weight', projection }),
        ...(rule?.variables ?? []).map(({ name }) =>
          state(name, { kind: 'synapse', projection, name }),
        ),
      ];
    }),
  ];
}

/** Tensors of zeros for the inputs of known shape. */
function zeros(session: InferenceSession, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(
    session.inputMetadata.flatMap((m) => {
      if (!names.includes(m.name) || !m.isTensor) return [];
      const dims = m.shape.filter((d) => typeof d === 'number');
      const length = dims.reduce((product, d) => product * d, 1);
      return dims.length < m.shape.length ? [] : [[m.name, float(new Float32Array(length), dims)]];
    }),
  );
}

/** The values of a machine's state where its tensor has them. */
function tensorOf(machine: Machine, { probe, dims, at }: VisibleState): Tensor {
  const values = new Float32Array(dims.reduce((product, d) => product * d, 1));
  const read = machine.read(probe);
  for (let i = 0; i < read.length; i++) values[at[i]!] = read[i]!;
  return float(values, dims);
}

const float = (values: ArrayLike<number>, dims: readonly number[]) =>
  new Tensor('float32', Float32Array.from(values), dims);

describe('an exported model does in onnxruntime what the float32 reference does', () => {
  for (const [name, network] of Object.entries(cases)) {
    it(name, async () => {
      const session = await InferenceSession.create(exportOnnx(network));
      const machine = createReferenceMachine(network, { precision: 'float32' });
      const states = visibleStates(network);
      const input = network.inputs[0]!.population;
      const carried = session.outputNames
        .filter((o) => o.startsWith('final:'))
        .map((o) => o.slice(6));
      const unseen = carried.filter((c) => !states.some((s) => s.tensor === c));
      // Delay lines and the counter of steps are carried from call to call.
      let hidden = zeros(session, unseen);
      let worst = 0;
      let flips = 0;
      for (let step = 0; step < 120; step++) {
        const observation = noise(4, 3, 300 + step).map(Math.fround);
        const feeds: Record<string, Tensor> = {
          ...hidden,
          [`IN:${input}`]: float(observation, [1, 4]),
          modulator: float([step % 2], [1, 1]),
          reset: float([0], [1]),
        };
        for (const state of states) feeds[state.tensor] = tensorOf(machine, state);
        const results = await session.run(feeds);
        machine.step({ values: { [input]: observation }, modulator: step % 2 });
        for (const state of states) {
          // The whole table: where there is no synapse, the model keeps 0.
          const left = tensorOf(machine, state).data as Float32Array;
          const right = results[`final:${state.tensor}`]!.data as Float32Array;
          for (let i = 0; i < left.length; i++) {
            const [expected, given] = [left[i]!, right[i]!];
            const error = Object.is(expected, given)
              ? 0
              : Math.abs(expected - given) / Math.max(1, Math.abs(expected));
            // A spike may flip where the membrane is within rounding of its threshold; NaN is no number's neighbour.
            if (!(error <= 1e-4)) flips++;
            else worst = Math.max(worst, error);
          }
        }
        hidden = Object.fromEntries(unseen.map((c) => [c, results[`final:${c}`]!]));
      }
      console.log(`${name}: largest difference ${worst.toExponential(2)}, flips ${flips}`);
      expect(worst).toBeLessThan(5e-6);
      expect(flips).toBe(0);
    });
  }

  it('runs 20 steps in one call from the declared initial state', async () => {
    const network = networkOf(base);
    const session = await InferenceSession.create(exportOnnx(network));
    const observation = float(noise(80, 3, 5), [20, 4]);
    const results = await session.run({
      ...zeros(session, session.inputNames),
      'IN:observation': observation,
      modulator: float(new Float32Array(20), [20, 1]),
      reset: float([1], [1]),
    });
    expect(results['OUT:action']!.dims).toEqual([20, 2]);
    expect((results['OUT:action']!.data as Float32Array).some((v) => v !== 0)).toBe(true);
  });
});

describe('import', () => {
  it('reads back exactly what was exported', () => {
    for (const network of Object.values(cases)) {
      const bytes = exportOnnx(network);
      const again = importOnnx(bytes, 'model.onnx');
      expect(printNetwork(again)).toBe(printNetwork(network));
      expect(Buffer.compare(exportOnnx(again), bytes)).toBe(0);
    }
  });

  it('refuses truncated, random, foreign and altered files', () => {
    const bytes = exportOnnx(networkOf(base));
    const codes = (file: Uint8Array): string => {
      try {
        importOnnx(file, 'm.onnx');
        return 'accepted';
      } catch (error) {
        return error instanceof Error ? `${error.name} ${error.message.slice(0, 6)}` : '';
      }
    };
    for (let n = 0; n < bytes.length; n += 211) {
      expect(codes(bytes.subarray(0, n))).toMatch(/^DiagnosticsError PL/);
    }
    for (let i = 0; i < 200; i++) {
      const altered = bytes.slice();
      altered[Math.floor((noise(1, 0.5, i)[0]! + 0.5) * bytes.length)]! ^= 1 << (i % 8);
      expect(codes(altered)).toMatch(/^DiagnosticsError PL/);
    }
  });
});
