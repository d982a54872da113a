import type { Machine, Probe } from '../../src/network/machine.js';
import type { ProjectionRuleError } from './comparison.js';
import { type Drive, type DriveLimits, runDrive } from './drive.js';
import { pairMachines, sharedShape } from './pair.js';
import type { TermErrors } from './term-error.js';

/** The error of one step of learning, for each projection that learned. */
export interface RuleErrorResult {
  readonly steps: number;
  readonly episodes: number;
  readonly projections: readonly ProjectionRuleError[];
}

/**
 * How far one step of `fixed` leads from one step of `reference`. Before each step every state that both show is
 * copied from `fixed` to `reference`, so that quantisation is seen without chaos; after it the weights are compared,
 * where the step changed any weight of the projection. What is under way in delays is each machine's own. One step
 * holds the rounding of the neurons, too: a spike that only one machine fires counts with its whole effect. `terms`, which
 * then observes `fixed`, measures each product in the same steps.
 *
 * @throws DiagnosticsError PL5305 where the machines cannot be compared, PL5306 where the drive is too short.
 */
export function ruleError(
  reference: Machine,
  fixed: Machine,
  drive: Drive,
  { terms, ...limits }: Pick<DriveLimits, 'steps'> & { readonly terms?: TermErrors } = {},
): RuleErrorResult {
  const { probes } = sharedShape(reference.shape, fixed.shape);
  const copied = probes.filter((p) => p.writable && p.probe.kind !== 'counter');
  const gauges = probes.flatMap(({ probe, rightFormat }) =>
    probe.kind === 'weight' ? [new WeightGauge(probe, 2 ** -(rightFormat?.fraction ?? 0))] : [],
  );
  const pair = pairMachines(reference, fixed, {
    before: () => {
      for (const { probe } of copied) reference.write(probe, fixed.read(probe));
      for (const gauge of gauges) gauge.before = fixed.read(gauge.probe);
      terms?.before(reference);
    },
    after: (inputs) => {
      terms?.after(reference, inputs);
      for (const gauge of gauges) {
        gauge.compare(reference.read(gauge.probe), fixed.read(gauge.probe));
      }
    },
  });
  const ran = runDrive(drive, pair, limits);
  return { ...ran, projections: gauges.filter((g) => g.compared > 0).map((g) => g.result()) };
}

/** The weights of one projection over a run. */
class WeightGauge {
  before: ArrayLike<number> = [];
  compared = 0;
  private max = 0;
  private squares = 0;
  private weightSquares = 0;
  private changeSquares = 0;

  constructor(
    readonly probe: Probe & { readonly kind: 'weight' },
    private readonly leastStep: number,
  ) {}

  compare(reference: Float64Array, fixed: Float64Array): void {
    const { before } = this;
    if (!reference.some((w, k) => w !== before[k] || fixed[k] !== before[k])) return;
    for (let k = 0; k < reference.length; k++) {
      const weight = reference[k]!;
      const error = fixed[k]! - weight;
      this.max = Math.max(this.max, Math.abs(error));
      this.squares += error * error;
      this.weightSquares += weight * weight;
      this.changeSquares += (weight - before[k]!) ** 2;
    }
    this.compared += reference.length;
  }

  result(): ProjectionRuleError {
    const { probe, compared, max, squares, leastStep } = this;
    const rms = Math.sqrt(squares / compared);
    const ratio = (below: number): number => (below > 0 ? Math.sqrt(squares / below) : 0);
    return {
      projection: probe.projection,
      max,
      rms,
      maxSteps: max / leastStep,
      rmsSteps: rms / leastStep,
      relative: ratio(this.changeSquares),
      relativeToWeight: ratio(this.weightSquares),
      compared,
    };
  }
}
