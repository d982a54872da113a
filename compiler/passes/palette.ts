import type { RuleModel } from '../../src/equations/model.js';
import type { Network, ParameterValue, Projection } from '../../src/network/network.js';
import { columnsOf } from '../../src/network/synapses.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import type { Group } from '../levels/fixed/fixed.js';
import { draw } from '../levels/numbers/draw.js';
import type { PlacedNetwork } from '../levels/placed.js';
import type { Pass, PassContext } from '../pass.js';
import { effectOf } from './effect.js';

export const palette: Pass<PlacedNetwork, PlacedNetwork> = {
  name: 'palette',
  about: `Shares coefficients: at most K vectors per rule and core.
What: k-means over the coefficient vectors of the synapses on a core, each coordinate weighted by the rms of its factors,
so that distance is the expected error of Δw; every synapse takes the centre of its cluster.
Why: learning profiles are few on a chip; synapses choose one by index. Without --palette every distinct vector is a profile.
Before: 256 vectors (k0, k1, k2, k3). After: K of them, and the rms error of Δw in a note.`,
  needs: ['folded', 'legal', 'tagged', 'placed'],
  keeps: ['folded', 'legal', 'tagged', 'placed'],
  gives: ['palette'],
  run: (level, context) => {
    const { palette: size } = context.options;
    if (size === undefined) return level;
    const projections = level.network.projections.map((p) =>
      p.rule ? shareCoefficients(p, p.rule, level, size, context) : p,
    );
    return { ...level, network: { ...level.network, projections } };
  },
};

function shareCoefficients(
  projection: Projection,
  rule: RuleModel,
  { network, tags, groups }: PlacedNetwork,
  size: number,
  context: PassContext,
): Projection {
  const columns = synapsesOf(network, projection);
  const shared: Record<string, Float64Array> = {};
  for (const [name, value] of Object.entries(projection.parameters))
    if (typeof value !== 'number' && name !== tags[projection.name]) {
      shared[name] = Float64Array.from(value);
    }
  const names = Object.keys(shared);
  if (names.length === 0) return projection;
  const weights = names.map((name) => effectOf(rule, projection, name, context));
  const error = { squares: 0, count: 0 };
  for (const core of coresOf(groups, projection.post)) {
    const members = Array.from(columns.keys()).filter((k) =>
      isOn(groups, projection.post, core, columns[k]!),
    );
    const points = members.map((k) => names.map((n, d) => shared[n]![k]! * weights[d]!));
    const { centres, nearest } = cluster(points, size, projection.name.length + core);
    for (const c of centres.keys()) {
      const own = members.filter((_, m) => nearest[m] === c);
      for (const [d, name] of names.entries()) {
        const values = own.map((k) => shared[name]![k]!);
        const centre = meanOf(values);
        for (const value of values) error.squares += ((centre - value) * weights[d]!) ** 2;
        for (const k of own) shared[name]![k] = centre;
      }
    }
    error.count += members.length;
  }
  const rms = Math.sqrt(error.squares / Math.max(1, error.count));
  context.report(
    diagnostic(
      'PL2007',
      `${projection.name}: ${size} coefficient vectors per core change Δw by ${rms.toPrecision(3)} (rms, expected)`,
    ),
  );
  const parameters: Record<string, ParameterValue> = { ...projection.parameters, ...shared };
  return { ...projection, parameters };
}

/** The mean; equal values have exactly themselves. */
const meanOf = (values: readonly number[]): number =>
  values.every((v) => v === values[0])
    ? (values[0] ?? 0)
    : values.reduce((sum, v) => sum + v, 0) / values.length;

function synapsesOf(network: Network, projection: Projection): Uint32Array {
  const sizeOf = (name: string): number => network.populations.find((p) => p.name === name)!.size;
  return columnsOf(projection, sizeOf(projection.pre), sizeOf(projection.post));
}

const coresOf = (groups: readonly Group[], population: string): number[] => [
  ...new Set(groups.filter((g) => g.population === population).map((g) => g.core)),
];

function isOn(groups: readonly Group[], population: string, core: number, neuron: number): boolean {
  return groups.some(
    (g) =>
      g.population === population &&
      g.core === core &&
      neuron >= g.first &&
      neuron < g.first + g.count,
  );
}

/** k-means with k-means++ seeding from `draw`: deterministic, at most 50 rounds, empty clusters keep their centre. */
export function cluster(
  points: readonly (readonly number[])[],
  size: number,
  seed: number,
): { readonly centres: readonly (readonly number[])[]; readonly nearest: readonly number[] } {
  const centres: number[][] = [];
  const distances = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  while (centres.length < Math.min(size, points.length)) {
    const chosen =
      centres.length === 0 ? 0 : pick(distances, draw(seed, 0, centres.length, 0, 0, 0) / 2 ** 32);
    if (chosen < 0) break;
    centres.push([...points[chosen]!]);
    for (const [i, p] of points.entries())
      distances[i] = Math.min(distances[i]!, squared(p, centres.at(-1)!));
  }
  let nearest: number[] = [];
  for (let round = 0; round < 50; round++) {
    const next = points.map((p) => closest(p, centres));
    if (next.every((c, i) => c === nearest[i])) break;
    nearest = next;
    for (const [c, centre] of centres.entries()) {
      const members = points.filter((_, i) => nearest[i] === c);
      if (members.length === 0) continue;
      for (let d = 0; d < centre.length; d++) {
        centre[d] = members.reduce((sum, p) => sum + p[d]!, 0) / members.length;
      }
    }
  }
  return { centres, nearest };
}

function pick(distances: Float64Array, uniform: number): number {
  const total = distances.reduce((sum, d) => sum + d, 0);
  if (total === 0) return -1;
  let rest = uniform * total;
  let last = -1;
  for (const [i, d] of distances.entries()) {
    if (d === 0) continue;
    last = i;
    rest -= d;
    if (rest < 0) break;
  }
  return last;
}

const squared = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, d) => sum + (v - b[d]!) ** 2, 0);

function closest(point: readonly number[], centres: readonly (readonly number[])[]): number {
  let best = 0;
  for (let c = 1; c < centres.length; c++) {
    if (squared(point, centres[c]!) < squared(point, centres[best]!)) best = c;
  }
  return best;
}
