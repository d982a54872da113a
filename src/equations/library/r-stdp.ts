/** Reward-modulated spike-timing-dependent plasticity. */
export const r_stdp = `# Izhikevich 2007 (distal reward): pairs charge an eligibility trace, the reward m turns it into weight.
rule r_stdp(a_plus = 0.1, a_minus = 0.12, tau = 20, rate = 0.1)
  eligibility <- eligibility - eligibility / tau + a_plus * x * y_spike - a_minus * y * x_spike
  dw = rate * m * eligibility
  normalize clip -1 1
`;
