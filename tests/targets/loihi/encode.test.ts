import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../../compiler/analysis/calibration.js';
import { type Compilation, compile } from '../../../compiler/compile.js';
import type { FixedProjection } from '../../../compiler/levels/fixed/fixed.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import { encodeProgram } from '../../../compiler/levels/program/encode.js';
import type { ProgramBlock, ProgramCore } from '../../../compiler/levels/program/program.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { loihiTarget } from '../../../targets/loihi/index.js';
import { codesOf, limited } from '../../compiler/context.js';
import { networkOf, networkShapes } from '../../lockstep/random-networks.js';
import { ECHO } from '../../machines/networks.js';

const SEED = 2_187;
const CELL = 'neuron cell()\n  v <- v * 0.5 + I\n  value <- v\n';
const RULE = 'rule r(per synapse k)\n  e <- e * 0.5 + x\n  dw = k * e * y_v\n';

const targetWith = (neuronsPerCore: number) =>
  loihiTarget('loihi2', 'a test', limited({ neuronsPerCore }), []);
const compiled = (network: Network, neuronsPerCore = 1000): Compilation =>
  compile(network, targetWith(neuronsPerCore), NO_CALIBRATION);

/** in (2) → h (3) → out (2); in → h learns with 6 coefficients, some equal. */
function network(k: readonly number[] = [1, 2, 1, 4, 2, 1]): Network {
  return new NetworkBuilder('n')
    .input('in', 2, { clip: 1 })
    .population('h', 3, CELL)
    .population('out', 2, ECHO)
    .projection('in', 'h', {
      rule: RULE,
      parameters: { k },
      initialWeights: [1, 2, 3, 4, 5, 6].map((w) => w / 8),
    })
    .projection('h', 'out', { delay: 2, weight: 'send', initialWeights: 0.5 })
    .output('out')
    .build();
}

/** The synapses of a block as [pre, post, weight, mantissa and exponent of every word]. */
function synapsesOf(block: ProgramBlock): number[][] {
  const { wordsPerProfile: n, profiles, coefficients } = block;
  return [...block.rowStart.subarray(0, -1)].flatMap((start, pre) =>
    Array.from({ length: block.rowStart[pre + 1]! - start }, (_, i) => {
      const k = start + i;
      const row = n > 0 ? coefficients.slice(n * profiles[k]!, n * (profiles[k]! + 1)) : [];
      return [pre, block.columns[k]!, block.weights[k]!, ...row];
    }),
  );
}

/** The same of a projection of the level before. */
function synapsesBefore({ rowStart, columns, weights, rule }: FixedProjection): number[][] {
  return [...columns].map((column, k) => {
    const pre = rowStart.findIndex((_, p) => k < rowStart[p + 1]!);
    const names =
      rule?.terms.flatMap((t) => t.words.flatMap((w) => [w.mantissa, w.exponent!])) ?? [];
    const { initial } = weights;
    const row = names.map(
      (name) => rule!.coefficients.find((c) => c.name === name)!.values[rule!.profiles[k]!]!,
    );
    return [pre, column, typeof initial === 'number' ? initial : initial[k]!, ...row];
  });
}

const sorted = (rows: readonly number[][]): string[] => rows.map(String).sort();
const groupsOf = ({ groups, index }: ProgramCore): string[] =>
  groups.map((g) => `${g.population}[${g.first}+${g.count}]@${index}`);

