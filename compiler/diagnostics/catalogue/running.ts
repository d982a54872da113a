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
    about: 'The text is cut short, was altered, or is not that of a training run of this version.',
    example: 'plastron train point-mass --resume certificate.json -o model.onnx',
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
    title: 'an interrupted run would be lost',
    about:
      'Beside the model that is to be written lies the checkpoint of a run that was interrupted before it wrote its model. A run from the start would write over it. Nothing was written.',
    example: 'plastron train point-mass -o model.onnx, interrupted, and the same again',
    fix: 'plastron train point-mass --resume model.onnx.checkpoint -o model.onnx, or delete the checkpoint',
  },
  PL5110: {
    severity: 'warning',
    title: 'every member diverged',
    about:
      'In the last generation no member gave finite actions to the end: the search learned nothing from it. The rule grows without bound, divides by 0, or takes a root or logarithm where there is none.',
    example: 'dw = x / w, where weights begin at 0',
    fix: 'normalize clip -1 1, a decay - rate * w, or a smaller --sigma',
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
  PL5021: {
    severity: 'error',
    title: 'code that names what is not there',
    about:
      'A word of a Program is an instruction, but reads or writes a field, table, register or coefficient that its core does not have, a coefficient is wider than the engine, or the Program has a part (a scale, control code) that the chip has not. The file was altered or damaged.',
    example: 'LD r0, 40 in a group of three fields',
    fix: 'compile the model again; if it comes back, report it',
  },
  PL5022: {
    severity: 'error',
    title: 'a value beyond the arithmetic',
    about:
      'An instruction of a Program gave a value wider than the registers that hold it. The compiler proves that none does, so the file was altered or damaged.',
    example: 'MUL of two values of 40 bits',
    fix: 'compile the model again; if it comes back, report it',
  },
  PL5023: {
    severity: 'note',
    title: 'a Program is interpreted',
    about:
      'The emulator makes machine code of the words of a Program where it can show that the code does the same, step by step. Here it cannot: the words are interpreted one by one, with the same results and much more slowly.',
    example: 'a neuron program that reads a register before it writes it',
    fix: 'a Program of `plastron compile`: registers are written first, and what is stored fits its field',
  },
  PL5301: {
    severity: 'error',
    title: 'not the same model',
    about:
      'verify compares a model with the Program that was compiled from it; this Program came from another model or for another target.',
    example: 'plastron verify other.onnx program.plastron --task hidden-dynamics',
    fix: 'plastron verify model.onnx program.plastron --task hidden-dynamics',
  },
  PL5302: {
    severity: 'error',
    title: 'a Program that cannot be made again',
    about:
      'Compiling the network that the Program carries, with the calibration and options that it carries, gives other bytes.',
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
  PL5305: {
    severity: 'error',
    title: 'machines that cannot be compared',
    about:
      'Two machines are compared by the state that both show. Their inputs and outputs must be the same, a state must have as many values on both, and at least one must be shared: a comparison of nothing would always succeed.',
    example: 'lockstep of a machine with 32 hidden neurons and one with 64',
    fix: 'lockstep of two machines made from the same network',
  },
  PL5306: {
    severity: 'error',
    title: 'a run of the wrong length',
    about:
      'Steps, episodes and the distance of drift points are whole numbers from 1, recorded inputs end where they end, and the first drift point must lie within an episode.',
    example: 'plastron verify model.onnx program.plastron --task point-mass --steps 0',
    fix: 'plastron verify model.onnx program.plastron --task point-mass --steps 1000',
  },
  PL5307: {
    severity: 'error',
    title: 'scores that cannot be compared',
    about:
      'The interval of a score difference needs at least 2 paired seeds (20 for one that can be trusted), a drive that gives scores, and machines whose outputs stay finite.',
    example: 'plastron verify model.onnx program.plastron --task point-mass --seeds 1',
    fix: 'plastron verify model.onnx program.plastron --task point-mass --seeds 20',
  },
  PL5308: {
    severity: 'error',
    title: 'not a bound',
    about:
      'A bound is NAME=LIMIT, each name once: score (loss as a share of the left score), rule (one-step rms error in least steps of the weight), drift (rms of the weights). The limit is a number from 0.',
    example: 'plastron verify model.onnx program.plastron --task point-mass --bound scor=0.05',
    fix: 'plastron verify model.onnx program.plastron --task point-mass --bound score=0.05',
  },
  PL5309: {
    severity: 'error',
    title: 'a value that is not finite while calibrating',
    about:
      'Formats are chosen from the ranges that values take. A value that grows without limit, or becomes NaN, has no range.',
    example: 'a rule dw = w without a normalisation: the weights double in every step',
    fix: 'add `normalize clip -1 1` to the rule, or train a rule that stays bounded',
  },
  PL5310: {
    severity: 'error',
    title: 'machines differ',
    about:
      'Two machines that must agree bit for bit do not. The message names the first place in causal order: step, state, index, both values, and the equation behind it. If nothing was altered, one of the two has a bug.',
    example: 'the emulator of a Program with one weight changed',
    fix: 'compile the model again; if it comes back, report it with the certificate',
  },
  PL5311: {
    severity: 'error',
    title: 'a bound is exceeded',
    about:
      'Quantisation moved a measure further than the bound that was given with --bound. Other measures are reported and not judged.',
    example:
      'plastron verify model.onnx program.plastron --task hidden-dynamics --bound score=0.0001',
    fix: 'win it back with `plastron train --on TARGET --from model.onnx`, or give more bits',
  },
  PL5312: {
    severity: 'warning',
    title: 'a certificate of another version',
    about:
      'The certificate was made by another version of this tool. Results may differ for that reason alone.',
    example: 'a certificate of plastron 0.0.9, replayed by 0.1.0',
    fix: 'replay it with the version that it names, or verify again',
  },
  PL5313: {
    severity: 'error',
    title: 'a replay found something else',
    about:
      'Verifying again with the files, task and options of the certificate gives other results than it says. The same inputs always give the same results, so the certificate was altered or the tool changed.',
    example: 'a certificate whose `differences` was set to 0 by hand',
    fix: 'verify again and write a new certificate',
  },
  PL5314: {
    severity: 'error',
    title: 'no circuit to verify against',
    about:
      'A chain of verification ends with the circuit itself where there is one that can be simulated: that of the FPGA core. The circuits of other chips are not public, and their emulators come from papers.',
    example: 'plastron verify rule.onnx on-loihi2.plastron --task point-mass --against rtl',
    fix: 'plastron verify rule.onnx on-icebreaker.plastron --task point-mass --against rtl',
  },
  PL5401: {
    severity: 'error',
    title: 'nothing of that name to explain',
    about:
      'explain knows the codes of messages, and the names of passes, rules, neurons, tasks and targets.',
    example: 'plastron explain pdfl',
    fix: 'plastron explain pdlf',
  },
  PL5501: {
    severity: 'error',
    title: 'a tool is missing',
    about:
      'Simulating a circuit takes tools that do not come with plastron: Verilator, a C++ compiler and make of the machine, or Yosys and Clang from npm. The first are faster; either does alone. A bitstream takes Yosys and nextpnr from npm. The help says what to install.',
    example: 'a circuit simulated where neither Verilator nor @yowasp/yosys is installed',
    fix: 'apt-get install verilator g++ make, or npm install @yowasp/yosys@0.55.944 @yowasp/clang@22.0.0-git20542-10',
  },
  PL5502: {
    severity: 'error',
    title: 'a circuit that cannot be built',
    about:
      'A tool refused the Verilog of a circuit, or what another tool made of it. The notes are what it said.',
    example: 'a parameter that the circuit does not have',
    fix: 'the parameters of `plastron_core`; for sources that plastron wrote itself, report it',
  },
  PL5503: {
    severity: 'error',
    title: 'a simulated circuit has ended',
    about:
      'A circuit is simulated by a process or a module of its own. That one ended, or was ended, while an answer was awaited; what it held is lost.',
    example: 'the process of a simulation is killed',
    fix: 'simulate again; if it comes back and nobody killed it, report it with the notes',
  },
  PL5504: {
    severity: 'error',
    title: 'a circuit that does not answer',
    about:
      'A circuit takes a transfer on its bus, gives what was read, and ends a step after a number of clocks that follows from its program. This one did not within many more.',
    example: 'a step that is given 10 clocks and needs 1000',
    fix: 'a limit above what the step costs; for circuits and programs that plastron wrote itself, report it',
  },
} as const satisfies Record<string, CatalogueEntry>;
