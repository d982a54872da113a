import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { compile } from '../../../compiler/compile.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { icebreaker } from '../../../targets/fpga/boards/icebreaker.js';
import { ulx3s25f, ulx3s85f } from '../../../targets/fpga/boards/ulx3s.js';
import type { CoreConfiguration } from '../../../targets/fpga/configuration.js';
import { configurationOf } from '../../../targets/fpga/encode/parameters.js';
import { cyclesOf } from '../../../targets/fpga/encode/sequence.js';
import { coresOf, memoryUse } from '../../../targets/fpga/fit/choose.js';
import { memoriesOf, useOf } from '../../../targets/fpga/fit/memories.js';
import { designPoints, quantisedDesigns } from '../../../targets/fpga/fit/space.js';
import { fpgaTarget } from '../../../targets/fpga/index.js';
import { loadProgram } from '../../../targets/fpga/machine/loaded.js';
import { Dice } from '../../compiler/dice.js';

const SEED = 2_718;

/** Everything learns from everything in every step; sizes divide by no number of lanes. */
function learning(inputs: number, hidden: number): Network {
  const dice = new Dice(SEED);
  const coefficients = (count: number) =>
    Object.fromEntries(
      ['lr', 'A', 'B', 'C', 'D'].map((name) => [
        name,
        Float64Array.from({ length: count }, () => dice.real(-1, 1)),
      ]),
    );
  return new NetworkBuilder('learning')
    .input('observation', inputs)
    .population('hidden', hidden, 'ternary_lif')
    .population('action', 3, 'readout')
    .projection('observation', 'hidden', {
      rule: 'pdlf',
      parameters: coefficients(inputs * hidden),
    })
    .projection('hidden', 'action', { rule: 'pdlf', parameters: coefficients(hidden * 3) })
    .output('action')
    .build();
}

describe('cycles of a step', () => {
  const shapes: readonly Partial<CoreConfiguration>[] = [
    { lanes: 8, units: 4, depth: 2 },
    { lanes: 2, units: 2, depth: 3, rounds: 1, divide: 2 },
    { lanes: 1, units: 1, depth: 4, rounds: 1, divide: 1 },
    { lanes: 4, units: 1, depth: 2, rounds: 3, divide: 14 },
  ];
  it.each(shapes)('are in closed form those that the emulator counts: %o', (shape) => {
    const target = fpgaTarget({ ...ulx3s85f, core: { ...ulx3s85f.core, ...shape } }, true);
    for (const [inputs, hidden] of [
      [5, 13],
      [1, 2],
      [19, 40],
    ] as const) {
      const { bytes, program } = compile(learning(inputs, hidden), target, NO_CALIBRATION);
      const machine = target.createMachine(bytes, 'p');
      const dice = new Dice(SEED);
      const cycles = (): number => machine.read({ kind: 'counter', name: 'cycles' })[0]!;
      const step = (): void => {
        const observation = Float64Array.from({ length: inputs }, () => dice.real(1, 2));
        machine.step({ values: { observation }, modulator: 0 });
      };
      step();
      const before = cycles();
      for (let i = 0; i < 5; i++) step();
      const { commands, configuration } = loadProgram(program);
      expect((cycles() - before) / 5).toBe(cyclesOf(commands, configuration));
    }
  });
});

describe('memories', () => {
  it('take the blocks of the best shape', () => {
    const memory = { name: 'm', width: 9, words: 2304, count: 2, isSingle: false };
    // 4 bits by 1024 words: three by three blocks.
    expect(useOf(memory, 'ice40', icebreaker.resources)).toEqual({
      blockRams: 18,
      singlePortRams: 0,
    });
    expect(useOf({ ...memory, isSingle: true }, 'ice40', icebreaker.resources)).toEqual({
      blockRams: 0,
      singlePortRams: 2,
    });
    expect(useOf({ ...memory, width: 16, words: 64 }, 'ecp5', ulx3s25f.resources)).toEqual({
      blockRams: 0,
      singlePortRams: 0,
    });
  });

  it('are those of the configuration, each once', () => {
    const names = memoriesOf({ ...icebreaker.core, variableBits: 16, paletteBits: 4 }).map(
      (m) => m.name,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('palette');
    expect(names).toContain('variables of synapses');
  });

  it('of a board’s own core fit it', () => {
    for (const board of [ulx3s25f, ulx3s85f]) {
      expect(memoryUse(board.core, board).blockRams).toBeLessThanOrEqual(board.resources.blockRams);
    }
  });
});

describe('the core that is compiled for', () => {
  const shapeOf = (network: Network, target: ReturnType<typeof fpgaTarget>) => {
    const { program } = compile(network, target, NO_CALIBRATION);
    const { lanes, units } = configurationOf(program);
    return { program, lanes, units };
  };

  it('is the fastest that fits', () => {
    const { lanes, units } = shapeOf(learning(5, 13), fpgaTarget(ulx3s85f));
    expect({ lanes, units }).toEqual({ lanes: 8, units: 4 });
  });

  it('is the one that is asked for', () => {
    const asked = fpgaTarget(ulx3s85f).withParameters!('LANES=2,UNITS=1');
    expect(shapeOf(learning(5, 13), asked)).toMatchObject({ lanes: 2, units: 1 });
  });

  it('gives the same bytes when it is compiled for again', () => {
    const target = fpgaTarget(icebreaker);
    const first = compile(learning(5, 13), target, NO_CALIBRATION);
    const text = first.program.parameters.map((p) => `${p.name}=${p.value}`).join(',');
    const again = compile(learning(5, 13), target.withParameters!(text), NO_CALIBRATION);
    expect(again.bytes).toEqual(first.bytes);
  });

  it('does not exist for what is too large, and the nearest that would do is named', () => {
    const small = { ...icebreaker, resources: { ...icebreaker.resources, blockRams: 3 } };
    expect(() => compile(learning(19, 40), fpgaTarget(small), NO_CALIBRATION)).toThrow(
      /PL3057: learning needs \d+ block RAMs of 4096 bits, of which icebreaker has 3/,
    );
  });
});

describe('the design space', () => {
  const network = learning(5, 13);
  const designs = quantisedDesigns(network, ulx3s25f, NO_CALIBRATION);

  it('has every width, and every core of the board in it once', () => {
    expect(designs.length).toBeGreaterThan(3);
    const points = designPoints(ulx3s25f, designs[0]!);
    const shapes = points.map((p) => `${p.lanes} ${p.units}`);
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(coresOf(ulx3s25f).some((c) => `${c.lanes} ${c.units}` === shapes[0])).toBe(true);
    const cycles = points.map((p) => p.cycles);
    expect(cycles).toEqual([...cycles].sort((a, b) => a - b));
  });

  it('counts what compiling for a point gives', () => {
    const [point] = designPoints(ulx3s25f, designs[0]!);
    const { lanes, units, cycles, widths } = point!;
    const target = fpgaTarget(ulx3s25f).withParameters!(`LANES=${lanes},UNITS=${units}`);
    const { coefficientBits } = widths;
    const { program } = compile(network, target, NO_CALIBRATION, { coefficientBits });
    const { commands, configuration } = loadProgram(program);
    expect(cyclesOf(commands, configuration)).toBe(cycles);
  });
});
