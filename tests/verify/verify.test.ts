import { describe, expect, it } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { encodeProgram } from '../../compiler/levels/program/encode.js';
import type { Target } from '../../compiler/target.js';
import { calibrate } from '../../runtime/calibrate/calibrate.js';
import { certificateOf, printCertificate } from '../../runtime/verify/certificate.js';
import { verificationDiagnostics, verify } from '../../runtime/verify/verify.js';
import { taskOf } from '../../src/tasks/registry.js';
import { targetNamed } from '../../targets/index.js';
import { brokenAt, policy } from './machines.js';

const network = policy();
const fullTask = taskOf('point-mass');
const task = {
  ...fullTask,
  episodes: { ...fullTask.episodes, test: fullTask.episodes.test.slice(0, 3) },
};
const loihi = targetNamed('loihi2');
const { bytes } = compile(network, loihi, calibrate(network, task, { seed: 2 }));
const options = { steps: 150, seeds: 20, seed: 4, against: 'emulator', bounds: {} } as const;

describe('verify', () => {
  it('compares every link from the network to the emulator', () => {
    let now = 0;
    const result = verify(network, bytes, 'p', loihi, task, options, { clock: () => now++ });
    expect(result.ok).toBe(true);
    expect(result.seconds).toEqual([1, 1]);
    expect(verificationDiagnostics(result)).toEqual([]);
    const [bounded, exact] = result.comparisons;
    expect(result.comparisons.map((c) => `${c.left} ${c.kind} ${c.right}`)).toEqual([
      'reference bounded fixed',
      'fixed exact emulator',
    ]);
    expect(bounded!.ruleError!.oneStep).toHaveLength(2);
    expect(bounded!.ruleError!.drift.length).toBeGreaterThan(3);
    expect(bounded!.score!.seeds).toBe(20);
    expect(bounded!.onlyLeft).toContain('lr of observation->hidden');
    expect(exact).toMatchObject({ steps: 150, differences: 0, firstDifference: null });
    expect(exact!.compared).toBeGreaterThan(150 * 64);
  });

  it('gives the same certificate bytes for the same inputs', () => {
    const file = { file: 'f', bytes };
    const once = () =>
      printCertificate(
        certificateOf(
          file,
          file,
          'loihi2',
          task.name,
          options,
          verify(network, bytes, 'p', loihi, task, options),
        ),
      );
    expect(once()).toBe(once());
  });

  it('fails on a bound of the user, and says which', () => {
    const result = verify(network, bytes, 'p', loihi, task, {
      ...options,
      against: 'fixed',
      bounds: { rule: 0.001, drift: 1000 },
    });
    expect(result.ok).toBe(false);
    expect(result.comparisons.map((c) => c.broken)).toEqual([['rule']]);
    expect(verificationDiagnostics(result).map((d) => d.code)).toEqual(['PL5311']);
  });

  it('finds what a faulty chip does, and the equation behind it', () => {
    const probe = { kind: 'weight', projection: 'observation->hidden' } as const;
    const faulty: Target = {
      ...loihi,
      createMachine: (program, file) => {
        const chip = loihi.createMachine(program, file);
        const { counters, nanosecondsPerCycle } = chip;
        return Object.assign(
          brokenAt(chip, probe, 7, 40, (w) => (w > 0 ? w - 1 / 64 : w + 1 / 64)),
          {
            program: chip.program,
            counters,
            nanosecondsPerCycle,
            coreCycles: () => chip.coreCycles(),
            close: () => chip.close(),
          },
        );
      },
    };
    const result = verify(network, bytes, 'p', faulty, task, options);
    expect(result.ok).toBe(false);
    const { firstDifference: found } = result.comparisons[1]!;
    expect(found).toMatchObject({
      episode: 0,
      step: 40,
      place: 'weight of observation->hidden',
      index: 7,
    });
    const [report] = verificationDiagnostics(result);
    expect(report).toMatchObject({ code: 'PL5310', span: { file: 'network', line: 13 } });
    expect(report!.message).toContain('learning code');
  });

  it('refuses the Program of another model, an altered one, and unknown bounds', () => {
    expect(() => verify(policy(9), bytes, 'p', loihi, task, options)).toThrow('PL5301');
    const program = decodeProgram(bytes, 'p');
    const [core] = program.cores;
    const { blocks } = core!;
    const changed = encodeProgram({
      ...program,
      cores: [
        {
          ...core!,
          blocks: [{ ...blocks[0]!, weights: blocks[0]!.weights.map(() => 1) }, ...blocks.slice(1)],
        },
      ],
    });
    expect(() => verify(network, changed, 'p', loihi, task, options)).toThrow('PL5302');
    expect(() =>
      verify(network, bytes, 'p', loihi, task, { ...options, bounds: { skore: 1 } }),
    ).toThrow('PL5308');
  });
});
