/** A linear readout: no spikes. */
export const readout = `# The summed current itself: what PDLF reads its actions from.
neuron readout
  value <- I
`;
