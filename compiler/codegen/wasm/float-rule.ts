import type { Expression, Normalization } from '../../../src/equations/ast.js';
import type { RuleModel } from '../../../src/equations/model.js';
import { namesOf } from '../../../src/equations/names.js';
import { printExpression } from '../../../src/equations/print.js';
import { emitLanes } from './float-expression.js';
import { FunctionBuilder } from './function-builder.js';
import {
  emitRows,
  emitUpdates,
  isDue,
  type PlacedPopulation,
  type PlacedProjection,
  weightAt,
} from './lanes.js';
import { type Placed, VECTOR } from './layout.js';
import type { WasmFunction } from './module.js';
import { f32x4, get, i32, type Local, type Node, operation } from './node.js';
import type { OpcodeName } from './opcodes.js';

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);

const isWhole = (n: Normalization): boolean => n.kind === 'max' || n.kind === 'pow2';

/** Whether a decay comes after a normalisation over the whole projection. */
export function keepsBefore({ normalizations }: RuleModel): boolean {
  const first = normalizations.findIndex(isWhole);
  return first >= 0 && normalizations.slice(first).some((n) => n.kind === 'decay');
}

/** Whether `max` is the one normalisation over the whole projection, and the last: its division can wait. */
export function dividesLast({ normalizations }: RuleModel): boolean {
  const whole = normalizations.findIndex(isWhole);
  return whole === normalizations.length - 1 && normalizations[whole]?.kind === 'max';
}

/** The name of the exported function that divides the weights which wait for it. */
export const SETTLE = 'settle';

/** Generates `SETTLE`. */
export function emitSettle(projections: readonly PlacedProjection[]): WasmFunction {
  const f = new FunctionBuilder(SETTLE);
  for (const placed of projections) {
    const { divisor, weights } = placed;
    if (!divisor) continue;
    const by = f.keep(f.load(i32(0), divisor.offset), 'divisor');
    f.if(isDue(by), () => {
      const at = f.keep(i32(0), 'at');
      f.unrolled(weights.length, [{ local: at, stride: VECTOR }], (element) => {
        weightAt(f, placed, at, element * VECTOR, by);
      });
      f.store(i32(0), f32x4(1), divisor.offset);
    });
  }
  return f.finish();
}

/** The kernel of a rule with its normalisations, over every synapse of a projection. */
export function emitLanesRule(
  placed: PlacedProjection,
  [pre, post]: readonly [PlacedPopulation, PlacedPopulation],
  rule: RuleModel,
  modulator: Placed,
  name: string,
): WasmFunction {
  const f = new FunctionBuilder(name);
  const writer = new RuleWriter(f, placed, [pre, post], rule);
  writer.write(modulator);
  return f.finish();
}

class RuleWriter {
  private readonly fixed = new Map<string, Local>();
  private readonly hoisted = new Map<string, Local>();
  private readonly largest: Local = { name: 'largest', type: 'v128' };
  private readonly local: readonly Normalization[];
  private readonly whole: readonly Normalization[];

  constructor(
    private readonly f: FunctionBuilder,
    private readonly placed: PlacedProjection,
    private readonly ends: readonly [PlacedPopulation, PlacedPopulation],
    private readonly rule: RuleModel,
  ) {
    const { normalizations } = rule;
    const first = normalizations.findIndex(isWhole);
    this.local = first < 0 ? normalizations : normalizations.slice(0, first);
    this.whole = first < 0 ? [] : normalizations.slice(first);
  }

  write(modulator: Placed): void {
    const { f, rule, placed } = this;
    this.fixed.set('m', f.keep(f.load(i32(0), modulator.offset), 'm'));
    for (const { name, scope } of rule.parameters) {
      if (scope !== 'scalar') continue;
      this.fixed.set(name, f.keep(f.load(i32(0), placed.parameters.get(name)!.offset), name));
    }
    f.set(this.largest, f32x4(0));
    this.sweep();
    for (const [i, normalization] of this.whole.entries())
      this.normalizeWhole(normalization, i === 0);
  }

  private sweep(): void {
    const { f, placed } = this;
    const [pre, post] = this.ends.map((e) => e.population.size) as [number, number];
    const row = f.keep(i32(0), 'row');
    const rowNames = (): Map<string, Local> => {
      const names = new Map(this.fixed);
      this.loadSignals('pre', row, names);
      this.hoist(names);
      return names;
    };
    if (placed.rows) {
      emitRows(f, placed.rows, pre, {
        row: () => {
          const names = rowNames();
          f.advance(row, VECTOR);
          return names;
        },
        synapse: (names, synapse, column) => this.synapse(names, synapse, column, 0),
      });
      return;
    }
    const synapse = f.keep(i32(0), 'synapse');
    f.loop(pre, () => {
      const names = rowNames();
      const column = f.keep(i32(0), 'column');
      const pointers = [synapse, column].map((local) => ({ local, stride: VECTOR }));
      f.unrolled(post, pointers, (ahead) => this.synapse(names, synapse, column, ahead * VECTOR));
      f.advance(row, VECTOR);
    });
  }

  private loadSignals(side: 'pre' | 'post', at: Local, names: Map<string, Local>, ahead = 0): void {
    const end = this.ends[side === 'pre' ? 0 : 1];
    for (const binding of this.placed.projection.bindings) {
      if (binding.side !== side) continue;
      const { offset } = end.variables.get(binding.variable)!;
      names.set(binding.signal, this.f.keep(this.f.load(get(at), offset + ahead), binding.signal));
    }
  }

