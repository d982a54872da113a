import type { RecordedOutputs } from '../../src/formats/outputs.js';
import type { MachineShape, Outputs } from '../../src/network/machine.js';
import type { Watcher } from './watch.js';

/** Keeps the outputs of every step, episode after episode. */
export class OutputRecorder implements Watcher, RecordedOutputs {
  readonly ports: MachineShape['outputs'];
  readonly rows: Float64Array[] = [];

  constructor(shape: MachineShape) {
    this.ports = shape.outputs;
  }

  stepped(outputs: Outputs): void {
    this.rows.push(Float64Array.from(this.ports.flatMap(({ name }) => [...outputs[name]!])));
  }
}
