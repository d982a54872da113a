import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, maximumOf, minimumOf } from '../../compiler/levels/numbers/format.js';
import { timescaleOf, VcdWriter } from '../../runtime/trace/vcd.js';
import { VcdRecorder } from '../../runtime/trace/vcd-recorder.js';
import { emulatorOf, newSink, runEpisodes, textOf } from './emulators.js';
import { parseVcd } from './parse-vcd.js';

describe('a dump of a run', () => {
  const emulator = emulatorOf();
  const sink = newSink();
  /** Every integer of the machine after every step, by the path that its signal has. */
  const expected: { readonly cycles: number; readonly values: Map<string, number> }[] = [];
  let before = 0;
  let cycles = 0;
  runEpisodes(emulator, new VcdRecorder(emulator, sink), [12, 9], (episode, step) => {
    if (step === 0) before += cycles;
    cycles = emulator.accounting.cycles;
    const values = integersOf();
    values.set('policy.episode', episode);
    expected.push({ cycles: before + cycles, values });
  });
  const { timescale, variables, samples } = parseVcd(textOf(sink));

  function integersOf(): Map<string, number> {
    const values = new Map<string, number>();
    const { program, accounting } = emulator;
    for (const { probe, format } of emulator.shape.probes) {
      const integers = [...emulator.read(probe)].map((real) => real * 2 ** format!.fraction);
      if (probe.kind === 'variable') {
        for (const [i, integer] of integers.entries()) {
          const core = program.cores.find((c) =>
            c.groups.some(
              (g) =>
                program.populations[g.population]!.name === probe.population &&
                i >= g.first &&
                i < g.first + g.count,
            ),
          );
          const place = core ? `core${core.index}` : 'inputs';
          values.set(`policy.${place}.${probe.population}.${probe.name}_${i}`, integer);
        }
      }
      if (probe.kind !== 'weight') continue;
      // Dense projections: synapse k joins row k / posts and column k mod posts.
      const [pre, post] = probe.projection.split('->') as [string, string];
      const posts = program.populations.find((p) => p.name === post)!.size;
      for (const [k, integer] of integers.entries()) {
        const column = k % posts;
        const core = program.cores.find((c) =>
          c.groups.some(
            (g) =>
              program.populations[g.population]!.name === post &&
              column >= g.first &&
              column < g.first + g.count,
          ),
        )!;
        const name = `w_${Math.floor(k / posts)}_${column}`;
        values.set(`policy.core${core.index}.${pre}_to_${post}.${name}`, integer);
      }
    }
    for (const name of ['step', 'cycles', 'spikes', 'saturations', 'packets', 'hops']) {
      values.set(`policy.${name}`, emulator.read({ kind: 'counter', name })[0]!);
    }
    values.set('policy.decipicojoules', accounting.decipicojoules);
    for (const core of accounting.cores) {
      values.set(`policy.core${core.core}.cycles`, core.cycles);
    }
    return values;
  }

  it('has every variable, weight and counter of every core, in its own width', () => {
    expect(emulator.program.cores.length).toBeGreaterThan(2);
    expect([...variables.keys()].sort()).toEqual([...expected[0]!.values.keys()].sort());
    const width = (path: string) => variables.get(path)!.width;
    for (const { probe, format } of emulator.shape.probes) {
      if (probe.kind === 'variable' && probe.population === 'observation') {
        expect(width(`policy.inputs.observation.${probe.name}_0`)).toBe(format!.width);
      }
      if (probe.kind === 'weight' && probe.projection === 'observation->hidden') {
        expect(width('policy.core0.observation_to_hidden.w_0_0')).toBe(format!.width);
      }
    }
  });

  it('has the integers of the probes after every step, at the time of the accounting', () => {
    expect(timescale).toBe('100 ps');
    expect(samples.map(({ time }) => time)).toEqual([0, ...expected.map((e) => e.cycles)]);
    for (const [i, { values }] of expected.entries()) {
      expect(new Map([...samples[i + 1]!.values].sort())).toEqual(new Map([...values].sort()));
    }
  });

  it('begins with the state after the reset', () => {
    const { values } = samples[0]!;
    expect(values.size).toBe(variables.size);
    expect(values.get('policy.step')).toBe(0);
    expect(values.get('policy.core0.observation_to_hidden.w_0_0')).toBe(0);
  });

  it('changes: the run was not a dead one', () => {
    const weight = 'policy.core0.observation_to_hidden.w_0_0';
    expect(new Set(samples.map((s) => s.values.get(weight))).size).toBeGreaterThan(3);
    expect(expected.at(-1)!.values.get('policy.spikes')).toBeGreaterThan(0);
  });

  it('costs nothing when it is off, and changes nothing when it is on', () => {
    const plain = emulatorOf();
    runEpisodes(plain, {}, [12, 9]);
    expect(plain.accounting.listener).toBeUndefined();
    for (const { probe } of plain.shape.probes) {
      expect(plain.read(probe)).toEqual(emulator.read(probe));
    }
  });
});

