/** No plasticity. */
export const none = `# Weights stay as they are.
rule none
  normalize none
`;
