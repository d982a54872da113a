/** PDLF's neuron. */
export const ternary_lif = `# Shen et al. 2023 (arXiv 2308.12063): leaky integration, spikes of both signs, hard reset, trace.
neuron ternary_lif(tau = exp(1), threshold = 0.1)
  v     <- v + (I - v) / tau
  spike <- sign(v) if |v| > threshold
  v     <- 0 on spike
  trace <- trace / exp(1) + (1 - 1 / exp(1)) * spike
`;
