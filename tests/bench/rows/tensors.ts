import { floatBatch } from '../kernel/sides.js';
import { loadTensors, TensorBatch, WORST_DIFFERENCE } from '../kernel/tensor-batch.js';
import { type Measured, ratioOf } from '../measure.js';
import type { Row, Skipped } from '../row.js';

const MEMBERS = 256;
const ROUNDS = 7;
/** Steps of a round of tensors: a whole episode of 256 members takes them seconds. */
const TENSOR_STEPS = 10;

async function measure(): Promise<Measured | Skipped> {
  const tensors = await loadTensors();
  if ('skipped' in tensors) return tensors;
  const batch = new TensorBatch(tensors, MEMBERS);
  const worst = await batch.worstDifference();
  if (!(worst <= WORST_DIFFERENCE)) {
    throw new Error(`weights differ by ${worst}, more than ${WORST_DIFFERENCE}`);
  }
  const ours = floatBatch(MEMBERS);
  const left = async () => {
    const { updates, seconds } = ours.round(1);
    return [updates, seconds] as const;
  };
  return ratioOf(left, () => batch.round(TENSOR_STEPS), ROUNDS);
}

export const tensorRows = (): readonly Row[] => [
  {
    name: 'host/tfjs-wasm',
    about: `PDLF in float32, batch ${MEMBERS}: WebAssembly lanes against TensorFlow.js on WebAssembly`,
    unit: 'synapse updates/s',
    bar: { least: 10 },
    measure,
  },
];
