import { expect, it } from 'vitest';
import { CoreModel } from '../../../targets/fpga/model/core-model.js';
import { CONFIGURATIONS } from './configurations.js';
import { Coverage } from './coverage.js';
import { RandomCore } from './random-core.js';

/** As many as random-core.ci.test.ts runs on the circuit. */
const SEEDS = 300;
const RUNS = 8;

it('random words have every operation on every operand, rounded every way, whole and cut', () => {
  const coverage = new Coverage();
  for (const configuration of Object.values(CONFIGURATIONS)) {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const core = new RandomCore(configuration, seed);
      const model = new CoreModel(configuration);
      core.load(model);
      coverage.watch(model);
      for (let run = 0; run < RUNS; run++) model.run(core.next(model));
    }
  }
  console.log(coverage.table());
  expect(coverage.missing()).toEqual([]);
});
