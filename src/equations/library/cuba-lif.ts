/** Loihi's neuron: leaky current and leaky voltage. */
export const cuba_lif = `# Davies et al. 2018: synaptic current and membrane potential decay by 12-bit fractions of 4096.
neuron cuba_lif(decay_u = 1024, decay_v = 512, threshold = 1, bias = 0, tau_trace = 20)
  u     <- u * (4096 - decay_u) / 4096 + I
  v     <- v * (4096 - decay_v) / 4096 + u + bias
  spike <- v > threshold
  v     <- 0 on spike
  trace <- trace - trace / tau_trace + spike
`;
