import { scaleOf } from '../../../compiler/levels/numbers/format.js';
import type { Inputs, LaneMachine, Machine, Probe } from '../../../src/network/machine.js';
import { inputsOf, SEED, SYNAPSES, WORK } from './work.js';

/** What a batch needs of a machine. */
export type Runner = Pick<LaneMachine, 'lanes' | 'shape' | 'reset' | 'step' | 'read'>;

/** A machine of one network as a runner of one lane. */
export const single = (machine: Machine): Runner => ({
  lanes: 1,
  shape: machine.shape,
  reset: (options) => machine.reset(options),
  step: ([inputs]) => void machine.step(inputs!),
  read: (probe) => machine.read(probe),
});

/** State that machines of every kind are compared by, in the order of the C programs. */
const COMPARED: readonly Probe[] = [
  { kind: 'weight', projection: 'observation->hidden' },
  { kind: 'weight', projection: 'hidden->action' },
  { kind: 'variable', population: 'hidden', name: 'v' },
  { kind: 'variable', population: 'hidden', name: 'spike' },
  { kind: 'variable', population: 'hidden', name: 'trace' },
  { kind: 'variable', population: 'action', name: 'value' },
];

/** One of so many rounds that two sides take in turn. */
export interface BatchRound {
  /** Synapse updates: one for a synapse in a step. */
  readonly updates: number;
  readonly seconds: number;
  /** Of the state that the members end with. */
  readonly checksum: number;
}

/** Members at work on machines: each lives through `episodes` whole episodes, and then the next one does. */
export class Batch {
  readonly members: number;
  constructor(private readonly runners: readonly Runner[]) {
    this.members = runners.reduce((sum, { lanes }) => sum + lanes, 0);
  }

  round(episodes: number): BatchRound {
    const started = performance.now();
    let first = 0;
    for (const runner of this.runners) {
      for (let i = 0; i < episodes; i++) episode(runner, first);
      first += runner.lanes;
    }
    const seconds = (performance.now() - started) / 1000;
    const updates = episodes * this.members * WORK.steps * SYNAPSES;
    return { updates, seconds, checksum: this.checksum() };
  }

  /** FNV-1a over the words of all state: the bits of float32, or integers of 32 bits. */
  private checksum(): number {
    let hash = 2166136261;
    for (const runner of this.runners) {
      for (let lane = 0; lane < runner.lanes; lane++) {
        for (const probe of COMPARED) {
          for (const word of wordsOf(runner, probe, lane)) {
            hash = Math.imul(hash ^ word, 16777619);
          }
        }
      }
    }
    return hash >>> 0;
  }
}

function episode(runner: Runner, first: number): void {
  const inputs: Inputs[] = [];
  runner.reset({ seed: SEED });
  for (let step = 0; step < WORK.steps; step++) {
    for (let lane = 0; lane < runner.lanes; lane++) inputs[lane] = inputsOf(first + lane, step);
    runner.step(inputs);
  }
}

function wordsOf(runner: Runner, probe: Probe, lane: number): Int32Array {
  const text = JSON.stringify(probe);
  const shape = runner.shape.probes.find((p) => JSON.stringify(p.probe) === text);
  const values = runner.read(probe, lane);
  if (!shape?.format) return new Int32Array(Float32Array.from(values).buffer);
  const scale = scaleOf(shape.format.fraction);
  return Int32Array.from(values, (value) => value * scale);
}
