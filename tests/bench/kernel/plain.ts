import type { Inputs, MachineShape, Outputs, Probe } from '../../../src/network/machine.js';
import type { Runner } from './batch.js';
import { CLIP, PARAMETERS, parameterOf, WORK } from './work.js';

const { pre: PRE, hidden: HIDDEN, post: POST } = WORK;
const round = Math.fround;
const E = round(Math.E);
const KEEP = round(1 - round(1 / E));
const THRESHOLD = round(0.1);

type Values = Float32Array;

/** A projection with its rule, in arrays by synapse. */
class PlainProjection {
  readonly weights: Float32Array;
  /** lr, A, B, C, D. */
  private readonly parameters: readonly Float32Array[];

  constructor(
    member: number,
    index: number,
    private readonly pre: number,
    private readonly post: number,
  ) {
    this.weights = new Float32Array(pre * post);
    this.parameters = PARAMETERS.map((_, p) => parameterOf(member, index, p));
  }

  deliver(payload: Float32Array, into: Float32Array): void {
    const { weights, pre, post } = this;
    into.fill(0);
    for (let i = 0; i < pre; i++) {
      const s = payload[i]!;
      if (s === 0) continue;
      for (let j = 0; j < post; j++) into[j] = into[j]! + round(weights[i * post + j]! * s);
    }
  }

  learn(x: Float32Array, y: Float32Array): void {
    const { weights, pre, post } = this;
    const [lr, a, b, c, d] = this.parameters as [Values, Values, Values, Values, Values];
    let largest = 0;
    for (let i = 0; i < pre; i++) {
      for (let j = 0; j < post; j++) {
        const k = i * post + j;
        const both = round(round(a[k]! * x[i]!) * round(y[j]! - c[k]!));
        const sum = round(round(both + round(b[k]! * y[j]!)) + d[k]!);
        const next = round(weights[k]! + round(lr[k]! * sum));
        weights[k] = next;
        const size = Math.abs(next);
        if (size > largest) largest = size;
      }
    }
    if (largest === 0) return;
    for (let k = 0; k < weights.length; k++) weights[k] = weights[k]! / largest;
  }
}

/** The network of a member as one would write it by hand in TypeScript: typed arrays, loops, every result rounded to float32. */
export class PlainNetwork implements Runner {
  readonly lanes = 1;
  readonly shape: MachineShape = { machine: 'plain', inputs: [], outputs: [], probes: [] };
  private readonly observation = new Float32Array(PRE);
  private readonly current = new Float32Array(HIDDEN);
  private readonly v = new Float32Array(HIDDEN);
  private readonly spike = new Float32Array(HIDDEN);
  private readonly trace = new Float32Array(HIDDEN);
  private readonly value = new Float32Array(POST);
  private readonly first: PlainProjection;
  private readonly second: PlainProjection;
  readonly outputs: Outputs = { action: new Float64Array(POST) };

  constructor(member: number) {
    this.first = new PlainProjection(member, 0, PRE, HIDDEN);
    this.second = new PlainProjection(member, 1, HIDDEN, POST);
  }

  reset(): void {
    const { first, second, v, spike, trace } = this;
    for (const values of [first.weights, second.weights, v, spike, trace]) values.fill(0);
  }

  step([inputs]: readonly Inputs[]): void {
    const { observation, current, spike, trace, value, first, second } = this;
    const given = inputs!.values['observation']!;
    for (let i = 0; i < PRE; i++) observation[i] = Math.max(-CLIP, Math.min(CLIP, given[i]!));
    first.deliver(observation, current);
    this.neurons();
    second.deliver(spike, value);
    first.learn(observation, trace);
    second.learn(trace, value);
    const action = this.outputs['action']!;
    for (let j = 0; j < POST; j++) action[j] = Math.max(-CLIP, Math.min(CLIP, value[j]!));
  }

  read(probe: Probe): Float64Array {
    if (probe.kind === 'weight') {
      const { weights } = probe.projection === 'observation->hidden' ? this.first : this.second;
      return Float64Array.from(weights);
    }
    const { v, spike, trace, value } = this;
    const variables: Readonly<Record<string, Float32Array>> = { v, spike, trace, value };
    return Float64Array.from('name' in probe ? variables[probe.name]! : []);
  }

  private neurons(): void {
    const { current, v, spike, trace } = this;
    for (let j = 0; j < HIDDEN; j++) {
      const moved = round(v[j]! + round(round(current[j]! - v[j]!) / E));
      const fired = Math.abs(moved) > THRESHOLD ? Math.sign(moved) : 0;
      spike[j] = fired;
      v[j] = fired !== 0 ? 0 : moved;
      trace[j] = round(trace[j]! / E) + round(KEEP * fired);
    }
  }
}
