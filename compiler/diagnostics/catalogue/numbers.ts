import type { CatalogueEntry } from '../catalogue.js';

export const numberEntries = {
  PL2001: {
    severity: 'error',
    title: 'no format fits',
    about:
      'A statement gives a value a format that is wider than the registers of the target, a constant is larger or smaller than any number in them, or a rule states a format: those of rules are the target’s.',
    example: 'v <- v + I as s50.0 saturate',
    fix: 'v <- v + I as s24.0 saturate',
  },
  PL2003: {
    severity: 'error',
    title: 'division by a varying value',
    about:
      'Chips have no divider in their neurons: a division by a parameter or a number becomes a multiplication by its reciprocal, one by a varying value cannot.',
    example: 'v <- I / v',
    fix: 'v <- I * exp(-v)',
  },
  PL2004: {
    severity: 'warning',
    title: 'a current that may wrap',
    about:
      'So many synapses end on one neuron that the largest possible sum does not fit the accumulator. It wraps when it happens; emulators count it as a saturation.',
    example: 'a projection of 100000 neurons with 8-bit weights',
    fix: 'fewer synapses, or --weight-bits 6',
  },
  PL2005: {
    severity: 'warning',
    title: 'coefficients that round to zero',
    about:
      'The learning engine holds a coefficient as mantissa · 2^exponent with a least step; smaller ones become zero, and their products do nothing.',
    example: 'lr * A = 0.001 where the least step is 0.0078',
    fix: 'larger coefficients, or plastron train --on TARGET, which evolves them on the engine itself',
  },
  PL2006: {
    severity: 'warning',
    title: 'coefficients far off',
    about:
      'A coefficient lies beyond the range of the engine, or is more than a quarter off after rounding.',
    example: 'lr * A = 5000',
    fix: 'smaller coefficients, --coefficient-bits 8, or plastron train --on TARGET',
  },
  PL2007: {
    severity: 'note',
    title: 'palette',
    about: 'What sharing coefficient vectors costs: the expected rms change of Δw.',
    example: 'plastron compile model.onnx --target loihi2 --palette 16 -o p.plastron',
    fix: 'a larger --palette, or none',
  },
  PL2010: {
    severity: 'note',
    title: 'a coefficient in the tag',
    about:
      'With --palette, one coefficient of a rule lies in the tag of each synapse and is not shared: the one whose spread moves Δw most.',
    example: 'plastron compile model.onnx --target loihi2 --palette 16 -o p.plastron',
    fix: 'nothing to mend; without --palette no coefficient is shared',
  },
  PL2008: {
    severity: 'error',
    title: 'a width beyond the target',
    about: 'The asked number of bits or of palette entries lies outside what the target has.',
    example: '--weight-bits 12 for loihi2',
    fix: '--weight-bits 8',
  },
  PL2009: {
    severity: 'error',
    title: 'not a calibration',
    about: 'The text is not a record of ranges as calibrate writes it.',
    example: '{}',
    fix: 'run the calibration again',
  },
} as const satisfies Record<string, CatalogueEntry>;
