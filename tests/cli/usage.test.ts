import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plastron } from './fake-host.js';

const HINT = '\n(--help lists what there is)\n';

/** Command lines that are wrong in themselves, with what is said about them. */
const WRONG: readonly (readonly [string, string])[] = [
  ['trian', "error: unknown command 'trian'\n(Did you mean train?)"],
  ['tasks --sead 1', "error: unknown option '--sead'\n(Did you mean --seed?)"],
  ['tasks extra', "error: too many arguments for 'tasks'. Expected 0 arguments but got 1."],
  ['train -o m.onnx', "error: missing required argument 'task'"],
  ['train point-mass', "error: required option '-o, --output <file>' not specified"],
  [
    'train point-mass -o m.onnx --hidden 1e3',
    "error: option '--hidden <number>' argument '1e3' is invalid. It must be a whole number from 1 to 65536.",
  ],
  [
    'train point-mass -o m.onnx --workers -1',
    "error: option '--workers <number>' argument '-1' is invalid. It must be a whole number from 0 to 256.",
  ],
  [
    'tasks --seed 4294967296',
    "error: option '--seed <number>' argument '4294967296' is invalid. It must be a whole number from 0 to 4294967295.",
  ],
  [
    'train point-mass -o m.onnx --from a.onnx --rule pdlf',
    "error: option '--from <model>' cannot be used with option '--rule <rule>'",
  ],
  [
    'compile m.onnx --target loihi2 -o p --emit fixd',
    "error: option '--emit <level>' argument 'fixd' is invalid. Allowed choices are network, fixed, micro, program.",
  ],
  ['compile m.onnx --target loihi2 -o p --cores 2', "error: unknown option '--cores'"],
  [
    'train point-mass -o m.onnx --trace-bits 6',
    "error: option '--trace-bits <number>' needs '--on <target>'",
  ],
  [
    'train point-mass -o m.onnx --method cma',
    "error: option '--method <method>' argument 'cma' is invalid. Allowed choices are pgpe, openai-es, snes.",
  ],
  [
    'train point-mass -o m.onnx --sigma 1/2',
    "error: option '--sigma <number>' argument '1/2' is invalid. It must be a number.",
  ],
  ['emulate p', 'error: emulate needs --task TASK or --inputs FILE'],
  [
    'emulate p --task point-mass --inputs i.csv',
    "error: option '--inputs <file>' cannot be used with option '--task <task>'",
  ],
  [
    'emulate p --inputs i.txt',
    "error: option '--inputs <file>' argument 'i.txt' is invalid. It must end in .csv, .npy or .json.",
  ],
  [
    'emulate p --inputs i.csv --outputs o.mat',
    "error: option '--outputs <file>' argument 'o.mat' is invalid. It must end in .csv, .npy or .json.",
  ],
  [
    'emulate p --inputs i.csv --trace t.fst',
    "error: option '--trace <file>' argument 't.fst' is invalid. It must end in .vcd or .json.",
  ],
  [
    'emulate p --inputs i.csv --trace t.json --signals hidden',
    "error: option '--signals <name>' needs '--trace <file>' with a .vcd",
  ],
  [
    'emulate p --inputs i.csv --trace t.json --outputs t.json',
    'error: --trace and --outputs name one file',
  ],
  ['verify m.onnx', 'error: verify needs MODEL PROGRAM --task TASK, or --replay CERTIFICATE'],
  [
    'verify --replay c.json --task point-mass',
    "error: option '--replay <certificate>' cannot be used with option '--task <task>'",
  ],
  ['verify m.onnx --replay c.json', 'error: --replay takes the files that the certificate names'],
];

describe('a wrong command line', () => {
  it.each(WRONG)('plastron %s', async (line, complaint) => {
    const { exit, stdout, stderr } = await plastron(line.split(' '));
    expect(stderr).toBe(`${complaint}${HINT}`);
    expect(stdout).toBe('');
    expect(exit).toBe(2);
  });

  it('is an object under --json, too', async () => {
    const { exit, stdout, stderr } = await plastron(['emulate', '--json', 'p']);
    expect(exit).toBe(2);
    expect(stderr).toContain('--inputs FILE');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'plastron-cli-1',
      command: 'emulate',
      ok: false,
      diagnostics: [
        {
          code: 'usage',
          severity: 'error',
          message: 'emulate needs --task TASK or --inputs FILE',
          file: null,
          line: null,
          column: null,
          notes: [],
          help: null,
        },
      ],
    });
  });

  it('without a command shows the help and is a usage error', async () => {
    const { exit, stderr } = await plastron([]);
    expect(exit).toBe(2);
    expect(stderr).toContain('Usage: plastron');
  });
});

