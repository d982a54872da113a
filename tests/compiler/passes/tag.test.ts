import { describe, expect, it } from 'vitest';
import { compile } from '../../../compiler/compile.js';
import { fold } from '../../../compiler/passes/fold.js';
import { legalise } from '../../../compiler/passes/legalise.js';
import { palette } from '../../../compiler/passes/palette.js';
import { partition } from '../../../compiler/passes/partition.js';
import { tag } from '../../../compiler/passes/tag.js';
import { calibrate } from '../../../runtime/calibrate/calibrate.js';
import { createFixedMachine } from '../../../runtime/fixed/machine.js';
import { createIntegerHost } from '../../../runtime/host/integer.js';
import { createIntegerLanes } from '../../../runtime/host/integer-lanes.js';
import { taskDrive } from '../../../runtime/verify/drive.js';
import { lockstep } from '../../../runtime/verify/lockstep.js';
import { ruleError } from '../../../runtime/verify/rule-error.js';
import { TermErrors } from '../../../runtime/verify/term-error.js';
import { NetworkBuilder } from '../../../src/network/builder.js';
import type { Network } from '../../../src/network/network.js';
import { createReferenceMachine } from '../../../src/network/reference.js';
import { taskOf } from '../../../src/tasks/registry.js';
import { targetNamed } from '../../../targets/index.js';
import { laneAsMachine } from '../../host/lane-as-machine.js';
import { policy } from '../../verify/machines.js';
import { unplaced, watched } from '../context.js';

const loihi2 = targetNamed('loihi2');
const task = taskOf('point-mass');
const network = policy();
const calibration = calibrate(network, task, { seed: 2 });

function tagsOf(given: Network, palette: number | undefined) {
  const { context, codes } = watched({ calibration, options: { palette } });
  const folded = legalise.run(fold.run(unplaced(given), context), context);
  return { tags: tag.run(folded, context).tags, codes };
}

describe('tag', () => {
  it('takes the coefficient that moves Δw most, where a palette is asked for', () => {
    const { tags, codes } = tagsOf(network, 4);
    expect(Object.keys(tags)).toEqual(network.projections.map((p) => p.name));
    for (const name of Object.values(tags)) expect(name).toMatch(/^k[0-3]$/);
    expect(codes()).toEqual(['PL2010', 'PL2010']);
    expect(tagsOf(network, undefined)).toMatchObject({ tags: {} });
  });

  it('follows the spread: a coefficient that is everywhere the same needs no tag', () => {
    const spread = (C: number): Network => ({
      ...network,
      projections: network.projections.map((p) => ({
        ...p,
        // dw = lr (A x (y − C) + B y + D): with lr, A and B the same everywhere only D differs.
        parameters: { ...p.parameters, lr: 0.5, A: 0.25, B: 0.125, C },
      })),
    });
    expect(tagsOf(spread(0.5), 4).tags).toEqual({
      'observation->hidden': 'k3',
      'hidden->action': 'k3',
    });
  });

  it('leaves rules alone whose variables are in the tag', () => {
    const rule =
      'rule r(per synapse a)\n  e <- e / 2 + x * y\n  dw = a * e + a * x\n  normalize clip -1 1\n';
    const own = new NetworkBuilder('own')
      .input('input', 2, { clip: 1 })
      .population('out', 2, 'lif')
      .projection('input', 'out', { rule, parameters: { a: [0.1, 0.2, 0.3, 0.4] } })
      .output('out')
      .build();
    expect(tagsOf(own, 2).tags).toEqual({});
    const without = rule.replace('  e <- e / 2 + x * y\n', '').replace('a * e + ', '');
    const free = new NetworkBuilder('free')
      .input('input', 2, { clip: 1 })
      .population('out', 2, 'lif')
      .projection('input', 'out', { rule: without, parameters: { a: [0.1, 0.2, 0.3, 0.4] } })
      .output('out')
      .build();
    expect(tagsOf(free, 2).tags).toEqual({ 'input->out': 'k0' });
  });

  it('leaves the palette less to lose', () => {
    const lossWith = (tags: boolean): number[] => {
      const { context, diagnostics } = watched({ calibration, options: { palette: 4 } });
      const level = [fold, legalise, tag, partition].reduce(
        (l, p) => p.run(l, context),
        unplaced(network),
      );
      palette.run(tags ? level : { ...level, tags: {} }, context);
      return diagnostics
        .filter((d) => d.code === 'PL2007')
        .map((d) => Number(/by ([\d.e-]+) \(rms/.exec(d.message)![1]));
    };
    const [shared, tagged] = [lossWith(false), lossWith(true)];
    for (const [i, loss] of shared.entries()) expect(tagged[i]!).toBeLessThan(loss * 0.9);
  });

  it('is read by the engine to 9 bits, the same on every machine', () => {
    const options = { palette: 4 };
    const { network: placed, fixed, micro, bytes } = compile(network, loihi2, calibration, options);
    expect(placed.tags).not.toEqual({});
    expect(fixed.projections.map((p) => p.fields.map((f) => f.role))).toEqual([
      ['parameter'],
      ['parameter'],
    ]);
    const drive = taskDrive(task, { seed: 4, episodes: 2 });
    for (const machine of [
      createIntegerHost(micro),
      loihi2.createMachine(bytes, 'p'),
      laneAsMachine(createIntegerLanes(micro), 2),
    ]) {
      const { differences, compared } = lockstep(createFixedMachine(fixed), machine, drive, {
        steps: 150,
      });
      expect(differences).toBe(0);
      expect(compared).toBeGreaterThan(5000);
    }
    const terms = new TermErrors(placed.network, fixed);
    const watchedFixed = createFixedMachine(fixed, terms.observe);
    const reference = createReferenceMachine(network);
    ruleError(reference, watchedFixed, drive, { steps: 60, terms });
    const held = new Map(Object.entries(placed.tags));
    for (const { projection, term, relative } of terms.results()) {
      const index = ['x * y', 'x', 'y', '1'].indexOf(term.replace('w: ', ''));
      if (held.get(projection) !== `k${index}`) continue;
      held.delete(projection);
      expect(relative, term).toBeLessThan(0.05);
    }
    expect(held.size).toBe(0);
  });
});
