import { workerData } from 'node:worker_threads';
import { kernelsOf } from '../host/packed-memory.js';
import { OneThread } from './crew.js';
import {
  CONTROL,
  coresOf,
  FINISH,
  FINISH_FROZEN,
  nextOrder,
  STOP,
  type ThreadContext,
} from './threads.js';

/** A worker thread of an emulator: carries out orders on its cores until it is told to stop. */
const context: ThreadContext = workerData;
const { control, chip, own, module, memory } = context;
const cores = new OneThread(coresOf(context, own, kernelsOf(module, memory)));

function obey(what: number): void {
  chip.seed = control[CONTROL.seed]! >>> 0;
  chip.step = control[CONTROL.step]!;
  chip.edits = control[CONTROL.edits]!;
  chip.modulator = control[CONTROL.modulator]!;
  if (what === FINISH || what === FINISH_FROZEN) cores.finish(what === FINISH);
  else cores.runPhase(what);
}

let order = 0;
for (;;) {
  order = nextOrder(control, order);
  const what = control[CONTROL.what]!;
  if (what === STOP) break;
  try {
    obey(what);
  } catch (error) {
    control[CONTROL.failed] = 1;
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  }
  if (Atomics.sub(control, CONTROL.missing, 1) === 1) Atomics.notify(control, CONTROL.missing);
}
