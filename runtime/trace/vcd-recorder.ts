import { type Format, unsigned } from '../../compiler/levels/numbers/format.js';
import type { ChipMachine } from '../../compiler/target.js';
import type { Probe } from '../../src/network/machine.js';
import { sameProbe } from '../../src/network/probes.js';
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

const COUNTER: Format = unsigned(53, 0);

/** Signals that are read together. */
interface Reading {
  readonly probe: Probe;
  readonly scale: number;
  /** Element of the probe, and the variable that it is. */
  readonly elements: readonly (readonly [index: number, variable: number])[];
}

/**
 * Dumps the run of a chip from its first reset: one time per network step, its end, in cycles of the chip; the first, 0, has the state after the reset. Time goes on over resets, counters begin anew, `episode` counts from 0.
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
    private readonly chip: ChipMachine,
    sink: TextSink,
    options: VcdOptions = {},
  ) {
    const { program, nanosecondsPerCycle } = chip;
    const signals = signalsOf(chip, options.signals, options.mostSignals ?? MOST_SIGNALS);
    const { timescale, unitsPerCycle } = timescaleOf(nanosecondsPerCycle);
    this.unitsPerCycle = unitsPerCycle;
    const top = program.name;
    const counter = (name: string, ...scope: string[]): VcdVariable => ({
      scope: [top, ...scope],
      name,
      format: COUNTER,
    });
    const counters = [
      counter('episode'),
      ...chip.counters.map((name) => counter(name)),
      ...program.cores.map(({ index }) => counter('cycles', `core${index}`)),
    ];
    const variables = signals.map((signal) => ({ ...signal, scope: [top, ...signal.scope] }));
    this.readings = readingsOf(signals, counters.length);
    this.values = new Float64Array(counters.length + signals.length);
    this.writer = new VcdWriter(
      sink,
      {
        version: program.tool,
        comment: `${program.name} on ${program.target}; one time per network step, ${nanosecondsPerCycle} ns per cycle`,
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
    this.cycles = this.chip.read({ kind: 'counter', name: 'cycles' })[0]!;
    this.sample();
  }

  private sample(): void {
    const { chip, values } = this;
    let at = 0;
    values[at++] = this.episode;
    for (const name of chip.counters) values[at++] = chip.read({ kind: 'counter', name })[0]!;
    for (const cycles of chip.coreCycles()) values[at++] = cycles;
    for (const { probe, scale, elements } of this.readings) {
      const reals = chip.read(probe);
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