  /** Computes once per row what only scalars, the modulator and presynaptic signals enter. */
  private hoist(names: ReadonlyMap<string, Local>): void {
    const { f, rule } = this;
    const scope = { read: (n: string): Node => get(names.get(n)!), keep: (e: Node) => f.keep(e) };
    const visit = (e: Expression): void => {
      const read = [...namesOf(e)];
      if (read.length === 0 || e.kind === 'name' || e.kind === 'number') return;
      if (read.every((n) => names.has(n))) {
        const key = printExpression(e);
        if (!this.hoisted.has(key)) this.hoisted.set(key, f.keep(emitLanes(e, scope), 'row'));
        return;
      }
      if (e.kind === 'unary') visit(e.operand);
      else if (e.kind === 'binary') for (const o of [e.left, e.right]) visit(o);
      else if (e.kind === 'call') e.arguments.forEach(visit);
    };
    for (const { value, condition } of rule.updates) {
      visit(value);
      if (condition) visit(condition);
    }
    if (rule.dw) visit(rule.dw);
  }

  /** One synapse, `ahead` bytes behind the pointers. */
  private synapse(
    row: ReadonlyMap<string, Local>,
    synapse: Local,
    column: Local,
    ahead: number,
  ): void {
    const { f, rule, placed } = this;
    const names = new Map(row);
    const w = f.keep(f.load(get(synapse), placed.weights.offset + ahead), 'w');
    names.set('w', w);
    this.loadSignals('post', column, names, ahead);
    for (const { name, scope } of rule.parameters) {
      if (scope === 'scalar') continue;
      const at = scope === 'synapse' ? synapse : column;
      names.set(name, f.keep(f.load(get(at), placed.parameters.get(name)!.offset + ahead), name));
    }
    for (const [name, { offset }] of placed.variables) {
      names.set(name, f.keep(f.load(get(synapse), offset + ahead), name));
    }
    if (placed.before) f.store(get(synapse), get(w), placed.before.offset + ahead);
    const hoisted = (e: Expression): Node | undefined => {
      const local = this.hoisted.size > 0 ? this.hoisted.get(printExpression(e)) : undefined;
      return local && get(local);
    };
    emitUpdates(f, rule.updates, rule.variables, names, { hoisted });
    for (const [name, { offset }] of placed.variables) {
      f.store(get(synapse), get(names.get(name)!), offset + ahead);
    }
    const scope = {
      read: (n: string): Node => get(names.get(n)!),
      keep: (e: Node) => f.keep(e),
      hoisted,
    };
    // Without dw the change is 0, which turns -0 into +0.
    let next = v('f32x4.add', get(w), rule.dw ? emitLanes(rule.dw, scope) : f32x4(0));
    for (const n of this.local) next = normalizeLocal(n, next, get(w));
    const kept = f.keep(next, 'next');
    if (this.whole.length > 0) this.noteSize(kept);
    f.store(get(synapse), get(kept), placed.weights.offset + ahead);
  }

  /** pmax(x, y) is x < y ? y : x: a NaN is never the largest. */
  private noteSize(weight: Local): void {
    const size = v('f32x4.abs', get(weight));
    this.f.set(this.largest, v('f32x4.pmax', get(this.largest), size));
  }

  private normalizeWhole(n: Normalization, known: boolean): void {
    const { f } = this;
    switch (n.kind) {
      case 'max': {
        if (!known) this.measure();
        const divides = v('f32x4.ne', get(this.largest), f32x4(0));
        const divisor = f.keep(
          v('v128.bitselect', get(this.largest), f32x4(1), divides),
          'divisor',
        );
        if (this.placed.divisor) f.store(i32(0), get(divisor), this.placed.divisor.offset);
        else this.overWeights((w) => v('f32x4.div', w, get(divisor)));
        return;
      }
      case 'pow2': {
        if (!known) this.measure();
        const above = { name: 'above', type: 'v128' } as const;
        const find = (): Node => {
          const finite = v('f32x4.lt', get(this.largest), f32x4(Infinity));
          f.set(above, v('v128.and', v('f32x4.gt', get(this.largest), f32x4(1)), finite));
          return v('v128.any_true', get(above));
        };
        const more = find();
        f.if(more, () => {
          f.repeat(() => {
            this.overWeights((w) =>
              v('v128.bitselect', v('f32x4.div', w, f32x4(2)), w, get(above)),
            );
            this.measure();
          }, find);
        });
        return;
      }
      default:
        this.overWeights((w, at, ahead) =>
          normalizeLocal(n, w, f.load(get(at), (this.placed.before?.offset ?? 0) + ahead)),
        );
    }
  }

  private measure(): void {
    const { f, placed } = this;
    f.set(this.largest, f32x4(0));
    const at = f.keep(i32(0), 'at');
    f.unrolled(placed.weights.length, [{ local: at, stride: VECTOR }], (ahead) => {
      this.noteSize(f.keep(f.load(get(at), placed.weights.offset + ahead * VECTOR), 'w'));
    });
  }

  private overWeights(change: (w: Node, at: Local, ahead: number) => Node): void {
    const { f, placed } = this;
    const at = f.keep(i32(0), 'at');
    f.unrolled(placed.weights.length, [{ local: at, stride: VECTOR }], (element) => {
      const ahead = element * VECTOR;
      const w = f.keep(f.load(get(at), placed.weights.offset + ahead), 'w');
      f.store(get(at), change(get(w), at, ahead), placed.weights.offset + ahead);
    });
  }
}

/** `clip` passes NaN on: pmax(x, low) is x < low ? low : x. */
function normalizeLocal(n: Normalization, weight: Node, before: Node): Node {
  if (n.kind === 'clip') {
    return v('f32x4.pmin', v('f32x4.pmax', weight, f32x4(n.low)), f32x4(n.high));
  }
  if (n.kind !== 'decay') throw new Error(`${n.kind} looks at the whole projection`);
  return v('f32x4.sub', weight, v('f32x4.mul', f32x4(n.rate), before));
}
