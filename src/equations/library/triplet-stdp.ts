/** Triplet spike-timing-dependent plasticity. */
export const triplet_stdp = `# Pfister & Gerstner 2006, equations 3 and 4, minimal model: the slow trace counts before the spike of this step.
rule triplet_stdp(a_minus = 0.007, a_triplet = 0.006)
  dw = a_triplet * x * (y_slow_trace - y_spike) * y_spike - a_minus * y * x_spike
  normalize clip 0 1
`;
