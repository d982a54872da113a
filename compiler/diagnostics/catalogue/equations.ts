import type { CatalogueEntry } from '../catalogue.js';

export const equationEntries = {
  PL1001: {
    severity: 'error',
    title: 'unexpected text',
    about: 'The text does not continue as the grammar of neurons and rules allows.',
    example: 'neuron n()\n  value <- (I',
    fix: 'neuron n()\n  value <- (I)',
  },
  PL1201: {
    severity: 'error',
    title: 'unknown name in a network',
    about: 'The network names a population or a variable that it does not have.',
    example: ".output('acton')",
    fix: ".output('action')",
  },
  PL1202: {
    severity: 'error',
    title: 'name given twice',
    about:
      'Two elements of one kind, or two different definitions, have the same name, so nobody could tell which one is meant.',
    example: ".projection('a', 'b').projection('a', 'b')",
    fix: ".projection('a', 'b').projection('a', 'b', { name: 'second' })",
  },
  PL1203: {
    severity: 'error',
    title: 'not a name',
    about:
      'A population is named by a letter or _, then letters, digits, _ and dots; a network or projection by printable characters without spaces, quotes and backslashes.',
    example: ".population('my hidden', 32, 'ternary_lif')",
    fix: ".population('my_hidden', 32, 'ternary_lif')",
  },
  PL1204: {
    severity: 'error',
    title: 'number out of range',
    about:
      'A size, a delay or an interval is not a whole number in its range, or is given where it has no effect.',
    example: ".projection('a', 'b', { delay: 0.5 })",
    fix: ".projection('a', 'b', { delay: 1 })",
  },
  PL1205: {
    severity: 'error',
    title: 'missing parameter',
    about:
      'A neuron or rule has a parameter without a default and the network gives no value for it.',
    example: ".projection('a', 'b', { rule: 'rule hebb(lr)\\n  dw = lr * x * y' })",
    fix: ".projection('a', 'b', { rule: 'rule hebb(lr)\\n  dw = lr * x * y', parameters: { lr: 0.1 } })",
  },
  PL1206: {
    severity: 'error',
    title: 'unknown parameter',
    about: 'The network gives a value for a parameter that the neuron or rule does not have.',
    example: ".population('hidden', 32, 'ternary_lif', { tua: 2 })",
    fix: ".population('hidden', 32, 'ternary_lif', { tau: 2 })",
  },
  PL1207: {
    severity: 'error',
    title: 'wrong number of values',
    about:
      'An array has another length than the neurons or synapses it is for, or a scalar is given as an array.',
    example: ".population('hidden', 32, 'ternary_lif', { tau: [2, 2] })",
    fix: ".population('hidden', 32, 'ternary_lif', { tau: 2 })",
  },
  PL1208: {
    severity: 'error',
    title: 'not a finite number',
    about: 'A parameter, weight, mean, deviation or scale is NaN or infinite.',
    example: ".projection('a', 'b', { initialWeights: NaN })",
    fix: ".projection('a', 'b', { initialWeights: 0 })",
  },
  PL1209: {
    severity: 'error',
    title: 'signals of a rule and their bindings do not match',
    about: 'Each signal of a rule is bound once, to a variable of the population on its own side.',
    example: ".projection('a', 'b', { rule: 'pdlf', bindings: { x: 'pre.trase' } })",
    fix: ".projection('a', 'b', { rule: 'pdlf', bindings: { x: 'pre.trace' } })",
  },
  PL1210: {
    severity: 'error',
    title: 'connectivity does not fit',
    about:
      'The synapses of a sparse projection leave the populations, stand twice or out of order, or are too many.',
    example: ".projection('a', 'b', { connectivity: [[0, 1], [0, 1]] })",
    fix: ".projection('a', 'b', { connectivity: [[0, 1]] })",
  },
  PL1211: {
    severity: 'error',
    title: 'port does not fit',
    about:
      'Every population without a neuron has one input port and no other population has one; deviation and clip are above 0.',
    example: ".input('observation', 8, { deviation: 0 })",
    fix: ".input('observation', 8, { deviation: 1 })",
  },
  PL1212: {
    severity: 'error',
    title: 'cycle without a delay',
    about:
      'Populations run in the order of the projections with delay 0; a cycle of them has no first one.',
    example: ".projection('hidden', 'hidden')",
    fix: ".projection('hidden', 'hidden', { delay: 1 })",
  },
  PL1213: {
    severity: 'error',
    title: 'projection to an input',
    about: 'The values of an input population come from outside; it takes no current.',
    example: ".projection('hidden', 'observation')",
    fix: ".projection('hidden', 'action')",
  },
  PL1220: {
    severity: 'error',
    title: 'unexpected line in a network',
    about:
      'The text of a network is made of headings at the margin, each followed by indented key = value lines; this line is none of them, stands twice, or has a key without a meaning there.',
    example: 'population hidden[32] ternary_lif\n  parametr tau = 2',
    fix: 'population hidden[32] ternary_lif\n  parameter tau = 2',
  },
  PL1221: {
    severity: 'error',
    title: 'value in a network cannot be read',
    about:
      'The value of a line is not of the kind that its key takes, or the base64 of an array is damaged or cut short.',
    example: '  delay = one',
    fix: '  delay = 1',
  },
  PL1222: {
    severity: 'error',
    title: 'definition without a use',
    about: 'The text defines a neuron or a rule that no population or projection names.',
    example: 'rule unused()\n  dw = x',
    fix: 'delete the definition, or name it: rule = unused',
  },
  PL1002: {
    severity: 'error',
    title: 'a character without meaning',
    about: 'The text holds a character that the language does not use.',
    example: 'neuron n()\n  value <- 2 $ I',
    fix: 'neuron n()\n  value <- 2 * I',
  },
  PL1003: {
    severity: 'error',
    title: 'unknown name',
    about:
      'An expression reads a name that is no parameter, variable, local, or (in a rule) signal. Signals of neurons begin with x (presynaptic) or y (postsynaptic).',
    example: 'neuron n(tau = 2)\n  v <- v + I / tua\n  spike <- v > 1',
    fix: 'neuron n(tau = 2)\n  v <- v + I / tau\n  spike <- v > 1',
  },
  PL1004: {
    severity: 'error',
    title: 'declared twice',
    about: 'One name stands for two things.',
    example: 'neuron n(value = 1)\n  value <- value + I',
    fix: 'neuron n\n  state value = 1\n  value <- value + I',
  },
  PL1005: {
    severity: 'error',
    title: 'reserved name',
    about:
      'I, w, m, dw and the names of functions have meanings of their own, and names that begin with x or y are signals in a rule.',
    example: 'rule r\n  w <- w + x',
    fix: 'rule r\n  dw = x',
  },
  PL1006: {
    severity: 'error',
    title: 'a neuron that sends nothing',
    about: 'A neuron must assign spike, or value for a graded one: that is what it sends.',
    example: 'neuron n()\n  v <- v + I',
    fix: 'neuron n()\n  v <- v + I\n  spike <- v > 1',
  },
  PL1007: {
    severity: 'warning',
    title: 'not used',
    about:
      'A parameter, local name or declared variable has no effect. It is probably misspelt where it should be used.',
    example: 'neuron n(tau = 2)\n  spike <- I > 1',
    fix: 'neuron n()\n  spike <- I > 1',
  },
  PL1008: {
    severity: 'error',
    title: 'not a usable number',
    about: 'A constant is infinite, divides by zero, or lies outside what its place allows.',
    example: 'rule r\n  normalize clip 1 -1',
    fix: 'rule r\n  normalize clip -1 1',
  },
  PL1009: {
    severity: 'error',
    title: 'not a constant',
    about:
      'Defaults, initial values, bounds and rates are numbers or expressions of numbers; they cannot read names.',
    example: 'neuron n(a = 2, b = a)\n  spike <- I > a + b',
    fix: 'neuron n(a = 2, b = 2)\n  spike <- I > a + b',
  },
  PL1010: {
    severity: 'error',
    title: 'no such neuron or rule',
    about:
      'The name is not in the library, or the text does not define exactly one neuron (or rule), so that nobody could tell which one is meant.',
    example: 'plastron train point-mass --rule pdfl -o model.onnx',
    fix: 'plastron train point-mass --rule pdlf -o model.onnx',
  },
  PL1011: {
    severity: 'error',
    title: 'a scope that is not there',
    about: 'A neuron has no synapses of its own: its parameters are scalars or one per neuron.',
    example: 'neuron n(per synapse gain)\n  value <- gain * I',
    fix: 'neuron n(per neuron gain)\n  value <- gain * I',
  },
  PL1012: {
    severity: 'error',
    title: 'a rule too large to multiply out',
    about:
      'Chips run a rule as a sum of products. Multiplied out, this one has more than 1000 products or 32 factors, or its local names stand for more than 20000 operations.',
    example: 'rule r\n  dw = ((x + y + w)^8)^8',
    fix: 'rule r\n  dw = (x + y + w)^2',
  },
  PL1013: {
    severity: 'error',
    title: 'a local name that is out of date',
    about:
      'A local name was computed from a variable that has changed since. Chips run a rule with its local names written out, and would read the new value.',
    example: 'rule r\n  before = e\n  e <- e / 2 + x * y\n  dw = e - before',
    fix: 'rule r\n  before <- e\n  e <- e / 2 + x * y\n  dw = e - before',
  },
} as const satisfies Record<string, CatalogueEntry>;
