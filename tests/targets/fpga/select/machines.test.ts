import { describe, expect, it } from 'vitest';
import { createFixedMachine } from '../../../../runtime/fixed/machine.js';
import { createIntegerLanes } from '../../../../runtime/host/integer-lanes.js';
import { libraryRules } from '../../../../src/equations/library.js';
import { ruleModel } from '../../../../src/equations/load.js';
import { Dice } from '../../../compiler/dice.js';
import { type LibraryCase, ruleOfLibrary } from './library.js';

const SEED = 66;
const STEPS = 60;

/** The first probe in which trees and generated lanes differ. */
function firstDifference({ compiled: { fixed, micro } }: LibraryCase): string | undefined {
  const one = createFixedMachine(fixed);
  const lanes = createIntegerLanes(micro);
  one.reset({ seed: SEED });
  lanes.reset({ seed: SEED });
  const dice = new Dice(SEED);
  const states = one.shape.probes.filter(({ probe }) => probe.kind !== 'counter');
  for (let step = 0; step < STEPS; step++) {
    const drawn = (): Float64Array => Float64Array.from({ length: 8 }, () => dice.real(-2, 3));
    const values = Object.fromEntries(fixed.inputs.map((p) => [p.population, drawn()]));
    const inputs = { values, modulator: dice.real(-1, 1) };
    one.step(inputs);
    lanes.step(Array.from({ length: lanes.lanes }, () => inputs));
    for (const { probe } of states) {
      const [want, got] = [one.read(probe), lanes.read(probe, 0)];
      if (want.some((v, i) => v !== got[i])) return `step ${step}: ${JSON.stringify(probe)}`;
    }
  }
  return undefined;
}

describe('networks of multiply-add instructions', () => {
  const clipped = Object.keys(libraryRules).filter((rule) =>
    ruleModel(rule).normalizations.every((n) => n.kind !== 'max'),
  );

  it.each(clipped)('%s: trees and lanes agree', (rule) => {
    expect(firstDifference(ruleOfLibrary(rule))).toBe(undefined);
  });
});
