/** The ABCD rule. */
export const abcd = `# Najarro & Risi 2020, equation 1: a Hebbian term, one of each side, a constant.
rule abcd(per synapse lr, A, B, C, D)
  dw = lr * (A * x * y + B * x + C * y + D)
  normalize max
`;
