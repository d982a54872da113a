import type { Machine, Outputs } from '../../src/network/machine.js';

/** Hears of a run. */
export interface Watcher {
  /** After every reset. */
  began?(): void;
  /** After every step. The arrays are the machine's and are overwritten by its next step. */
  stepped?(outputs: Outputs): void;
}

/** The machine with watchers around it: whoever drives it need not know of them. */
export function watched(machine: Machine, watchers: readonly Watcher[]): Machine {
  if (watchers.length === 0) return machine;
  return {
    shape: machine.shape,
    get learning() {
      return machine.learning;
    },
    set learning(on: boolean) {
      machine.learning = on;
    },
    reset(options) {
      machine.reset(options);
      for (const watcher of watchers) watcher.began?.();
    },
    step(inputs) {
      const outputs = machine.step(inputs);
      for (const watcher of watchers) watcher.stepped?.(outputs);
      return outputs;
    },
    read: (probe) => machine.read(probe),
    write: (probe, values) => machine.write(probe, values),
  };
}
