import { type Arithmetic, evaluate } from '../../src/equations/evaluate.js';
import type { ModelVariable, Update } from '../../src/equations/model.js';

/** The values of one neuron or synapse within a step: variables as they were before it, then as they are assigned. */
export type Values = Map<string, number>;

export interface Assignments {
  readonly updates: readonly Update[];
  readonly variables: readonly ModelVariable[];
  /** Told before each assignment; `read` sees what it will see. */
  readonly reached?: (update: Update) => void;
  /** Told after each assignment that took place. */
  readonly assigned: (update: Update, value: number) => void;
}

/**
 * Repeats the assignments of one neuron or synapse as `Update` in equations/model.ts says, in `values`, so that values
 * which a machine does not show (locals, values overwritten within the step) can be seen.
 */
export function repeatAssignments(
  { updates, variables, reached, assigned }: Assignments,
  values: Values,
  read: (name: string) => number,
  arithmetic: Arithmetic,
): void {
  if (updates.length === 0) return;
  const done = new Set<string>();
  const seen = (name: string): number => values.get(name) ?? read(name);
  for (const update of updates) {
    const { target, local, value, condition } = update;
    reached?.(update);
    if (!condition || evaluate(condition, seen, arithmetic) !== 0) {
      const result = arithmetic.round(evaluate(value, seen, arithmetic));
      values.set(target, result);
      assigned(update, result);
    } else if (!done.has(target)) {
      const keeps = !local && variables.some((v) => v.name === target && v.persistent);
      if (!keeps) values.set(target, 0);
    }
    done.add(target);
  }
}
