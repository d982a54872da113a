import type * as Tf from '@tensorflow/tfjs-core';
import { createLaneMachine } from '../../../runtime/host/lanes.js';
import type { Skipped } from '../row.js';
import {
  inputsOf,
  memberNetwork,
  PARAMETERS,
  PROJECTIONS,
  parameterOf,
  SYNAPSES,
  WORK,
} from './work.js';

/**
 * How far weights (at most 1) may be from those of our machine after the compared steps. TensorFlow.js adds products in an
 * order of its own.
 */
export const WORST_DIFFERENCE = 1e-4;
/** Few enough that no neuron has crossed its threshold on one side alone: from then on the sides would be two networks. */
const COMPARED_STEPS = 3;
const COMPARED_MEMBERS = 4;

/** TensorFlow.js on its WebAssembly backend, which has SIMD and, under Node.js, no threads. */
export async function loadTensors(
  load: () => Promise<typeof Tf> = importTensors,
): Promise<typeof Tf | Skipped> {
  try {
    const tf = await load();
    await tf.setBackend('wasm');
    await tf.ready();
    return tf;
  } catch {
    return {
      skipped:
        'TensorFlow.js is not installed: npm install --no-save @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
    };
  }
}

async function importTensors(): Promise<typeof Tf> {
  await import('@tensorflow/tfjs-backend-wasm');
  return import('@tensorflow/tfjs-core');
}

interface Projection {
  weights: Tf.Tensor3D;
  /** lr, A, B, C, D. */
  readonly parameters: readonly Tf.Tensor3D[];
}

interface Neurons {
  v: Tf.Tensor2D;
  spike: Tf.Tensor2D;
  trace: Tf.Tensor2D;
}

/** The members of a batch in tensors [member, pre, post]. */
export class TensorBatch {
  private readonly projections: readonly Projection[];
  private readonly neurons: Neurons;
  private readonly observations: readonly Tf.Tensor2D[];
  private step = 0;

  constructor(
    private readonly tf: typeof Tf,
    private readonly members: number,
  ) {
    const { pre, hidden, post, inputRows } = WORK;
    const shapes = [
      [members, pre, hidden],
      [members, hidden, post],
    ] as const;
    this.projections = shapes.map((shape, q) => ({
      weights: tf.zeros(shape as [number, number, number]),
      parameters: PARAMETERS.map((_, index) => {
        const { synapses } = PROJECTIONS[q]!;
        const values = new Float32Array(members * synapses);
        for (let m = 0; m < members; m++) values.set(parameterOf(m, q, index), m * synapses);
        return tf.tensor3d(values, shape as [number, number, number]);
      }),
    }));
    const zeros = (): Tf.Tensor2D => tf.zeros([members, hidden]);
    this.neurons = { v: zeros(), spike: zeros(), trace: zeros() };
    this.observations = Array.from({ length: inputRows }, (_, step) =>
      tf.tensor2d(
        Array.from({ length: members }, (_, m) => [
          ...Float32Array.from(inputsOf(m, step).values['observation']!),
        ]),
      ),
    );
  }

  /** So many steps, until the last weight is there; what came of them in synapse updates and seconds. */
  async round(steps: number): Promise<readonly [updates: number, seconds: number]> {
    const started = performance.now();
    for (let i = 0; i < steps; i++) this.run();
    for (const { weights } of this.projections) await weights.data();
    return [steps * this.members * SYNAPSES, (performance.now() - started) / 1000];
  }

  /** The largest difference of a weight from `createLaneMachine` after the first steps. */
  async worstDifference(): Promise<number> {
    await this.round(COMPARED_STEPS);
    let worst = 0;
    for (let member = 0; member < COMPARED_MEMBERS; member++) {
      const machine = createLaneMachine(memberNetwork(member));
      const inputs = Array.from({ length: machine.lanes });
      machine.reset({ seed: 0 });
      for (let step = 0; step < COMPARED_STEPS; step++) {
        machine.step(inputs.map(() => inputsOf(member, step)));
      }
      for (const [q, { name: projection, synapses }] of PROJECTIONS.entries()) {
        const theirs = await this.projections[q]!.weights.data();
        const ours = machine.read({ kind: 'weight', projection }, 0);
        for (let k = 0; k < synapses; k++) {
          worst = Math.max(worst, Math.abs(ours[k]! - theirs[member * synapses + k]!));
        }
      }
    }
    return worst;
  }

  private run(): void {
    const { tf, neurons } = this;
    const [first, second] = this.projections as readonly [Projection, Projection];
    const observation = this.observations[this.step++ % WORK.inputRows]!;
    const old = [neurons.v, neurons.spike, neurons.trace, first.weights, second.weights];
    const next = tf.tidy(() => {
      const hidden = this.live(this.currents(first, observation));
      const value = this.currents(second, hidden.spike);
      const weights = this.learn(first, observation, hidden.trace);
      return { ...hidden, weights, moreWeights: this.learn(second, hidden.trace, value) };
    });
    Object.assign(neurons, { v: next.v, spike: next.spike, trace: next.trace });
    first.weights = next.weights;
    second.weights = next.moreWeights;
    for (const tensor of old) tensor.dispose();
  }

  private currents({ weights }: Projection, payload: Tf.Tensor2D): Tf.Tensor2D {
    const { tf } = this;
    return tf.squeeze(tf.matMul(tf.expandDims(payload, 1), weights), [1]);
  }

  /** ternary_lif. */
  private live(current: Tf.Tensor2D): Neurons {
    const { tf } = this;
    const { v, trace } = this.neurons;
    const e = Math.fround(Math.E);
    const moved = tf.add(v, tf.div(tf.sub(current, v), e));
    const fires = tf.greater(tf.abs(moved), Math.fround(0.1));
    const spike = tf.where(fires, tf.sign(moved), tf.zerosLike(moved));
    return {
      v: tf.where(fires, tf.zerosLike(moved), moved) as Tf.Tensor2D,
      spike: spike as Tf.Tensor2D,
      trace: tf.add(tf.div(trace, e), tf.mul(1 - 1 / e, spike)) as Tf.Tensor2D,
    };
  }

  /** pdlf with `normalize max`: x · A · (y − C) + B · y + D. */
  private learn({ weights, parameters }: Projection, x: Tf.Tensor2D, y: Tf.Tensor2D): Tf.Tensor3D {
    const { tf } = this;
    const [lr, a, b, c, d] = parameters as readonly [
      Tf.Tensor3D,
      Tf.Tensor3D,
      Tf.Tensor3D,
      Tf.Tensor3D,
      Tf.Tensor3D,
    ];
    const before = tf.expandDims(x, 2);
    const after = tf.expandDims(y, 1);
    const both = tf.mul(tf.mul(a, before), tf.sub(after, c));
    const next = tf.add(weights, tf.mul(lr, tf.add(tf.add(both, tf.mul(b, after)), d)));
    const largest = tf.max(tf.abs(next), [1, 2], true);
    // `divNoNan` would do, ten times slower.
    const divisor = tf.where(tf.equal(largest, 0), tf.onesLike(largest), largest);
    return tf.div(next, divisor) as Tf.Tensor3D;
  }
}
