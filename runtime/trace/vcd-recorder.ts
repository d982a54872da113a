import { type Format, unsigned } from '../../compiler/levels/numbers/format.js';
import type { Probe } from '../../src/network/machine.js';
import { sameProbe } from '../../src/network/probes.js';
import type { Emulator } from '../emulator/machine.js';
import { MOST_SIGNALS, type Signal, signalsOf } from './signals.js';
import type { TextSink } from './sink.js';
import { timescaleOf, type VcdVariable, VcdWriter } from './vcd.js';
import type { Watcher } from './watch.js';

export interface VcdOptions {
  /** Names of the signals (PL4411 explains them); all when absent. */
  readonly signals?: readonly string[] | undefined;
  /** The most signals, the few counters not counted. */
  readonly mostSignals?: number;
}

/** Counters of the chip in a trace, as the emulator names them. */
const COUNTERS = ['step', 'cycles', 'spikes', 'saturations', 'packets', 'hops', 'decipicojoules'];

const COUNTER: Format = unsigned(53, 0);

/** Signals that are read together. */
interface Reading {
  readonly probe: Probe;
  readonly scale: number;
  /** Element of the probe, and the variable that it is. */
  readonly elements: readonly (readonly [index: number, variable: number])[];
}

/**
 * Dumps the run of an emulator from its first reset: one time per network step, its end, in cycles of the accounting; the
 * first, 0, has the state after the reset. Time goes on over resets, counters begin anew, `episode` counts from 0.
 */
export class VcdRecorder implements Watcher {
  private readonly writer: VcdWriter;
  private readonly readings: readonly Reading[];
  private readonly values: Float64Array;
  private readonly unitsPerCycle: number;
  private episode = -1;
  /** Cycles of the episodes before this one. */
  private before = 0;
  private cycles = 0;

  /** Throws DiagnosticsError PL4411 and PL4412. */
  constructor(
    private readonly emulator: Emulator,
    sink: TextSink,
    options: VcdOptions = {},
  ) {
    const { program, accounting } = emulator;
    const signals = signalsOf(emulator, options.signals, options.mostSignals ?? MOST_SIGNALS);
    const { timescale, unitsPerCycle } = timescaleOf(accounting.timing.nanosecondsPerCycle);
    this.unitsPerCycle = unitsPerCycle;
    const chip = program.name;
    const counter = (name: string, ...scope: string[]): VcdVariable => ({
      scope: [chip, ...scope],
      name,
      format: COUNTER,
    });
    const counters = [
      counter('episode'),
      ...COUNTERS.map((name) => counter(name)),
      ...program.cores.map(({ index }) => counter('cycles', `core${index}`)),
    ];
    const variables = signals.map((signal) => ({ ...signal, scope: [chip, ...signal.scope] }));
    this.readings = readingsOf(signals, counters.length);
    this.values = new Float64Array(counters.length + signals.length);
    this.writer = new VcdWriter(
      sink,
      {
        version: program.tool,
        comment: `${program.name} on ${program.target}; one time per network step, ${accounting.timing.nanosecondsPerCycle} ns per cycle`,
        timescale,
      },
      [...counters, ...variables],
    );
  }

  began(): void {
    this.episode++;
    this.before += this.cycles;
    this.cycles = 0;
    if (this.episode === 0) this.sample();
  }

  stepped(): void {
    if (this.episode < 0) throw new Error('a trace begins with a reset');
    this.cycles = this.emulator.accounting.cycles;
    this.sample();
  }

  private sample(): void {
    const { emulator, values } = this;
    let at = 0;
    values[at++] = this.episode;
    for (const name of COUNTERS) values[at++] = emulator.read({ kind: 'counter', name })[0]!;
    for (const { cycles } of emulator.accounting.cores) values[at++] = cycles;
    for (const { probe, scale, elements } of this.readings) {
      const reals = emulator.read(probe);
      for (const [index, variable] of elements) values[variable] = reals[index]! * scale;
    }
    this.writer.sample(Math.round((this.before + this.cycles) * this.unitsPerCycle), values);
  }
}

/** Signals of one probe follow one another. */
function readingsOf(signals: readonly Signal[], first: number): readonly Reading[] {
  const readings: { probe: Probe; scale: number; elements: [number, number][] }[] = [];
  for (const [i, { probe, index, format }] of signals.entries()) {
    const last = readings.at(-1);
    if (last && sameProbe(last.probe, probe)) last.elements.push([index, first + i]);
    else readings.push({ probe, scale: 2 ** format.fraction, elements: [[index, first + i]] });
  }
  return readings;
}
