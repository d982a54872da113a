import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { capabilitiesHash } from '../../compiler/capabilities.js';
import { compile, completeOptions } from '../../compiler/compile.js';
import type { CompileOptions } from '../../compiler/pass.js';
import { PASS_NAMES } from '../../compiler/pass-names.js';
import { PIPELINE } from '../../compiler/pipeline.js';
import type { Capabilities, Target } from '../../compiler/target.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { LOIHI1, LOIHI2 } from '../../targets/loihi/capabilities.js';
import { loihiTarget } from '../../targets/loihi/index.js';
import { codesOf, limited } from './context.js';

const targetOf = (name: string, capabilities: Capabilities): Target =>
  loihiTarget(name, 'a test', capabilities, []);
const loihi1 = targetOf('loihi1', LOIHI1);
const loihi2 = targetOf('loihi2', LOIHI2);

/** Spikes onto `neurons` neurons, with as many coefficients as `k` has distinct numbers; synapse k ends on neuron k. */
function network(k: readonly number[], neurons = k.length, rule = 'normalize clip -1 1'): Network {
  return new NetworkBuilder('n')
    .input('input', k.length / neurons, { clip: 1 })
    .population('out', neurons, 'lif')
    .projection('input', 'out', {
      rule: `rule r(per synapse k)\n  dw = k * x\n  ${rule}\n`,
      parameters: { k },
    })
    .output('out', { variable: 'spike' })
    .build();
}

/** Distinct numbers that the engine holds exactly. */
const distinct = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (2 * (i % 4) + 1) * 2 ** (4 - Math.floor(i / 4)));

describe('options', () => {
  const complete = (options: Partial<CompileOptions>): string[] =>
    codesOf(() => completeOptions(LOIHI2, options));

  it('are the defaults of the target where none are given', () => {
    const defaults = { weightBits: 8, traceBits: 7, coefficientBits: 4, palette: undefined };
    expect(completeOptions(LOIHI2)).toEqual(defaults);
    expect(completeOptions(LOIHI2, { weightBits: 5, palette: 3 })).toEqual({
      ...defaults,
      weightBits: 5,
      palette: 3,
    });
  });

  it.each([
    ['weightBits', 2, 9],
    ['traceBits', 2, 7],
    ['coefficientBits', 4, 16],
    ['palette', 1, 65536],
  ] as const)('PL2008: %s from %i to %i', (name, low, high) => {
    expect(complete({ [name]: low })).toEqual([]);
    expect(complete({ [name]: high })).toEqual([]);
    for (const value of [low - 1, high + 1, low + 0.5, Number.NaN, Infinity, -low])
      expect(complete({ [name]: value }), `${value}`).toEqual(['PL2008']);
  });

  it('PL2008: coefficients come in whole words of 4 bits', () => {
    for (const value of [4, 8, 12, 16]) expect(complete({ coefficientBits: value })).toEqual([]);
    for (const value of [5, 6, 7, 10, 15]) {
      expect(complete({ coefficientBits: value })).toEqual(['PL2008']);
    }
  });

  it('tell every fault at once, before anything is compiled', () => {
    const wrong = { weightBits: 0, traceBits: 8, coefficientBits: 17, palette: 0 };
    expect(complete(wrong)).toEqual(['PL2008', 'PL2008', 'PL2008', 'PL2008']);
    const given = network([1]);
    expect(codesOf(() => compile(given, loihi2, NO_CALIBRATION, wrong))).toHaveLength(4);
  });

  it('limits follow the tables of the target', () => {
    const { learning } = LOIHI2;
    const wider = { ...LOIHI2, learning: { ...learning, weightBits: { default: 4, maximum: 10 } } };
    expect(codesOf(() => completeOptions(wider, { weightBits: 10 }))).toEqual([]);
    expect(completeOptions(wider).weightBits).toBe(4);
  });
});

describe('learning profiles of a core', () => {
  const codes = (given: Network, target: Target, options: Partial<CompileOptions> = {}): string[] =>
    codesOf(() => compile(given, target, NO_CALIBRATION, options));

  it('PL3014: loihi1 has 16, and not one more; loihi2 any number', () => {
    expect(codes(network(distinct(16)), loihi1)).toEqual([]);
    expect(codes(network(distinct(17)), loihi1)).toEqual(['PL3014']);
    expect(codes(network(distinct(17)), loihi2)).toEqual([]);
  });

  it('equal coefficients count once, and a palette helps', () => {
    expect(codes(network([...distinct(16), ...distinct(16)]), loihi1)).toEqual([]);
    expect(codes(network(distinct(40)), loihi1)).toContain('PL3014');
    // With a palette one coefficient lies in the tags and takes no profile; a second one is shared.
    expect(codes(network(distinct(40)), loihi1, { palette: 17 })).toEqual([]);
    const two = (options: object): string[] => {
      const rule = 'rule r(per synapse k, l)\n  dw = k * x + l\n  normalize clip -1 1\n';
      const given = new NetworkBuilder('n')
        .input('input', 1, { clip: 1 })
        .population('out', 40, 'lif')
        .projection('input', 'out', { rule, parameters: { k: distinct(40), l: distinct(40) } })
        .output('out', { variable: 'spike' })
        .build();
      return codes(given, loihi1, options);
    };
    expect(two({})).toContain('PL3014');
    expect(two({ palette: 16 })).not.toContain('PL3014');
  });

  it('rules of one core add up', () => {
    const two = (a: number, b: number): Network => {
      const build = new NetworkBuilder('n').input('input', 1, { clip: 1 });
      build.population('out', Math.max(a, b), 'lif');
      for (const [i, count] of [a, b].entries()) {
        build.projection('input', 'out', {
          name: `p${i}`,
          rule: `rule r${i}(per synapse k)\n  dw = k * x\n`,
          connectivity: Array.from({ length: count }, (_, j) => [0, j] as const),
          parameters: { k: distinct(count) },
        });
      }
      return build.output('out', { variable: 'spike' }).build();
    };
    expect(codes(two(10, 6), loihi1)).toEqual([]);
    expect(codes(two(10, 7), loihi1)).toEqual(['PL3014']);
  });

  it('each core has its own', () => {
    const halves = targetOf('loihi1', limited({ neuronsPerCore: 9 }, LOIHI1));
    expect(codes(network(distinct(18)), halves)).toEqual([]);
    expect(codes(network(distinct(18)), loihi1)).toEqual(['PL3014']);
    const thirds = targetOf('loihi1', limited({ neuronsPerCore: 17 }, LOIHI1));
    expect(codes(network(distinct(34)), thirds)).toEqual(['PL3014', 'PL3014']);
  });
});

