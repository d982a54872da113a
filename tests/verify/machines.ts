import { draw } from '../../compiler/levels/numbers/draw.js';
import { type Drive, recordedDrive } from '../../runtime/verify/drive.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Inputs, Machine, Outputs, Probe } from '../../src/network/machine.js';
import type { Network } from '../../src/network/network.js';
import { createReferenceMachine } from '../../src/network/reference.js';

/** A number in [−1, 1) for a key and an index. */
export const noise = (key: number, index: number): number =>
  draw(17, key, index, 0, 0, 0) / 2 ** 31 - 1;

export const noises = (key: number, length: number, size = 1): Float64Array =>
  Float64Array.from({ length }, (_, i) => noise(key, i) * size);

/** A plastic policy of spiking neurons; `inputs` and `outputs` are those of point-mass when absent. */
export function policy(hidden = 8, inputs = 6, outputs = 2): Network {
  const parameters = (synapses: number, key: number): Record<string, Float64Array> =>
    Object.fromEntries(
      ['lr', 'A', 'B', 'C', 'D'].map((name, i) => [name, noises(key * 8 + i, synapses, 0.5)]),
    );
  const rule =
    'rule clipped(per synapse lr, A, B, C, D)\n  dw = lr * (A * x * (y - C) + B * y + D)\n  normalize clip -1 1\n';
  return new NetworkBuilder('policy')
    .input('observation', inputs, { clip: 4 })
    .population('hidden', hidden, 'ternary_lif')
    .population('action', outputs, 'readout')
    .projection('observation', 'hidden', { rule, parameters: parameters(inputs * hidden, 1) })
    .projection('hidden', 'action', { rule, parameters: parameters(hidden * outputs, 2) })
    .output('action')
    .build();
}

/** One input, one echoing neuron, one synapse whose weight grows by `by` in every step. */
export function growing(by: number): Network {
  return new NetworkBuilder('growing')
    .input('input', 1)
    .population('out', 1, 'neuron echo()\n  value <- I\n')
    .projection('input', 'out', { rule: `rule grow()\n  dw = ${by}\n` })
    .output('out')
    .build();
}

/** `episodes` recordings of `steps` steps for input ports of these sizes. */
export function recording(
  sizes: Readonly<Record<string, number>>,
  steps: number,
  episodes = 1,
): Drive {
  const inputs = (episode: number, step: number): Inputs => ({
    values: Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [name, noises(100 + step * 7 + episode, size)]),
    ),
    modulator: noise(3, step),
  });
  const all = Array.from({ length: episodes }, (_, e) =>
    Array.from({ length: steps }, (_, t) => inputs(e, t)),
  );
  return recordedDrive(all, { name: 'recording', seed: 5 });
}

export const reference = (network: Network): Machine => createReferenceMachine(network);
export const float32 = (network: Network): Machine =>
  createReferenceMachine(network, { precision: 'float32' });

/** A machine with something done to it around its steps; `step` counts from the reset. */
export function wrapped(
  machine: Machine,
  hooks: {
    readonly after?: (machine: Machine, step: number) => void;
    readonly outputs?: (outputs: Outputs, step: number) => Outputs;
    readonly name?: string;
  },
): Machine {
  let step = 0;
  return {
    shape: { ...machine.shape, machine: hooks.name ?? machine.shape.machine },
    get learning() {
      return machine.learning;
    },
    set learning(on: boolean) {
      machine.learning = on;
    },
    reset(options) {
      step = 0;
      machine.reset(options);
    },
    step(inputs) {
      const outputs = machine.step(inputs);
      hooks.after?.(machine, step);
      const seen = hooks.outputs?.(outputs, step) ?? outputs;
      step++;
      return seen;
    },
    read: (probe) => machine.read(probe),
    write: (probe, values) => machine.write(probe, values),
  };
}

/** A machine in which one value is changed by `change` after step `at`. */
export function brokenAt(
  machine: Machine,
  probe: Probe,
  index: number,
  at: number,
  change: (value: number) => number,
): Machine {
  return wrapped(machine, {
    after: (inner, step) => {
      if (step !== at) return;
      const values = inner.read(probe);
      values[index] = change(values[index]!);
      inner.write(probe, values);
    },
  });
}
