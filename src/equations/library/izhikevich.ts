/** Izhikevich's neuron, in steps of dt milliseconds. */
export const izhikevich = `# Izhikevich 2003, equations 1 and 2, Euler steps of dt ms; I in the units of the paper.
neuron izhikevich(a = 0.02, b = 0.2, c = -65, d = 8, dt = 0.5, tau_trace = 20)
  state v = -65
  state u = -13
  v     <- v + dt * (0.04 * v^2 + 5 * v + 140 - u + I)
  u     <- u + dt * a * (b * v - u)
  spike <- v >= 30
  v     <- c on spike
  u     <- u + d on spike
  trace <- trace - trace / tau_trace + spike
`;
