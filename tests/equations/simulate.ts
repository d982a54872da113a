import { evaluate, FLOAT64 } from '../../src/equations/evaluate.js';
import { neuronModel, ruleModel } from '../../src/equations/load.js';
import type { NeuronModel, RuleModel } from '../../src/equations/model.js';

export type Values = Record<string, number>;

/** One neuron in float64, straight from its equations: `step(current)` gives its variables. */
export function neuron(
  name: string,
  parameters: Values = {},
): (current: number) => Readonly<Values> {
  const model = neuronModel(name);
  const state = initial(model, parameters);
  return (current) => run(model, { ...state, I: current }, state);
}

/** One synapse in float64: `step` takes the signals and gives w and the variables of the rule. Normalises by clip only. */
export function synapse(
  name: string,
  parameters: Values = {},
  weight = 0,
): (signals: Values) => Readonly<Values> {
  const model = ruleModel(name);
  const state: Values = { ...initial(model, parameters), w: weight };
  return (signals) => {
    const seen: Values = { m: 0, ...state, ...signals };
    run(model, seen, state);
    const read = (n: string): number => known(seen, n);
    let w = state['w']! + (model.dw ? evaluate(model.dw, read, FLOAT64) : 0);
    for (const n of model.normalizations)
      if (n.kind === 'clip') w = Math.min(n.high, Math.max(n.low, w));
    state['w'] = w;
    return state;
  };
}

function initial(model: NeuronModel | RuleModel, parameters: Values): Values {
  const state: Values = {};
  for (const { name, default: value } of model.parameters) {
    const given = parameters[name] ?? value;
    if (given === undefined) throw new Error(`${name} needs a value`);
    state[name] = given;
  }
  for (const { name, initial: value } of model.variables) state[name] = value;
  return state;
}

/** Runs the updates: results go into `seen`, variables into `state` too. */
function run(model: NeuronModel | RuleModel, seen: Values, state: Values): Readonly<Values> {
  const persistent = new Map(model.variables.map((v) => [v.name, v.persistent]));
  const assigned = new Set<string>();
  const read = (n: string): number => known(seen, n);
  for (const { target, local, value, condition } of model.updates) {
    const holds = !condition || evaluate(condition, read, FLOAT64) !== 0;
    if (holds) seen[target] = evaluate(value, read, FLOAT64);
    else if (!assigned.has(target) && !persistent.get(target)) seen[target] = 0;
    assigned.add(target);
    if (!local) state[target] = seen[target]!;
  }
  return state;
}

function known(values: Values, name: string): number {
  const value = values[name];
  if (value === undefined) throw new Error(`${name} has no value`);
  return value;
}
