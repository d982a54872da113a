import type { Command } from 'commander';
import type { RunCommand } from '../session.js';

/** What the list of commands says of one, and where the rest of it is declared. */
export interface ListedCommand {
  readonly name: string;
  readonly about: string;
  readonly arguments: readonly (readonly [term: string, about: string])[];
  /** Whether it has options of its own. */
  readonly hasOptions: boolean;
  /** Loads what adds the options and the action. */
  readonly load: () => Promise<RegisterCommand>;
}

/** Adds options and the action to a command that has its name, description and arguments. */
export type RegisterCommand = (command: Command, run: RunCommand) => void;

/** Every command, in the order of the help. What lists them loads no more than this file. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'demo',
    about: 'goes the whole way: train, compile, evolve on the chip, emulate, verify, deploy',
    arguments: [],
    hasOptions: true,
    load: async () => (await import('./demo.js')).registerDemo,
  },
  {
    name: 'train',
    about: 'searches for the plasticity rule that does best in a task',
    arguments: [['<task>', 'a task, with its variants: hidden-dynamics:angles=4']],
    hasOptions: true,
    load: async () => (await import('./train.js')).registerTrain,
  },
  {
    name: 'compile',
    about: 'compiles a model to the exact integer program of a chip',
    arguments: [['<model>', 'a model of plastron train']],
    hasOptions: true,
    load: async () => (await import('./compile.js')).registerCompile,
  },
  {
    name: 'emulate',
    about: 'runs a Program on the emulator of its chip',
    arguments: [['<program>', 'a Program of plastron compile']],
    hasOptions: true,
    load: async () => (await import('./emulate.js')).registerEmulate,
  },
  {
    name: 'verify',
    about: 'shows that a Program does what its model did',
    arguments: [
      ['[model]', 'the model'],
      ['[program]', 'the Program that was compiled from it'],
    ],
    hasOptions: true,
    load: async () => (await import('./verify.js')).registerVerify,
  },
  {
    name: 'deploy',
    about: 'puts a Program on a board, and shows that it runs there',
    arguments: [['<program>', 'a Program of plastron compile, for a board']],
    hasOptions: true,
    load: async () => (await import('./deploy.js')).registerDeploy,
  },
  {
    name: 'run',
    about: 'runs a task here and its network on a board, and says how long steps take',
    arguments: [['<program>', 'the Program that was deployed']],
    hasOptions: true,
    load: async () => (await import('./run.js')).registerRun,
  },
  {
    name: 'checkout',
    about: 'writes what a board has learned into a file',
    arguments: [['<program>', 'the Program that was deployed']],
    hasOptions: true,
    load: async () => (await import('./checkout.js')).registerCheckout,
  },
  {
    name: 'restore',
    about: 'puts a board back to what was checked out',
    arguments: [
      ['<program>', 'the Program that it was checked out from'],
      ['<checkpoint>', 'a file of plastron checkout'],
    ],
    hasOptions: true,
    load: async () => (await import('./restore.js')).registerRestore,
  },
  {
    name: 'serve',
    about: 'puts a board without a board at a pseudo-terminal, until Ctrl-C',
    arguments: [['<program>', 'a Program of plastron compile, for a board']],
    hasOptions: true,
    load: async () => (await import('./serve.js')).registerServe,
  },
  {
    name: 'bitstream',
    about: 'makes the bitstream of an FPGA board',
    arguments: [],
    hasOptions: true,
    load: async () => (await import('./bitstream.js')).registerBitstream,
  },
  {
    name: 'tasks',
    about: 'lists the tasks and their variants',
    arguments: [],
    hasOptions: false,
    load: async () => (await import('./tasks.js')).registerTasks,
  },
  {
    name: 'targets',
    about: 'lists the chips that plastron compiles for, or the cores of a board that hold a model',
    arguments: [],
    hasOptions: true,
    load: async () => (await import('./targets.js')).registerTargets,
  },
  {
    name: 'explain',
    about: 'tells about a code, pass, rule, neuron, task or target; without a name, lists all',
    arguments: [['[name]', 'for instance PL1003, pdlf, quantise or loihi2']],
    hasOptions: false,
    load: async () => (await import('./explain.js')).registerExplain,
  },
  {
    name: 'doctor',
    about: 'looks at what plastron needs here: Node.js, ports and permissions, tools',
    arguments: [],
    hasOptions: false,
    load: async () => (await import('./doctor.js')).registerDoctor,
  },
];