describe('compile', () => {
  it('goes on after warnings, and gives them all', () => {
    const given = network([1, 1e-9, 1e6], 3, 'normalize max');
    const { diagnostics, bytes } = compile(given, loihi2, NO_CALIBRATION);
    expect(bytes.length).toBeGreaterThan(0);
    expect(new Set(diagnostics.map((d) => d.severity))).toEqual(new Set(['warning']));
    expect(diagnostics.map((d) => d.code)).toContain('PL3001');
    expect(diagnostics.map((d) => d.code)).toContain('PL2005');
  });

  it('throws the errors of the pass that found them, with the warnings before', () => {
    const given = network([1], 1, 'normalize max');
    const delayed: Network = {
      ...given,
      projections: given.projections.map((p) => ({ ...p, delay: 100 })),
    };
    const codes = codesOf(() => compile(delayed, loihi2, NO_CALIBRATION));
    expect(codes.sort()).toEqual(['PL3001', 'PL3004']);
  });

  it('runs every pass of the table in order, and says so', () => {
    const names: string[] = [];
    const hooks = { afterPass: (name: string) => names.push(name) };
    compile(network([1]), loihi2, NO_CALIBRATION, {}, hooks);
    expect(names).toEqual(PIPELINE.map((p) => p.name));
    expect(names).toEqual([...PASS_NAMES]);
  });

  it('refuses a network that is none', () => {
    const given = network([1]);
    const broken: Network = { ...given, outputs: [{ ...given.outputs[0]!, population: 'nope' }] };
    expect(codesOf(() => compile(broken, loihi2, NO_CALIBRATION))).not.toEqual([]);
  });

  it('carries what was compiled: options, calibration and network, with hashes', () => {
    const options = { weightBits: 6, traceBits: 5, coefficientBits: 8, palette: 2 };
    const { program } = compile(network([1, 0.5]), loihi2, NO_CALIBRATION, options);
    const { provenance } = program;
    expect(JSON.parse(provenance.options)).toEqual(options);
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const { network: text, calibration, options: written, hashes } = provenance;
    expect(hashes).toEqual([text, calibration, written].map(sha256));
    expect(program.capabilities).toBe(sha256(JSON.stringify(LOIHI2)));
  });
});

describe('a Program and the tables that it was compiled for', () => {
  it('the hash changes with every limit and width, and with their sources', () => {
    const { neuron, learning, limits } = LOIHI2;
    const others: Capabilities[] = [
      LOIHI1,
      ...Object.keys(limits).map((name) => limited({ [name]: 7 })),
      ...Object.entries(neuron).map(([name, value]) => ({
        ...LOIHI2,
        neuron: { ...neuron, [name]: typeof value === 'number' ? value + 1 : !value },
      })),
      { ...LOIHI2, learning: { ...learning, mantissaBits: 5 } },
      { ...LOIHI2, learning: { ...learning, widths: { ...learning.widths, tag: 8 } } },
      { ...LOIHI2, phases: false },
    ];
    const hashes = [LOIHI2, ...others].map(capabilitiesHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(capabilitiesHash(structuredClone(LOIHI2))).toBe(hashes[0]);
  });

  it('PL4004: another target, or other limits, and it does not run', () => {
    const { bytes } = compile(network([1]), loihi2, NO_CALIBRATION);
    const start = (target: Target): string[] => codesOf(() => target.createMachine(bytes, 'p'));
    expect(start(loihi2)).toEqual([]);
    expect(start(targetOf('loihi2', structuredClone(LOIHI2)))).toEqual([]);
    expect(start(loihi1)).toEqual(['PL4004']);
    expect(start(targetOf('loihi3', LOIHI2))).toEqual(['PL4004']);
    expect(start(targetOf('loihi2', limited({ delay: 64 })))).toEqual(['PL4004']);
    expect(start(targetOf('loihi2', LOIHI1))).toEqual(['PL4004']);
  });

  it('PL4004 says which of the two it is', () => {
    const { bytes } = compile(network([1]), loihi2, NO_CALIBRATION);
    expect(() => loihi1.createMachine(bytes, 'p.plastron')).toThrow(/p\.plastron.*loihi2.*loihi1/);
    const other = targetOf('loihi2', limited({ delay: 64 }));
    expect(() => other.createMachine(bytes, 'p.plastron')).toThrow(/other limits of .?loihi2/);
  });
});