describe('encode', () => {
  it('gives the same bytes for the same network, and other ones for another', () => {
    const { bytes } = compiled(network());
    expect(compiled(network()).bytes).toEqual(bytes);
    expect(compiled(structuredClone(network())).bytes).toEqual(bytes);
    expect(compiled(network([1, 2, 1, 4, 2, 2])).bytes).not.toEqual(bytes);
    expect(compiled(network(), 2).bytes).not.toEqual(bytes);
  });

  it(`bytes read back to the same Program, and to the same bytes (seed ${SEED})`, () => {
    for (const shape of fc.sample(networkShapes, { seed: SEED, numRuns: 15 })) {
      const { program, bytes } = compiled(networkOf(shape), 3);
      const again = decodeProgram(bytes, 'p');
      expect(again).toEqual(program);
      expect(encodeProgram(again)).toEqual(bytes);
    }
  });

  it('cuts populations into groups as they are placed', () => {
    expect(compiled(network()).program.cores.map(groupsOf)).toEqual([['1[0+3]@0', '2[0+2]@0']]);
    expect(compiled(network(), 2).program.cores.map(groupsOf)).toEqual([
      ['1[0+2]@0'],
      ['1[2+1]@1', '2[0+1]@1'],
      ['2[1+1]@2'],
    ]);
  });

  it(`keeps every synapse once, with its weight and coefficients, on the core of its neuron (seed ${SEED + 1})`, () => {
    let cut = 0;
    for (const shape of fc.sample(networkShapes, { seed: SEED + 1, numRuns: 25 })) {
      const { program, fixed } = compiled(networkOf(shape), 2);
      for (const projection of fixed.projections) {
        const blocks = program.cores.flatMap((c) =>
          c.blocks
            .filter((b) => b.projection === projection.index)
            .map((block) => ({ block, group: c.groups[block.group]! })),
        );
        if (blocks.length > 1) cut++;
        for (const { block, group } of blocks) {
          const within = block.columns.every(
            (c) => c >= group.first && c < group.first + group.count,
          );
          expect(within).toBe(true);
        }
        const all = blocks.flatMap(({ block }) => synapsesOf(block));
        expect(sorted(all)).toEqual(sorted(synapsesBefore(projection)));
      }
    }
    expect(cut).toBeGreaterThan(20);
  });

  it('numbers the profiles of each block anew, those that it uses alone', () => {
    const blocks = (neuronsPerCore: number): ProgramBlock[] =>
      compiled(network(), neuronsPerCore)
        .program.cores.flatMap((c) => c.blocks)
        .filter((b) => b.projection === 0);
    const rows = (b: ProgramBlock): number => b.coefficients.length / b.wordsPerProfile;
    // Synapses row by row: neurons 0, 1, 2 with 1, 2, 1 and with 4, 2, 1.
    expect(blocks(1000).map((b) => [[...b.profiles], rows(b)])).toEqual([[[0, 1, 0, 2, 1, 0], 3]]);
    expect(blocks(1).map((b) => [[...b.profiles], rows(b)])).toEqual([
      [[0, 1], 2],
      [[0, 0], 1],
      [[0, 0], 1],
    ]);
  });

  it('tells where every state lies', () => {
    const { program } = compiled(network());
    const symbols = program.symbols.map((s) => `${s.kind} ${s.owner}.${s.name} ${s.memory}`);
    expect(symbols).toEqual([
      'variable in.value payload',
      'variable h.v field',
      'variable h.value field',
      'variable out.value field',
      'weight in->h.w weights',
      'synapse in->h.e tags',
      'weight h->out.w weights',
    ]);
    for (const { kind, memory, field, owner, name } of program.symbols) {
      if (kind !== 'variable' || memory !== 'field') continue;
      const population = program.populations.findIndex((p) => p.name === owner);
      for (const group of program.cores.flatMap((c) => c.groups))
        if (group.population === population) expect(group.fields[field]!.name).toBe(name);
    }
  });

  it('keeps delays, periods, and which traces travel', () => {
    const { program } = compiled(network());
    const [learning, fixed] = program.cores[0]!.blocks;
    expect(learning).toMatchObject({ delay: 0, send: false, every: 1, entry: 0 });
    expect(fixed).toMatchObject({ delay: 2, send: true, entry: -1, profiles: new Uint32Array() });
    expect(program.phases).toBe(2);
    // x of the rule is the input's value, y its own v: one of them is sent, one is kept.
    expect(program.populations.map((p) => p.traces.length)).toEqual([1, 0, 0]);
    expect(program.cores[0]!.groups.map((g) => g.traces)).toEqual([1, 0]);
  });

  it('names a place in the text for every word of code', () => {
    const { program } = compiled(network(), 2);
    for (const { index, neuronCode, learningCode } of program.cores) {
      const places = (memory: 'neuron' | 'learning'): number[] =>
        program.sources
          .filter((s) => s.core === index && s.memory === memory)
          .map((s) => s.address);
      expect(places('neuron')).toEqual([...neuronCode.keys()]);
      expect(places('learning')).toEqual([...learningCode.keys()]);
    }
    expect(program.sources.every((s) => s.line >= 1 && s.column >= 1)).toBe(true);
  });

  it('carries the hashes of what it was made from', () => {
    const { provenance } = compiled(network()).program;
    const { network: text, calibration, options, hashes } = provenance;
    const sha256 = (of: string): string => createHash('sha256').update(of).digest('hex');
    expect(hashes).toEqual([text, calibration, options].map(sha256));
    expect(text).toContain('population h[3]');
  });
});

describe('registers of a neuron program', () => {
  /** Values that must all live at once: a sum that is nested to the right. */
  const nested = (depth: number): Network => {
    const terms = Array.from({ length: depth }, (_, i) => `I * ${2 * i + 3}`);
    const sum = terms.reduceRight((inner, term) => `${term} - (${inner})`);
    return new NetworkBuilder('n')
      .input('in', 1, { clip: 0.001 })
      .population('cell', 1, `neuron n()\n  value <- (${sum}) * 0.5\n`)
      .projection('in', 'cell', { initialWeights: 0.001 })
      .output('cell')
      .build();
  };
  const used = (depth: number): number => {
    const [kernel] = compiled(nested(depth)).micro.kernels;
    return 1 + Math.max(...kernel!.registers!);
  };

  it('PL3010: 32 are enough, 33 are not', () => {
    // I, the terms that wait, and the constant of the innermost one.
    expect(used(10)).toBe(1 + 9 + 1);
    expect(used(31)).toBe(32);
    expect(codesOf(() => compiled(nested(32)))).toEqual(['PL3010']);
  });
});
