import type { CatalogueEntry } from '../catalogue.js';

export const mappingEntries = {
  PL3001: {
    severity: 'warning',
    title: 'normalisation replaced',
    about:
      'max and pow2 need the largest weight of a whole projection, which a chip with synapses on several cores cannot know. Weights are clipped to ±1 instead. The rule now means something else: plastron verify measures it, plastron train --on wins it back.',
    example: 'normalize max on loihi2',
    fix: 'normalize clip -1 1, or plastron train TASK --on loihi2 --from model.onnx',
  },
  PL3000: {
    severity: 'error',
    title: 'no such target',
    about: 'The name is no target of this build.',
    example: '--target lohi2',
    fix: '--target loihi2',
  },
  PL3002: {
    severity: 'error',
    title: 'no table',
    about:
      'The neuron computes a function of a varying value, and the target has no function tables.',
    example: 'spike <- tanh(v) > 0.5 for loihi1',
    fix: 'spike <- v > 0.55',
  },
  PL3003: {
    severity: 'error',
    title: 'not a sum of products',
    about:
      'A rule multiplies something that is no signal, weight, modulator or per-synapse variable. The learning engine multiplies these only.',
    example: 'dw = rate * tanh(x) * y',
    fix: 'squash <- tanh(v) in the neuron, and x_squash in the rule',
  },
  PL3004: {
    severity: 'error',
    title: 'delay too long',
    about: 'A projection has a longer delay than the target can hold.',
    example: 'delay 100 on loihi2',
    fix: 'delay 63, or a relay population',
  },
  PL3005: {
    severity: 'error',
    title: 'too many variables per synapse',
    about: 'A rule keeps more variables per synapse than the target has fields.',
    example: 'two eligibility traces',
    fix: 'one eligibility trace, or a slow trace in the neuron',
  },
  PL3006: {
    severity: 'error',
    title: 'a condition in a rule',
    about: 'The learning engine has no conditions: it adds products.',
    example: 'e <- e + x if y > 1',
    fix: 'gate <- v > 1 in the neuron, and e <- e + x * y_gate',
  },
  PL3007: {
    severity: 'error',
    title: 'no third factor',
    about:
      'A rule reads the modulator m, and nothing carries it to the learning engine of the target.',
    example: 'r_stdp on loihi1',
    fix: 'r_stdp on loihi2',
  },
  PL3008: {
    severity: 'error',
    title: 'too many traces',
    about: 'Rules read more signals of one population than it has trace registers.',
    example: 'x, x_spike and x_slow_trace of one population',
    fix: 'two of them',
  },
  PL3009: {
    severity: 'error',
    title: 'several layers in one step',
    about: 'A projection acts within the step, and the target updates all neurons at once.',
    example: 'hidden -> action with delay 0 on loihi1',
    fix: 'hidden -> action with delay 1',
  },
  PL3010: {
    severity: 'error',
    title: 'too many registers',
    about: 'The program of a neuron holds more values at once than there are registers.',
    example: 'one statement of forty products',
    fix: 'several statements',
  },
  PL3011: {
    severity: 'error',
    title: 'payloads that are no spikes',
    about: 'A population sends numbers, and messages on the target are single spikes.',
    example: 'ternary_lif on loihi1',
    fix: 'lif on loihi1, or ternary_lif on loihi2',
  },
  PL3012: {
    severity: 'error',
    title: 'one neuron fills more than a core',
    about: 'The synapses that end on one neuron need more memory than a core has.',
    example: '100000 synapses on one neuron',
    fix: 'a sparse projection',
  },
  PL3013: {
    severity: 'error',
    title: 'too many cores',
    about: 'The network needs more cores than the chip has.',
    example: '2 million neurons',
    fix: 'fewer neurons or synapses',
  },
  PL3014: {
    severity: 'error',
    title: 'too many learning profiles',
    about: 'A core needs more distinct coefficient vectors than the target has profiles.',
    example: 'pdlf without --palette on loihi1',
    fix: '--palette 8',
  },
  PL3015: {
    severity: 'error',
    title: 'an output that is an input',
    about: 'An output port reads an input population, which lies outside the chip.',
    example: 'an output of the population observation',
    fix: 'read the observation where it is made, or send it through a neuron: value <- I',
  },
  PL3016: {
    severity: 'error',
    title: 'a product of values that change',
    about:
      'Neurons of the target are fixed circuits: they add, scale by constants and compare, and cannot multiply one variable with another.',
    example: 'v <- v + 0.04 * v^2 + I on loihi1',
    fix: 'v <- v + 0.04 * v + I, or compile for loihi2',
  },
  PL3050: {
    severity: 'error',
    title: 'no such board',
    about: 'The name is no FPGA board of this build.',
    example: 'plastron bitstream --board icebraker -o plastron.bin',
    fix: 'plastron bitstream --board icebreaker -o plastron.bin',
  },
  PL3051: {
    severity: 'error',
    title: 'no such parameter of the core',
    about:
      'The core of an FPGA is made to measure by its parameters, whole numbers by name. The name is none of them, or no number follows it.',
    example: 'plastron bitstream --board icebreaker --parameters LANE=4 -o plastron.bin',
    fix: 'plastron bitstream --board icebreaker --parameters LANES=4 -o plastron.bin',
  },
  PL3052: {
    severity: 'error',
    title: 'no such clock',
    about:
      'The core runs on a clock that the PLL of the chip makes from the oscillator of the board, within limits of its data sheet. None of its settings gives a clock as slow as that.',
    example: 'plastron bitstream --board icebreaker --megahertz 1 -o plastron.bin',
    fix: 'plastron bitstream --board icebreaker --megahertz 20 -o plastron.bin',
  },
  PL3053: {
    severity: 'error',
    title: 'the core does not fit the chip',
    about: 'The core needs more of a resource than the chip of the board has.',
    example: 'plastron bitstream --board icebreaker --parameters LANES=8 -o plastron.bin',
    fix: 'plastron bitstream --board icebreaker --parameters LANES=2 -o plastron.bin',
  },
  PL3054: {
    severity: 'error',
    title: 'the core is slower than its clock',
    about:
      'Placed and routed, the longest path of the core takes longer than a period of its clock, at the voltage and temperature that are worst. Such a bitstream could compute anything, so it is not written.',
    example: 'plastron bitstream --board icebreaker --megahertz 48 -o plastron.bin',
    fix: 'plastron bitstream --board icebreaker --megahertz 24 -o plastron.bin',
  },
  PL3055: {
    severity: 'error',
    title: 'a neuron with too many words',
    about:
      'A neuron of the FPGA core has 16 words, in four pages of four, for its variables, its per-neuron parameters and a sum for every projection that leads to it. A pass of a program sees one page: what the neuron sends must lie in one, and so must what any one rule reads. There is no way to lay them out.',
    example: 'sixteen projections onto one population',
    fix: 'fewer projections, or a relay: a population whose neurons only hand on',
  },
  PL3056: {
    severity: 'error',
    title: 'a program with too many passes',
    about: 'A command of the FPGA core goes at most 31 times over its neurons or synapses.',
    example: 'a neuron of forty statements on a core with one unit',
    fix: 'a simpler neuron, or a core with more units: --units 4',
  },
  PL3057: {
    severity: 'error',
    title: 'a memory of the core is too small',
    about:
      'The network needs more words of one of the memories of the FPGA core than can be: than the board has, or than commands can address.',
    example: 'a network of a million synapses for icebreaker',
    fix: 'a smaller network, narrower coefficients (--palette), or a larger board',
  },
  PL3058: {
    severity: 'error',
    title: 'weights of messages on their way',
    about:
      'A projection with a delay weighs its messages with the weights that are there when they are sent. The FPGA core keeps messages, not what they will add, and weighs them as they arrive.',
    example: 'hidden -> hidden with delay 3, weight at sending, for fpga:icebreaker',
    fix: 'the same projection with weight at arrival, trained again',
  },
} as const satisfies Record<string, CatalogueEntry>;
