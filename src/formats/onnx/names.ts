/**
 * Names of tensors. What the user chose stands behind a prefix that ends in the first `:` of the name; the equation language
 * writes no `:`, so that no name of a population, projection, rule, parameter or variable meets a generated one or one of another
 * kind. `modulator`, `reset` and `steps` have no prefix.
 */
export const MODULATOR = 'modulator';
export const RESET = 'reset';
/** The state that counts steps, where a projection learns every few of them. */
export const STEPS = 'steps';

/** What the model takes for an input port. */
export const inputName = (population: string): string => `IN:${population}`;
/** What the model gives for an output port. */
export const outputName = (population: string): string => `OUT:${population}`;

/** The state that holds a variable of a population, [size]. */
export const neuronState = (population: string, variable: string): string =>
  `neuron:${population}.${variable}`;
/** The state that holds the weights (`w`) or a variable of a projection, [pre, post]. */
export const synapseState = (projection: string, variable: string): string =>
  `synapse:${projection}/${variable}`;
/** The state that holds what is under way, [delay, size], oldest first. */
export const lineState = (projection: string): string => `line:${projection}`;

/** The state that a call of the model gives back. */
export const finalName = (state: string): string => `final:${state}`;
/** The declared initial values of a state. */
export const initialName = (state: string): string => `initial:${state}`;
/** A state or input as the body of the scan takes it. */
export const nowName = (name: string): string => `now:${name}`;
/** A state or output as the body of the scan gives it. */
export const nextName = (name: string): string => `next:${name}`;

/** In a function: the value of a variable after the step. */
export const newName = (variable: string): string => `new:${variable}`;
/** In the function of a sparse rule: where there are synapses, a boolean table. */
export const PRESENT = 'is:present';
