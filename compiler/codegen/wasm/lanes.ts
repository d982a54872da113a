import type { ModelVariable, Update } from '../../../src/equations/model.js';
import type { Population, Projection } from '../../../src/network/network.js';
import { emitLanes, FLOAT32_LANES, holds, type LaneScope } from './float-expression.js';
import type { FunctionBuilder } from './function-builder.js';
import { type Placed, VECTOR } from './layout.js';
import { f32x4, get, i32, type Local, load, type Node, operation } from './node.js';

/** Where the state of one population lies: variables and parameters by name (a scalar has one element), and the current. */
export interface PlacedPopulation {
  readonly population: Population;
  readonly variables: ReadonlyMap<string, Placed>;
  readonly parameters: ReadonlyMap<string, Placed>;
  readonly current: Placed;
}

/** Where the state of one projection lies. */
export interface PlacedProjection {
  readonly projection: Projection;
  readonly weights: Placed;
  /**
   * What the weights are still to be divided by, one per lane, where `normalize max` ends the rule: the division waits for the
   * next sums over the projection, which read all weights anyway. 1 where nothing is due.
   */
  readonly divisor: Placed | undefined;
  /** The weights before the rule, where a normalisation over the whole comes before a decay. */
  readonly before: Placed | undefined;
  readonly variables: ReadonlyMap<string, Placed>;
  readonly parameters: ReadonlyMap<string, Placed>;
  readonly sums: Placed;
  /** Slots of what is under way: payloads, or sums where currents are sent. */
  readonly line: readonly Placed[];
  /** Of a sparse projection: row starts and columns, as words. */
  readonly rows: { readonly rowStart: Placed; readonly columns: Placed } | undefined;
}

/** 1 where the weights of any lane wait for their division. */
export const isDue = (divisor: Local): Node =>
  operation('v128.any_true', [operation('f32x4.ne', [get(divisor), f32x4(1)])]);

/** A weight; where there is a divisor, divided by it and kept so. */
export function weightAt(
  f: FunctionBuilder,
  { weights }: PlacedProjection,
  at: Local,
  ahead: number,
  divisor: Local | undefined,
): Node {
  const weight = f.load(get(at), weights.offset + ahead);
  if (!divisor) return weight;
  const settled = f.keep(operation('f32x4.div', [weight, get(divisor)]), 'w');
  f.store(get(at), get(settled), weights.offset + ahead);
  return get(settled);
}

/** Assignments in order, as `Update` in equations/model.ts says; `names` then holds what each name is. */
export function emitUpdates(
  f: FunctionBuilder,
  updates: readonly Update[],
  variables: readonly ModelVariable[],
  names: Map<string, Local>,
  options: Pick<LaneScope, 'type' | 'hoisted'> = {},
): void {
  const { type = FLOAT32_LANES } = options;
  const persistent = new Set(variables.filter((v) => v.persistent).map((v) => v.name));
  const assigned = new Set<string>();
  const scope = {
    read: (name: string): Node => get(names.get(name)!),
    keep: (value: Node): Local => f.keep(value),
    ...options,
  };
  for (const { target, value, condition } of updates) {
    let result = emitLanes(value, scope);
    if (condition) {
      const kept = assigned.has(target) || persistent.has(target);
      const otherwise = kept ? get(names.get(target)!) : type.constant(0);
      const mask = holds(emitLanes(condition, scope), type);
      result = operation('v128.bitselect', [result, otherwise, mask]);
    }
    assigned.add(target);
    names.set(target, f.keep(result, target));
  }
}

/** Walks the rows of a sparse projection; `synapse` and `column` are byte offsets of lanes. */
export function emitRows<Row>(
  f: FunctionBuilder,
  { rowStart, columns }: NonNullable<PlacedProjection['rows']>,
  preSize: number,
  visit: {
    readonly row: () => Row;
    readonly synapse: (row: Row, synapse: Local, column: Local) => void;
  },
): void {
  const start = f.keep(i32(0), 'start');
  const synapse = f.keep(i32(0), 'synapse');
  const column: Local = { name: 'column', type: 'i32' };
  f.loop(preSize, () => {
    const row = visit.row();
    f.advance(start, 4);
    const end = load('i32.load', get(start), rowStart.offset);
    const last = f.keep(operation('i32.shl', [end, i32(4)]), 'last');
    const more = (): Node => operation('i32.lt_s', [get(synapse), get(last)]);
    f.if(more(), () => {
      f.repeat(() => {
        const word = operation('i32.shr_u', [get(synapse), i32(2)]);
        const index = load('i32.load', word, columns.offset);
        f.set(column, operation('i32.shl', [index, i32(4)]));
        visit.synapse(row, synapse, column);
        f.advance(synapse, VECTOR);
      }, more);
    });
  });
}
