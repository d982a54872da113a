/** Leaky integrate-and-fire whose threshold rises with each spike. */
export const adaptive_lif = `# Bellec et al. 2018 (LSNN): threshold + beta * adaptation, where adaptation is a slow trace of spikes.
neuron adaptive_lif(tau = 10, threshold = 1, beta = 0.5, tau_adaptation = 50, tau_trace = 20, tau_slow = 100)
  v     <- v + (I - v) / tau
  spike <- v > threshold + beta * adaptation
  v     <- 0 on spike
  adaptation <- adaptation - adaptation / tau_adaptation + spike
  trace <- trace - trace / tau_trace + spike
  slow_trace <- slow_trace - slow_trace / tau_slow + spike
`;
