/** Hebb's rule with forgetting. */
export const hebb = `# Hebb 1949; the decay keeps weights bounded (Gerstner & Kistler 2002, section 10.2).
rule hebb(rate = 0.01)
  dw = rate * x * y
  normalize decay 0.01, clip -1 1
`;