describe('the writer', () => {
  const SEED = 20_260_801;
  const formats: fc.Arbitrary<Format> = fc.record({
    signed: fc.boolean(),
    width: fc.integer({ min: 1, max: 53 }),
    fraction: fc.constant(0),
  });
  const column = formats.chain((format) =>
    fc.record({
      format: fc.constant(format),
      scope: fc.array(fc.constantFrom('a', 'b->c', 'b_to_c', '9 d', '$end'), { maxLength: 3 }),
      name: fc.constantFrom('v', 'v[0]', 'v_0_', 'α'),
      values: fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 4, maxLength: 4 }),
      extreme: fc.constantFrom(minimumOf(format), maximumOf(format)),
    }),
  );

  it(`is read back whatever the formats and names (seed ${SEED})`, () => {
    const property = fc.property(fc.array(column, { maxLength: 120 }), (columns) => {
      const sink = newSink();
      const header = { version: '$end', comment: '', timescale: '1 ns' };
      const writer = new VcdWriter(sink, header, columns);
      const rows = [0, 1, 2, 3].map((t) =>
        columns.map(({ format, values, extreme }) => {
          const most = maximumOf(format);
          return t === 2 ? extreme : (values[t]! % Math.min(most + 1, 3)) + minimumOf(format);
        }),
      );
      for (const [t, row] of rows.entries()) writer.sample(t * 7, row);
      const { samples, variables } = parseVcd(textOf(sink));
      expect(variables.size).toBe(columns.length);
      const identifiers = [...variables].map(
        ([path, { identifier }]) => [identifier, path] as const,
      );
      expect(new Set(identifiers.map(([id]) => id)).size).toBe(columns.length);
      expect(samples.map((s) => s.time)).toEqual([0, 7, 14, 21]);
      // Identifiers count in the order of the columns: shorter first, then by their characters from the last.
      const order = (id: string): string => `${id.length}${[...id].reverse().join('')}`;
      const paths = identifiers
        .sort(([a], [b]) => (order(a) < order(b) ? -1 : 1))
        .map(([, path]) => path);
      for (const [t, row] of rows.entries()) {
        expect(paths.map((path) => samples[t]!.values.get(path))).toEqual(row);
      }
    });
    fc.assert(property, { numRuns: 200, seed: SEED });
  });

  it('writes what changed and nothing else', () => {
    const sink = newSink();
    const variables = [
      { scope: ['m'], name: 'bit', format: { signed: false, width: 1, fraction: 0 } },
      { scope: ['m'], name: 'v', format: { signed: true, width: 4, fraction: 2 } },
    ];
    const writer = new VcdWriter(
      sink,
      { version: 'x', comment: 'y', timescale: '1 ns' },
      variables,
    );
    writer.sample(0, [0, -3]);
    writer.sample(5, [1, -3]);
    writer.sample(9, [1, 2]);
    expect(textOf(sink)).toBe(
      `$version x $end
$comment y $end
$timescale 1 ns $end
$scope module m $end
  $var wire 1 ! bit $end
  $var integer 4 " v $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
0!
b1101 "
$end
#5
1!
#9
b10 "
`,
    );
  });

  it('takes the largest unit of which a cycle is a whole number', () => {
    expect(timescaleOf(0.1)).toEqual({ timescale: '100 ps', unitsPerCycle: 1 });
    expect(timescaleOf(10)).toEqual({ timescale: '10 ns', unitsPerCycle: 1 });
    expect(timescaleOf(12.5)).toEqual({ timescale: '100 ps', unitsPerCycle: 125 });
    expect(timescaleOf(1000 / 48)).toEqual({ timescale: '1 fs', unitsPerCycle: 1e9 / 48 });
  });
});
