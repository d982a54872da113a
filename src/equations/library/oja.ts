/** Oja's rule. */
export const oja = `# Oja 1982, equation 3: Hebbian growth, with a decay that normalises the weights of a neuron.
rule oja(rate = 0.01)
  dw = rate * (x * y - y^2 * w)
  normalize clip -1 1
`;
