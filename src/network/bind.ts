import type { RuleModel, RuleSignal } from '../equations/model.js';
import type { Population, SignalBinding } from './network.js';

/** The names of the variables that a population offers to rules and output ports. */
export function variablesOf(population: Population): readonly string[] {
  return population.neuron ? population.neuron.variables.map((v) => v.name) : ['value'];
}

/** The variable that a population sends to others. */
export function sentVariable(population: Population): string {
  return population.neuron?.value ?? 'value';
}

/** A variable as people write it: `value` is whatever the population sends. */
export function resolveVariable(population: Population, name: string): string {
  return name === 'value' ? sentVariable(population) : name;
}

/**
 * Where a rule's signals come from when nobody says otherwise: `x` and `y` from the variable `trace` of their
 * side's population if it has one, else from what it sends; `x_NAME` and `y_NAME` from the variable NAME.
 * A signal of another form is left out and must be bound by hand.
 */
export function defaultBindings(
  rule: RuleModel,
  pre: Population,
  post: Population,
): readonly SignalBinding[] {
  return rule.signals.flatMap((signal) => {
    const variable = defaultVariable(signal, signal.side === 'pre' ? pre : post);
    return variable === undefined ? [] : [{ signal: signal.name, side: signal.side, variable }];
  });
}

function defaultVariable(signal: RuleSignal, population: Population): string | undefined {
  const letter = signal.side === 'pre' ? 'x' : 'y';
  if (signal.name === letter) {
    return variablesOf(population).includes('trace') ? 'trace' : sentVariable(population);
  }
  if (!signal.name.startsWith(`${letter}_`)) return undefined;
  return resolveVariable(population, signal.name.slice(2));
}
