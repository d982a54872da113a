import type { CatalogueEntry } from '../catalogue.js';

export const encodingEntries = {
  PL4001: {
    severity: 'error',
    title: 'not a Program file',
    about: 'The bytes are not a Program of a version that this build reads, or they are cut short.',
    example: 'plastron emulate notes.txt --task point-mass',
    fix: 'plastron emulate program.plastron --task point-mass',
  },
  PL4002: {
    severity: 'error',
    title: 'another version of the Program file',
    about: 'The file was written by a version of plastron with another container.',
    example: 'a Program of version 9',
    fix: 'compile the model again',
  },
  PL4003: {
    severity: 'error',
    title: 'a Program that contradicts itself',
    about:
      'An index or a length inside the file does not agree with another: it was altered or damaged.',
    example: 'a row start beyond the synapses',
    fix: 'compile the model again',
  },
  PL4004: {
    severity: 'error',
    title: 'a Program of another chip',
    about:
      'The Program names a target, and a hash of the limits and widths for which it was compiled. The machine that was to run it has others.',
    example: 'a Program compiled by a version in which loihi2 had other limits',
    fix: 'compile the model again',
  },
  PL4010: {
    severity: 'error',
    title: 'no such file',
    about:
      'A file that the command is to read does not exist. Paths are relative to the current folder.',
    example: 'plastron compile modle.onnx --target loihi2 -o program.plastron',
    fix: 'plastron compile model.onnx --target loihi2 -o program.plastron',
  },
  PL4011: {
    severity: 'error',
    title: 'a file that cannot be read',
    about:
      'The file is there, but the system does not let this user read it; the message gives its reason.',
    example: 'chmod 000 model.onnx',
    fix: 'chmod u+r model.onnx',
  },
  PL4012: {
    severity: 'error',
    title: 'a folder where a file belongs',
    about: 'The path names a folder; the command reads or writes a file.',
    example: 'plastron train point-mass -o results/',
    fix: 'plastron train point-mass -o results/model.onnx',
  },
  PL4013: {
    severity: 'error',
    title: 'not a text file',
    about:
      'The file is to hold text in UTF-8 and has bytes that are none. It may be a model or another binary file.',
    example: 'plastron train point-mass --rule model.onnx -o other.onnx',
    fix: 'plastron train point-mass --rule my-rule.txt -o other.onnx',
  },
  PL4014: {
    severity: 'error',
    title: 'a file that cannot be written',
    about:
      'The folder does not exist, or the system does not let this user write there. Files are written whole or not at all, so what stood there before is unchanged.',
    example: 'plastron train point-mass -o missing-folder/model.onnx',
    fix: 'mkdir missing-folder, then the same command',
  },
  PL4015: {
    severity: 'error',
    title: 'no space left',
    about:
      'The disk or the quota is full. Nothing was written: what stood there before is unchanged.',
    example: 'plastron train point-mass -o /dev/full',
    fix: 'make room, or write to another disk with -o',
  },
  PL4016: {
    severity: 'error',
    title: 'an output that is an input',
    about: 'A command would write its result over a file that it reads. Nothing was written.',
    example: 'plastron compile model.onnx --target loihi2 -o model.onnx',
    fix: 'plastron compile model.onnx --target loihi2 -o model.plastron',
  },
  PL4101: {
    severity: 'error',
    title: 'a level that cannot be read',
    about:
      'The text is not that of a level of the compiler (fixed, micro or program) as `plastron compile --emit` writes it. The message says what is expected in this place.',
    example: '(ad s8.0 (read s8.0 v) (constant s8.0 1))',
    fix: '(add s8.0 (read s8.0 v) (constant s8.0 1))',
  },
  PL4102: {
    severity: 'error',
    title: 'a level that contradicts itself',
    about:
      'The text of a level can be read, but names something that it does not have, or breaks a rule that every pass keeps: operands with equal fractions, operands before their use, values within their formats.',
    example: 'group hiden first 0 count 4 core 0',
    fix: 'group hidden first 0 count 4 core 0',
  },
  PL4301: {
    severity: 'error',
    title: 'not an ONNX model',
    about: 'The bytes are not an ONNX model, or the file is cut short.',
    example: 'plastron compile notes.txt --target loihi2 -o p.plastron',
    fix: 'plastron compile model.onnx --target loihi2 -o p.plastron',
  },
  PL4302: {
    severity: 'error',
    title: 'an ONNX model of another tool',
    about:
      'Plastron reads the models that it wrote itself: they carry their equations in the metadata.',
    example: 'a model exported from PyTorch',
    fix: 'a model written by plastron train',
  },
  PL4303: {
    severity: 'error',
    title: 'graph and metadata differ',
    about:
      'The graph of the model is not the one that its metadata describe: one of them was changed.',
    example: 'a model whose weights were edited in the graph',
    fix: 'train or export the model again',
  },
  PL4401: {
    severity: 'error',
    title: 'not a table of numbers',
    about:
      'Recorded inputs in a .csv file are a header line and one line of numbers per step, as many as the header has names, separated by commas, with a point in decimals.',
    example: 'observation[0],observation[1]\n0.5;0.25',
    fix: 'observation[0],observation[1]\n0.5,0.25',
  },
  PL4402: {
    severity: 'error',
    title: 'recorded inputs of other ports',
    about:
      'A file of recorded inputs gives one value for each neuron of each input of the Program in every step, and nothing else but a modulator. Columns of a .csv are named PORT[INDEX], a .npy has all inputs side by side in the order of the Program, a .json names the ports.',
    example: 'x[0],x[1] for a Program whose input is named observation',
    fix: 'observation[0],observation[1]',
  },
  PL4403: {
    severity: 'error',
    title: 'a recorded input that is not finite',
    about:
      'An input has NaN, an infinity, or a number beyond 64-bit floating point. No format can hold it, so it is not rounded to something.',
    example: 'observation[0],observation[1]\nnan,0.25',
    fix: 'observation[0],observation[1]\n0,0.25',
  },
  PL4404: {
    severity: 'error',
    title: 'recorded inputs without a step',
    about: 'The file is well formed and holds no step, so there is nothing to run.',
    example: 'a .csv with a header line alone',
    fix: 'the same header with one line of numbers per step',
  },
  PL4405: {
    severity: 'error',
    title: 'not an NPY file',
    about:
      'The bytes are not a NumPy array file of version 1.0 or 2.0, or there are fewer or more of them than its header says.',
    example: 'plastron emulate program.plastron --inputs renamed-from-npz.npy',
    fix: "numpy.save('inputs.npy', array), then plastron emulate program.plastron --inputs inputs.npy",
  },
  PL4406: {
    severity: 'error',
    title: 'an NPY array of another kind',
    about:
      'Inputs are read from arrays of float32 or float64, little-endian and in C order. Other kinds would have to be converted, and it is better that their owner does it.',
    example: "numpy.save('inputs.npy', array.astype('i8'))",
    fix: "numpy.save('inputs.npy', array.astype('<f8'))",
  },
  PL4407: {
    severity: 'error',
    title: 'not recorded inputs in JSON',
    about:
      'The file is no JSON, or not an object of the form { "inputs": { PORT: [[…], …] }, "modulator": […] }: per port one array of numbers per step, and where a rule has a third factor one modulator per step.',
    example: '{ "observation": [[0.5, 0.25]] }',
    fix: '{ "inputs": { "observation": [[0.5, 0.25]] } }',
  },
  PL4408: {
    severity: 'warning',
    title: 'a modulator on one side only',
    about:
      'The recorded inputs give a modulator and no rule of the Program reads one, or a rule reads one and the file gives none: then it is 0 in every step.',
    example: 'a .csv without the column modulator, for a Program whose rule has a third factor',
    fix: 'the same file with a column modulator',
  },
  PL4411: {
    severity: 'error',
    title: 'no such signal',
    about:
      'A trace takes signals by the name of a population or projection, by that name and the variable (w is the weight), and by some of its neurons or synapses: hidden, hidden.v, hidden.v[0..7], observation->hidden.w[0..63].',
    example: 'plastron emulate p.plastron --task point-mass --trace run.vcd --signals hiden.v',
    fix: 'plastron emulate p.plastron --task point-mass --trace run.vcd --signals hidden.v',
  },
  PL4412: {
    severity: 'error',
    title: 'too many signals for a trace',
    about:
      'Every neuron variable and every weight of a Program is a signal of its trace. Viewers and disks take only so many, so a large Program is traced in parts: --signals chooses them.',
    example: 'plastron emulate large.plastron --task point-mass --trace run.vcd',
    fix: "plastron emulate large.plastron --task point-mass --trace run.vcd --signals hidden --signals 'observation->hidden.w[0..99]'",
  },
  PL4413: {
    severity: 'error',
    title: 'a trace that grows too large',
    about:
      'A trace is kept in memory until the run ends, because files are written whole or not at all, and it passed the limit. Nothing was written.',
    example: 'plastron emulate program.plastron --task hidden-dynamics --trace run.vcd',
    fix: 'plastron emulate program.plastron --task hidden-dynamics --steps 1000 --trace run.vcd',
  },
  PL4414: {
    severity: 'error',
    title: 'a trace of phases where there are none',
    about:
      'A .json trace shows the phases of a step and the cores that are at work in them. The core of an FPGA is one, and its step has no phases: what happens in it stands in a .vcd.',
    example:
      'plastron emulate point-mass-on-icebreaker.plastron --task point-mass --trace run.json',
    fix: 'plastron emulate point-mass-on-icebreaker.plastron --task point-mass --trace run.vcd',
  },
} as const satisfies Record<string, CatalogueEntry>;
