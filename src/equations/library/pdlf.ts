/** The rule of plasticity-driven learning. */
export const pdlf = `# Shen et al. 2023 (arXiv 2308.12063): cooperative and single-sided terms, five coefficients per synapse.
rule pdlf(per synapse lr, A, B, C, D)
  dw = lr * (A * x * (y - C) + B * y + D)
  normalize max
`;
