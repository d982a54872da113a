import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareSimulator } from '../../../targets/fpga/simulate/index.js';
import type {
  CircuitSimulator,
  PreparedSimulator,
} from '../../../targets/fpga/simulate/simulator.js';
import { TraceHash } from '../../../targets/fpga/simulate/trace-hash.js';
import { FixtureModel, fixture, MEMORY, REGISTER } from './fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'plastron-simulators-'));
const environment = { ...process.env, PLASTRON_CACHE: folder };
afterAll(() => rmSync(folder, { recursive: true }));

const BUSY = 300;
const SEED = 0x12345678;

/** All that a host can see of one run, in words. */
function session(circuit: CircuitSimulator): readonly number[] {
  circuit.write(REGISTER.cycles, BUSY);
  circuit.write(REGISTER.state, SEED);
  circuit.trace('hashes', 7);
  const seen = [circuit.run(1, 10 * BUSY), ...circuit.traced(), ...circuit.traced()];
  for (let i = 0; i < 4; i++) circuit.write(MEMORY + i, 1000 + i);
  const addresses = Array.from({ length: 256 }, (_, i) => MEMORY + i);
  seen.push(...circuit.readAll(addresses), circuit.read(REGISTER.steps), circuit.clocks());
  circuit.trace('off');
  seen.push(circuit.run(1, 10 * BUSY), ...circuit.traced(), circuit.read(REGISTER.state));
  circuit.reset();
  return [...seen, circuit.read(REGISTER.state), circuit.read(REGISTER.steps), circuit.clocks()];
}

describe.each(['verilator', 'cxxrtl'] as const)('%s', (backend) => {
  let prepared: PreparedSimulator;
  let circuit: CircuitSimulator;
  beforeAll(async () => {
    prepared = await prepareSimulator({ ...fixture, backend, environment });
    circuit = prepared.create();
  });
  afterAll(() => circuit?.close());

  it('reads and writes what the bus reaches', () => {
    expect(prepared.backend).toBe(backend);
    circuit.write(MEMORY + 3, 0xfedcba98);
    circuit.write(REGISTER.cycles, 5);
    const read = circuit.readAll([MEMORY + 3, REGISTER.cycles, REGISTER.identity]);
    expect([...read]).toEqual([0xfedcba98, 5, 0x504c5354]);
    expect(circuit.read(MEMORY + 3)).toBe(0xfedcba98);
  });

  it('takes more writes than a queue holds, and more answers than a pipe', () => {
    for (let i = 0; i < 30_000; i++) circuit.write(MEMORY + (i & 255), i);
    const read = circuit.readAll(Array.from({ length: 40_000 }, (_, i) => MEMORY + (i & 255)));
    expect(read.length).toBe(40_000);
    expect([...read.subarray(0, 256)].sort()).toEqual([...read.subarray(256, 512)].sort());
    expect(read[0]).toBe(29_952);
  });

  it('traces the records that a model foretells, and their hash', () => {
    const model = new FixtureModel(SEED);
    const clocks = Array.from({ length: BUSY }, () => model.clock());
    circuit.write(REGISTER.cycles, BUSY);
    circuit.write(REGISTER.state, SEED);
    circuit.trace('records', 1, 10, 20);
    expect(circuit.run(1, 1000)).toBe(BUSY);
    expect([...circuit.traced()]).toEqual(clocks.slice(10, 20).flat());

    const hash = new TraceHash();
    const windows = clocks.flatMap((words, now) => {
      for (let i = 0; i < words.length; i += 3)
        hash.record(words[i]!, words[i + 1]!, words[i + 2]!);
      return (now + 1) % 50 === 0 ? hash.halves : [];
    });
    circuit.write(REGISTER.state, SEED);
    circuit.trace('hashes', 50);
    expect(circuit.run(1, 1000)).toBe(BUSY);
    expect([...circuit.traced()]).toEqual(windows);
    expect(circuit.read(REGISTER.state)).toBe(model.state);
  });

  it('stops at a limit', () => {
    circuit.write(REGISTER.cycles, 1000);
    expect(() => circuit.run(1, 10)).toThrow(/PL5504: the circuit has not done command 1 after 10/);
    circuit.reset();
    circuit.write(REGISTER.cycles, 0);
    expect(() => circuit.run(1, 1000)).toThrow('PL5504');
    expect(() => circuit.read(REGISTER.steps)).toThrow(/PL5504: .*no transfer at 0x000002/);
    circuit.reset();
    expect(circuit.read(REGISTER.steps)).toBe(0);
  });

  it('is built once', async () => {
    const before = readdirSync(folder);
    const again = await prepareSimulator({ ...fixture, backend, environment });
    expect(readdirSync(folder)).toEqual(before);
    const other = again.create();
    expect(other.read(REGISTER.steps)).toBe(0);
    other.close();
    other.close();
    expect(() => other.read(0)).toThrow('closed');
  });

  it('says what a tool refuses', async () => {
    const wrong = { ...fixture.sources[0]!, text: 'module plastron_core(; endmodule' };
    const broken = prepareSimulator({ sources: [wrong], parameters: {}, backend, environment });
    await expect(broken).rejects.toThrow('PL5502');
    const unknown = { ...fixture, parameters: { LANE: 2 } };
    await expect(prepareSimulator({ ...unknown, backend, environment })).rejects.toThrow('PL5502');
    expect(readdirSync(folder).filter((name) => name.startsWith('build-'))).toEqual([]);
  });
});

it('gives the same answers, clock by clock, on both', async () => {
  const seen = await Promise.all(
    (['verilator', 'cxxrtl'] as const).map(async (backend) => {
      const circuit = (await prepareSimulator({ ...fixture, backend, environment })).create();
      const words = session(circuit);
      circuit.close();
      return words;
    }),
  );
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]!.length).toBeGreaterThan(300);
});
