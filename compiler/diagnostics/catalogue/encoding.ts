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
} as const satisfies Record<string, CatalogueEntry>;
