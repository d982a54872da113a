import type { CatalogueEntry } from '../catalogue.js';

export const runningEntries = {
  PL5001: {
    severity: 'error',
    title: 'unknown probe',
    about: 'The machine has no state of that name.',
    example: "machine.read({ kind: 'weight', projection: 'nope' })",
    fix: "machine.read({ kind: 'weight', projection: 'observation->hidden' })",
  },
  PL5101: {
    severity: 'error',
    title: 'unknown task',
    about: 'No task has that name. Variants follow the name after a colon.',
    example: 'plastron train hidden-dynamic -o model.onnx',
    fix: 'plastron train hidden-dynamics -o model.onnx',
  },
  PL5102: {
    severity: 'error',
    title: 'unknown variant of a task',
    about:
      'The task does not offer that choice, or not that value of it, or the choice is given twice. Variants are written key=value, separated by commas.',
    example: 'plastron train hidden-dynamics:angles=3 -o model.onnx',
    fix: 'plastron train hidden-dynamics:angles=4 -o model.onnx',
  },
  PL5103: {
    severity: 'error',
    title: 'the network does not fit the task',
    about:
      'A network acts in a task through one input port and one output port. Their sizes must be those of the observation and of the action.',
    example: 'plastron train point-mass --from cue-reward.onnx -o model.onnx',
    fix: 'plastron train cue-reward --from cue-reward.onnx -o model.onnx',
  },
  PL5104: {
    severity: 'error',
    title: 'an injury that hits nothing',
    about:
      'The injury names a population, a neuron or an actuator that the network does not have, or a range of steps that is empty. It would be done without effect, so it is refused.',
    example: "{ kind: 'remove-actuator', index: 2, from: 0, to: 100 } for an action of 2 numbers",
    fix: "{ kind: 'remove-actuator', index: 1, from: 0, to: 100 }",
  },
  PL5105: {
    severity: 'error',
    title: 'a search option out of range',
    about:
      'Members of a generation come in mirrored pairs, deviations start above zero, and learning rates are not negative.',
    example: 'plastron train point-mass --population 63 -o model.onnx',
    fix: 'plastron train point-mass --population 64 -o model.onnx',
  },
  PL5106: {
    severity: 'error',
    title: 'not a checkpoint',
    about:
      'The file cannot be read, is cut short, or does not hold a training run of this version.',
    example: 'plastron train point-mass --resume model.onnx -o model.onnx',
    fix: 'plastron train point-mass --resume model.onnx.checkpoint -o model.onnx',
  },
  PL5107: {
    severity: 'error',
    title: 'a checkpoint of another run',
    about:
      'A resumed run must give what the uninterrupted one would have given, so the task, the network and every search option must be those that it began with. Only the number of generations and of workers may change.',
    example: 'plastron train point-mass --seed 2 --resume seed-1.checkpoint -o model.onnx',
    fix: 'plastron train point-mass --seed 1 --resume seed-1.checkpoint -o model.onnx',
  },
  PL5108: {
    severity: 'error',
    title: 'no such workers',
    about:
      'The number of workers is a whole number from 0 (0 trains in the main thread), and worker threads need the compiled files of `npm run build`.',
    example: 'plastron train point-mass --workers -1 -o model.onnx',
    fix: 'plastron train point-mass --workers 2 -o model.onnx',
  },
  PL5109: {
    severity: 'error',
    title: 'the checkpoint cannot be written',
    about:
      'A checkpoint is written to a temporary file in the folder of the checkpoint and renamed, so the folder must exist and be writable.',
    example: 'plastron train point-mass -o missing-folder/model.onnx',
    fix: 'mkdir missing-folder, then the same command',
  },
  PL5002: {
    severity: 'error',
    title: 'value cannot be written',
    about:
      'The state is read-only, has another number of values, or cannot hold one of them in its format.',
    example: "machine.write({ kind: 'weight', projection: 'a->b' }, [NaN])",
    fix: "machine.write({ kind: 'weight', projection: 'a->b' }, [0.5])",
  },
  PL5010: {
    severity: 'error',
    title: 'missing input',
    about: 'A step must give values for every input port of the machine.',
    example: 'machine.step({ values: {}, modulator: 0 })',
    fix: 'machine.step({ values: { observation: [0, 1] }, modulator: 0 })',
  },
  PL5011: {
    severity: 'error',
    title: 'wrong number of input values',
    about: 'An input port takes one value per neuron of its population.',
    example: 'machine.step({ values: { observation: [0] }, modulator: 0 }) for 2 neurons',
    fix: 'machine.step({ values: { observation: [0, 1] }, modulator: 0 })',
  },
  PL5012: {
    severity: 'error',
    title: 'input is not a finite number',
    about: 'An input value or the modulator is NaN or infinite.',
    example: 'machine.step({ values: { observation: [NaN, 1] }, modulator: 0 })',
    fix: 'machine.step({ values: { observation: [0, 1] }, modulator: 0 })',
  },
  PL5013: {
    severity: 'error',
    title: 'unknown input',
    about:
      'A step gives values for a port that the machine does not have; they would have no effect.',
    example: 'machine.step({ values: { observaton: [0, 1] }, modulator: 0 })',
    fix: 'machine.step({ values: { observation: [0, 1] }, modulator: 0 })',
  },
  PL5020: {
    severity: 'error',
    title: 'not an instruction',
    about:
      'The emulator met a word that is no instruction of the target, or code that runs past its end. It stops rather than guess.',
    example: '0xffffffff in the neuron code',
    fix: 'compile the model again; if it comes back, report it',
  },
  PL5301: {
    severity: 'error',
    title: 'not the same model',
    about: 'verify compares a model with the Program that was compiled from it; this Program came from another model or for another target.',
    example: 'plastron verify other.onnx program.plastron --task hidden-dynamics',
    fix: 'plastron verify model.onnx program.plastron --task hidden-dynamics',
  },
  PL5302: {
    severity: 'error',
    title: 'a Program that cannot be made again',
    about: 'Compiling the network that the Program carries, with the calibration and options that it carries, gives other bytes.',
    example: 'a Program with one byte changed',
    fix: 'plastron compile model.onnx --target loihi2 --task hidden-dynamics -o program.plastron',
  },
  PL5303: {
    severity: 'error',
    title: 'not a certificate',
    about: 'The text is not a certificate as verify writes it.',
    example: 'plastron verify --replay notes.json',
    fix: 'plastron verify --replay certificate.json',
  },
  PL5304: {
    severity: 'error',
    title: 'not the certified file',
    about: 'A certificate names its files by SHA-256; the file at hand has other bytes.',
    example: 'a model that was trained again after it was certified',
    fix: 'verify again and write a new certificate',
  },
} as const satisfies Record<string, CatalogueEntry>;
