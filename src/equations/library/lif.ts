/** Leaky integrate-and-fire with two traces. */
export const lif = `# Gerstner & Kistler 2002, section 4.1: leaky integration, reset to 0; traces decay once per step.
neuron lif(tau = 10, threshold = 1, tau_trace = 20, tau_slow = 100)
  v     <- v + (I - v) / tau
  spike <- v > threshold
  v     <- 0 on spike
  trace <- trace - trace / tau_trace + spike
  slow_trace <- slow_trace - slow_trace / tau_slow + spike
`;