describe('help and version', () => {
  it('are no errors', async () => {
    expect(await plastron(['--version'])).toEqual({ exit: 0, stdout: '1.2.3\n', stderr: '' });
    const help = await plastron(['train', '--help']);
    expect(help.exit).toBe(0);
    expect(help.stdout).toContain('--resume <checkpoint>');
    expect(help.stdout).toContain('--json');
  });
});

const envelope = {
  schema: z.literal('plastron-cli-1'),
  ok: z.literal(true),
  diagnostics: z.array(z.never()),
};

describe('lists', () => {
  it('of tasks', async () => {
    const { exit, stdout, stderr } = await plastron(['tasks', '--json', '--seed', '3']);
    const variant = z.strictObject({
      key: z.string(),
      about: z.string(),
      values: z.array(z.number()),
      default: z.number(),
    });
    const task = z.strictObject({
      name: z.string(),
      about: z.string(),
      observationSize: z.number(),
      actionSize: z.number(),
      steps: z.number(),
      variants: z.array(variant),
    });
    const shape = z.strictObject({
      ...envelope,
      command: z.literal('tasks'),
      tasks: z.array(task),
    });
    expect(shape.parse(JSON.parse(stdout)).tasks.map((t) => t.name)).toContain('hidden-dynamics');
    expect([exit, stderr]).toEqual([0, '']);
    const { stdout: text } = await plastron(['tasks']);
    expect(text).toMatch(/^hidden-dynamics {2}.*\n {4}8 numbers in, 2 out, 120 steps an episode$/m);
    expect(text).toMatch(/^ {4}:angles=2\|4\|8 {2}/m);
  });

  it('of targets', async () => {
    const { stdout } = await plastron(['targets', '--json']);
    const target = z.strictObject({
      name: z.string(),
      about: z.string(),
      capabilities: z.looseObject({ normalizations: z.array(z.string()) }),
      assumptions: z.array(z.string()).min(1),
    });
    const shape = z.strictObject({
      ...envelope,
      command: z.literal('targets'),
      targets: z.array(target),
    });
    const { targets } = shape.parse(JSON.parse(stdout));
    expect(targets.map((t) => t.name)).toContain('loihi2');
    expect((await plastron(['targets'])).stdout).toMatch(/^loihi2 {2}/m);
  });
});

describe('explain', () => {
  it('tells about each kind of name', async () => {
    const kinds: Readonly<Record<string, string>> = {
      PL1003: 'error',
      pdlf: 'rule',
      ternary_lif: 'neuron',
      'hidden-dynamics': 'task',
      loihi2: 'target',
      quantise: 'pass',
    };
    for (const [name, kind] of Object.entries(kinds)) {
      const { exit, stdout } = await plastron(['explain', name]);
      expect(stdout).toMatch(new RegExp(`^${name} \\(${kind}\\): \\S.*\n\n\\S`));
      expect(exit).toBe(0);
    }
  });

  it('lists everything without a name', async () => {
    const { stdout } = await plastron(['explain', '--json']);
    const topic = z.strictObject({
      kind: z.string(),
      name: z.string(),
      about: z.string().min(1),
      text: z.string().min(1),
    });
    const shape = z.strictObject({
      ...envelope,
      command: z.literal('explain'),
      topics: z.array(topic),
    });
    const { topics } = shape.parse(JSON.parse(stdout));
    const text = (await plastron(['explain'])).stdout;
    for (const { name } of topics) expect(text).toContain(`  ${name} `);
  });

  it('offers the nearest names', async () => {
    expect(await plastron(['explain', 'pdfl'])).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'error PL5401: there is nothing to explain under the name `pdfl`\n  = help: did you mean `pdlf`?\n',
    });
  });
});
