import { expect } from 'vitest';
import type { Program } from '../../compiler/levels/program/program.js';
import { createEmulator, type Emulator } from '../../runtime/emulator/machine.js';
import type { Inputs } from '../../src/network/machine.js';
import { loihiArchitecture } from '../../targets/loihi/architecture.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';

const architecture = loihiArchitecture('loihi2', LOIHI2.learning);
const COUNTERS = ['step', 'cycles', 'saturations', 'spikes', 'packets', 'hops', 'decipicojoules'];

/** A Program on generated code and on the interpreter. */
export function bothWays(program: Program): readonly [generated: Emulator, truth: Emulator] {
  return [
    createEmulator(program, architecture),
    createEmulator(program, architecture, { interpret: true }),
  ];
}

/** Runs both in lockstep: state, cycles, energy and events after every step. Returns how many values were compared. */
export function assertSame(
  [generated, truth]: readonly [Emulator, Emulator],
  seed: number,
  steps: number,
  inputs: (step: number) => Inputs,
  between: (machine: Emulator, step: number) => void = () => undefined,
): number {
  let compared = 0;
  const both = [generated, truth];
  for (const machine of both) machine.reset({ seed });
  for (let step = 0; step < steps; step++) {
    for (const machine of both) between(machine, step);
    const [left, right] = both.map((machine) => ({ ...machine.step(inputs(step)) }));
    expect(left, `outputs of step ${step}`).toEqual(right);
    for (const { probe } of truth.shape.probes) {
      const expected = Array.from(truth.read(probe));
      compared += expected.length;
      const place = `step ${step}, ${JSON.stringify(probe)}`;
      expect(Array.from(generated.read(probe)), place).toEqual(expected);
    }
    for (const name of COUNTERS) {
      const [a, b] = both.map((machine) => machine.read({ kind: 'counter', name })[0]);
      expect(a, `step ${step}, ${name}`).toBe(b);
    }
    const [a, b] = [generated.accounting, truth.accounting];
    expect(a.cores, `step ${step}, cores`).toEqual(b.cores);
    expect(Array.from(a.phaseCycles), `step ${step}, phases`).toEqual(Array.from(b.phaseCycles));
    compared += COUNTERS.length;
  }
  return compared;
}
