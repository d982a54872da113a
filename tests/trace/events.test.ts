import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventRecorder } from '../../runtime/trace/events.js';
import { emulatorOf, newSink, runEpisodes, textOf } from './emulators.js';

const event = z.discriminatedUnion('ph', [
  z.strictObject({
    ph: z.literal('X'),
    pid: z.literal(1),
    tid: z.number(),
    name: z.string(),
    ts: z.number().nonnegative(),
    dur: z.number().nonnegative(),
    args: z.strictObject({ step: z.number(), cycles: z.number() }),
  }),
  z.strictObject({
    ph: z.literal('C'),
    pid: z.literal(1),
    name: z.enum(['spikes', 'energy']),
    ts: z.number(),
    args: z.record(z.string(), z.number()),
  }),
  z.strictObject({
    ph: z.literal('M'),
    pid: z.literal(1),
    tid: z.number(),
    name: z.enum(['process_name', 'thread_name', 'thread_sort_index']),
    args: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);
const file = z.strictObject({
  displayTimeUnit: z.literal('ns'),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(event),
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('trace events of a run', () => {
  const emulator = emulatorOf();
  const { accounting } = emulator;
  const sink = newSink();
  const recorder = new EventRecorder(emulator, sink);
  const phases: number[][] = [];
  const totals = { cycles: [0, 0], spikes: [0, 0], decipicojoules: [0, 0] };
  const cores = [0, 1].map(() => accounting.cores.map(() => 0));
  runEpisodes(emulator, recorder, [10, 6], (episode) => {
    phases.push([...accounting.phaseCycles]);
    for (const name of ['cycles', 'spikes', 'decipicojoules'] as const) {
      totals[name][episode] = accounting[name];
    }
    for (const [i, core] of accounting.cores.entries()) cores[episode]![i] = core.cycles;
  });
  recorder.finish();
  const { traceEvents, otherData } = file.parse(JSON.parse(textOf(sink)));
  const slices = traceEvents.filter((e) => e.ph === 'X');
  const tracks = new Map(
    traceEvents.flatMap((e) =>
      e.ph === 'M' && e.name === 'thread_name' ? [[`${e.args['name']}`, e.tid] as const] : [],
    ),
  );
  const on = (track: string) => slices.filter((s) => s.tid === tracks.get(track));

  it('has a track of steps, one of phases and one per core', () => {
    expect([...tracks.keys()]).toEqual([
      'steps',
      'phases',
      ...accounting.cores.map((c) => `core ${c.core}`),
    ]);
    expect(otherData).toMatchObject({ program: 'policy', target: 'loihi2' });
    expect(new Set(on('phases').map((s) => s.name))).toEqual(
      new Set(['phase 0', 'phase 1: hidden', 'phase 2: action', 'learning']),
    );
  });

  it('sums to the cycles of the accounting: in all, per step and phase, and per core', () => {
    const all = sum(totals.cycles);
    expect(sum(on('steps').map((s) => s.args.cycles))).toBe(all);
    expect(sum(on('phases').map((s) => s.args.cycles))).toBe(all);
    const perPhase = on('phases').map((s) => s.args.cycles);
    expect(perPhase).toEqual(phases.flat());
    for (const [i, { core }] of accounting.cores.entries()) {
      const work = on(`core ${core}`).map((s) => s.args.cycles);
      expect(sum(work)).toBe(cores[0]![i]! + cores[1]![i]!);
      expect(sum(work)).toBeGreaterThan(0);
    }
  });

  it('puts one slice behind the other, in microseconds of 0.1 ns cycles', () => {
    let cycles = 0;
    for (const slice of on('phases')) {
      expect(slice.ts).toBeCloseTo(cycles * 1e-4, 9);
      expect(slice.dur).toBeCloseTo(slice.args.cycles * 1e-4, 9);
      cycles += slice.args.cycles;
    }
    const begins = new Map(on('phases').map((s) => [`${s.name} ${s.ts}`, s.dur]));
    for (const { core } of accounting.cores) {
      for (const { name, ts, dur } of on(`core ${core}`)) {
        expect(dur).toBeLessThan(begins.get(`${name} ${ts}`)!);
      }
    }
    expect(on('steps').map((s) => s.args.step)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => i),
      ...Array.from({ length: 6 }, (_, i) => i),
    ]);
  });

  it('counts spikes and energy per step', () => {
    const counter = (name: string, key: string): number[] =>
      traceEvents.flatMap((e) => (e.ph === 'C' && e.name === name ? [e.args[key]!] : []));
    const spikes = counter('spikes', 'per step');
    expect(spikes).toHaveLength(16);
    expect(sum(spikes)).toBe(sum(totals.spikes));
    expect(sum(spikes)).toBeGreaterThan(0);
    const energy = counter('energy', 'pJ per step');
    expect(sum(energy)).toBeCloseTo(sum(totals.decipicojoules) / 10, 6);
  });

  it('stops listening when it is finished, and begins with a reset', () => {
    expect(accounting.listener).toBeUndefined();
    const early = new EventRecorder(emulator, newSink());
    const inputs = { values: { observation: new Float64Array(6) }, modulator: 0 };
    expect(() => emulator.step(inputs)).toThrow('begins with a reset');
    early.finish();
  });
});
