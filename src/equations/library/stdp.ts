/** Pair-based spike-timing-dependent plasticity with traces. */
export const stdp = `# Morrison, Diesmann & Gerstner 2008, section 4.1: all-to-all pairs, by a trace on each side.
rule stdp(a_plus = 0.01, a_minus = 0.012)
  dw = a_plus * x * y_spike - a_minus * y * x_spike
  normalize clip 0 1
`;
