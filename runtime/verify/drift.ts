import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Machine, Probe } from '../../src/network/machine.js';
import type { DriftPoint } from './comparison.js';
import { checkCount, type Drive, runDrive } from './drive.js';
import { pairMachines, sharedShape } from './pair.js';

export interface DriftOptions {
  /** One round of the drive when absent. */
  readonly steps?: number;
  /** Steps of an episode between points; 10 when absent. */
  readonly every?: number;
  /** The variable that is an event of a neuron; `spike` when absent. */
  readonly event?: string;
}

/** How two machines part when each goes on from its own state. */
export interface DriftResult {
  readonly steps: number;
  readonly episodes: number;
  /** RMS of right − left over all weights and all points. */
  readonly rms: number;
  /** By steps done in the episode, over all episodes. */
  readonly points: readonly DriftPoint[];
}

interface WeightProbe {
  readonly probe: Probe & { readonly kind: 'weight' };
}

interface Point {
  readonly squares: number[];
  readonly samples: number[];
  agreed: number;
  events: number;
}

/**
 * Lets two machines run freely on the same inputs (those that the outputs of `left` lead to) and measures how far
 * their weights are apart, and on which share of events (neurons that spike on either machine) both spike with one sign.
 *
 * @throws DiagnosticsError PL5305 where the machines cannot be compared, PL5306 for options out of range.
 */
export function drift(
  left: Machine,
  right: Machine,
  drive: Drive,
  options: DriftOptions = {},
): DriftResult {
  const { every = 10, event = 'spike' } = options;
  checkCount('steps between drift points', every);
  const { probes } = sharedShape(left.shape, right.shape);
  const weights = probes.flatMap(({ probe }) => (probe.kind === 'weight' ? [{ probe }] : []));
  const events = probes.filter((p) => p.probe.kind === 'variable' && p.probe.name === event);
  const points: Point[] = [];
  const pointAt = (index: number): Point => {
    const zeros = (): number[] => weights.map(() => 0);
    points[index] ??= { squares: zeros(), samples: zeros(), agreed: 0, events: 0 };
    return points[index];
  };
  let step = 0;
  const pair = pairMachines(left, right, {
    after: () => {
      const point = pointAt(Math.floor(step / every));
      step++;
      for (const { probe } of events) countEvents(point, left.read(probe), right.read(probe));
      if (step % every === 0) measure(point, weights, left, right);
    },
  });
  const ran = runDrive(drive, pair, {
    ...(options.steps === undefined ? {} : { steps: options.steps }),
    began: () => {
      step = 0;
    },
  });
  const whole = points.filter((p) => p.samples.some((n) => n > 0) || weights.length === 0);
  if (whole.length === 0) {
    const message = `no episode of ${drive.name} reaches the first drift point at step ${every}`;
    return fail(diagnostic('PL5306', message));
  }
  const total = (sums: (p: Point) => readonly number[]): number =>
    whole.reduce((sum, p) => sum + plus(sums(p)), 0);
  return {
    ...ran,
    rms: root(
      total((p) => p.squares),
      total((p) => p.samples),
    ),
    points: whole.map((p, i) => finish(p, (i + 1) * every, weights)),
  };
}

function countEvents(point: Point, left: Float64Array, right: Float64Array): void {
  for (let i = 0; i < left.length; i++) {
    if (left[i] === 0 && right[i] === 0) continue;
    point.events++;
    if (Math.sign(left[i]!) === Math.sign(right[i]!)) point.agreed++;
  }
}

function measure(
  point: Point,
  weights: readonly WeightProbe[],
  left: Machine,
  right: Machine,
): void {
  for (const [p, { probe }] of weights.entries()) {
    const a = left.read(probe);
    const b = right.read(probe);
    for (let k = 0; k < a.length; k++) point.squares[p]! += (b[k]! - a[k]!) ** 2;
    point.samples[p]! += a.length;
  }
}

function finish(point: Point, step: number, weights: readonly WeightProbe[]): DriftPoint {
  return {
    step,
    weights: root(plus(point.squares), plus(point.samples)),
    projections: weights.map(({ probe }, p) => ({
      projection: probe.projection,
      weights: root(point.squares[p]!, point.samples[p]!),
    })),
    spikes: point.events === 0 ? null : point.agreed / point.events,
  };
}

const plus = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);
const root = (squares: number, samples: number): number =>
  samples === 0 ? 0 : Math.sqrt(squares / samples);
