import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../src/formats/inputs/csv.js';
import { recordingEnding } from '../../src/formats/inputs/endings.js';
import { readJsonInputs } from '../../src/formats/inputs/json.js';
import { readNpyInputs } from '../../src/formats/inputs/npy.js';
import { readInputs } from '../../src/formats/inputs/read.js';
import type { Port, Recording } from '../../src/formats/inputs/recording.js';
import { jsonFault } from '../../src/formats/json-fault.js';
import { printNpy } from '../../src/formats/npy.js';
import { printOutputs } from '../../src/formats/outputs.js';
import { failureOf } from './failure.js';

const PORTS: readonly Port[] = [
  { name: 'eye', size: 2 },
  { name: 'touch', size: 1 },
];

/** A recording as plain arrays. */
const plain = ({ steps, modulated }: Recording) => ({
  modulated,
  steps: steps.map(({ values, modulator }) => ({
    ...Object.fromEntries(Object.entries(values).map(([name, v]) => [name, Array.from(v)])),
    modulator,
  })),
});

const TWO_STEPS = {
  modulated: false,
  steps: [
    { eye: [0.5, -1], touch: [2], modulator: 0 },
    { eye: [0.25, 3], touch: [-4], modulator: 0 },
  ],
};
const MODULATED = {
  modulated: true,
  steps: TWO_STEPS.steps.map((step, i) => ({ ...step, modulator: i === 0 ? 7 : 0.125 })),
};

describe('a .csv of inputs', () => {
  const read = (text: string) => readCsv(text, 'a.csv', PORTS);

  it('has columns in any order, under their names', () => {
    expect(plain(read('eye[0],eye[1],touch\n0.5,-1,2\n.25,3.,-4\n'))).toEqual(TWO_STEPS);
    expect(plain(read('touch[0],eye[1],eye[0]\n2,-1,.5\n-4,3e0,25e-2'))).toEqual(TWO_STEPS);
  });

  it('may have a modulator, blanks, quotes, breaks of Windows and blank lines at its end', () => {
    const text = ' modulator ,"eye[0]", eye[1],touch\r\n7,0.5, -1,"2"\r\n+0.125,0.25,3 ,-4\r\n\r\n';
    expect(plain(read(text))).toEqual(MODULATED);
  });

  const wrong: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'nothing',
      '',
      ['PL4402 1:1 a column has no name', 'PL4402 1:1 no column gives `eye[0]`, `eye[1]`, `touch`'],
    ],
    ['a header alone', 'eye[0],eye[1],touch\n', ['PL4404 `a.csv` has no steps']],
    [
      'a column that no input has',
      'eye[0],eye[2],touch\n1,2,3',
      ['PL4402 1:8 no input is named `eye[2]`', 'PL4402 1:1 no column gives `eye[1]`'],
    ],
    [
      'a column twice',
      'eye[0],eye[1],touch,touch[0]\n1,2,3,4',
      ['PL4402 1:21 the column `touch[0]` is there twice'],
    ],
    [
      'a line that is too short, and one that is too long',
      'eye[0],eye[1],touch\n1,2\n1,2,3\n1,2,3,4',
      [
        'PL4401 2:3 this line has 2 values, the header names 3',
        'PL4401 4:7 this line has 4 values, the header names 3',
      ],
    ],
    [
      'a blank line in the middle',
      'eye[0],eye[1],touch\n\n1,2,3',
      ['PL4401 2:1 this line has 1 values, the header names 3'],
    ],
    [
      'what is no number',
      'eye[0],eye[1],touch\n1,,3\n1,0x2,3\n1,1.5.2,3',
      [
        'PL4401 2:3 an empty field is not a number',
        'PL4401 3:3 `0x2` is not a number',
        'PL4401 4:3 `1.5.2` is not a number',
      ],
    ],
    [
      'numbers that are not finite',
      'eye[0],eye[1],touch\n1, NaN,3\n-inf,2,Infinity\n1,2,1e999',
      [
        'PL4403 2:4 `NaN` is not a finite number',
        'PL4403 3:1 `-inf` is not a finite number',
        'PL4403 3:8 `Infinity` is not a finite number',
        'PL4403 4:5 `1e999` is not a finite number',
      ],
    ],
    [
      'a modulator that is not finite',
      'eye[0],eye[1],touch,modulator\n1,2,3,nan',
      ['PL4403 2:7 `nan` is not a finite number'],
    ],
  ];
  it.each(wrong)('is refused with its place: %s', (_, text, complaints) => {
    expect(failureOf(() => read(text))).toEqual(complaints);
  });

  it('tells eight faults at once and no more', () => {
    const text = `eye[0],eye[1],touch\n${'x,x,x\n'.repeat(50)}`;
    expect(failureOf(() => read(text))).toHaveLength(8);
  });

  it('reads a port that is called modulator as that port', () => {
    const ports = [{ name: 'modulator', size: 1 }];
    expect(plain(readCsv('modulator\n3', 'a.csv', ports))).toEqual({
      modulated: false,
      steps: [{ modulator: 0 }],
    });
    expect([
      ...(readCsv('modulator\n3', 'a', ports).steps[0]!.values['modulator'] as Float64Array),
    ]).toEqual([3]);
  });
});

describe('a .npy of inputs', () => {
  const read = (shape: readonly number[], values: readonly number[]) =>
    readNpyInputs(printNpy({ shape, values: Float64Array.from(values) }), 'a.npy', PORTS);

  it('has the ports side by side', () => {
    expect(plain(read([2, 3], [0.5, -1, 2, 0.25, 3, -4]))).toEqual(TWO_STEPS);
  });

  it('is refused with its reason', () => {
    expect(failureOf(() => read([3], [1, 2, 3]))).toEqual([
      'PL4402 `a.npy` is an array of shape (3,); the inputs take [steps, 3]',
    ]);
    expect(failureOf(() => read([2, 2], [1, 2, 3, 4]))).toEqual([
      'PL4402 `a.npy` is an array of shape (2, 2); the inputs take [steps, 3]',
    ]);
    expect(failureOf(() => read([0, 3], []))).toEqual(['PL4404 `a.npy` has no steps']);
    expect(failureOf(() => read([2, 3], [1, 2, 3, 4, Number.NaN, -Infinity]))).toEqual([
      'PL4403 `a.npy`[1, 1] is NaN, not a finite number',
      'PL4403 `a.npy`[1, 2] is -Infinity, not a finite number',
    ]);
  });
});

describe('a .json of inputs', () => {
  const read = (value: unknown) => readJsonInputs(JSON.stringify(value), 'a.json', PORTS);
  const inputs = {
    touch: [[2], [-4]],
    eye: [
      [0.5, -1],
      [0.25, 3],
    ],
  };

  it('names the ports', () => {
    expect(plain(read({ inputs }))).toEqual(TWO_STEPS);
    expect(plain(read({ inputs, modulator: [7, 0.125] }))).toEqual(MODULATED);
  });

  const wrong: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      'another object',
      { input: inputs },
      [
        'PL4407 `a.json` holds no inputs: inputs: missing',
        'PL4407 `a.json` holds no inputs: Unrecognized key: "input"',
      ],
    ],
    ['a list', [1], ['PL4407 `a.json` holds no inputs: expected object, received array']],
    [
      'a text among the numbers',
      { inputs: { ...inputs, touch: [[2], ['-4']] } },
      ['PL4407 `a.json` holds no inputs: inputs.touch.1.0: a number is expected'],
    ],
    [
      'NaN, which JSON writes as null',
      { inputs: { ...inputs, touch: [[2], [Number.NaN]] } },
      ['PL4407 `a.json` holds no inputs: inputs.touch.1.0: a number is expected'],
    ],
    [
      'ports of another Program',
      { inputs: { eye: inputs.eye, tuch: inputs.touch } },
      [
        'PL4402 `a.json`: no input is named `tuch`',
        'PL4402 `a.json` has no values for the input `touch`',
      ],
    ],
    [
      'rows of another size',
      { inputs: { eye: [[1, 2], [1]], touch: [[1], [1, 2]] } },
      [
        'PL4402 `a.json`: inputs.eye.1 has 1 values, the input takes 2',
        'PL4402 `a.json`: inputs.touch.1 has 2 values, the input takes 1',
      ],
    ],
    [
      'lengths that differ',
      { inputs: { ...inputs, touch: [[2]] }, modulator: [1, 2, 3] },
      [
        'PL4402 `a.json`: inputs.eye has 2 steps, the first input has 1',
        'PL4402 `a.json`: modulator has 3 steps, the first input has 1',
      ],
    ],
    ['no steps', { inputs: { eye: [], touch: [] } }, ['PL4404 `a.json` has no steps']],
  ];
  it.each(wrong)('is refused with its reason: %s', (_, value, complaints) => {
    expect(
      failureOf(() => read(value))
        .slice()
        .sort(),
    ).toEqual([...complaints].sort());
  });

  it('is refused where a number is beyond 64 bits', () => {
    const text = '{"inputs": {"eye": [[1, 1e999]], "touch": [[1]]}, "modulator": [-1e999]}';
    expect(failureOf(() => readJsonInputs(text, 'a.json', PORTS))).toEqual([
      'PL4403 `a.json`: inputs.eye.0.1 is not a finite number',
      'PL4403 `a.json`: modulator.0 is not a finite number',
    ]);
  });

  it('is refused at the place where it stops being JSON', () => {
    const fault = (text: string) => failureOf(() => readJsonInputs(text, 'a.json', PORTS));
    expect(fault('{"inputs":\n  {"eye": [[1, ]]}}')).toEqual([
      'PL4407 2:16 `a.json` is not JSON: `]` stands here',
    ]);
    expect(fault('{"inputs": {"eye": [[1, 2')).toEqual([
      'PL4407 1:26 `a.json` is not JSON: it ends here',
    ]);
    expect(fault('')).toEqual(['PL4407 1:1 `a.json` is not JSON: it ends here']);
    expect(fault('{"inputs": {"eye": [[NaN]]}}')).toEqual([
      'PL4407 1:22 `a.json` is not JSON: `N` stands here',
    ]);
  });
});

describe('where a text stops being JSON', () => {
  const SEED = 20_260_804;
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  it(`agrees with JSON.parse on altered texts (seed ${SEED})`, () => {
    const alphabet = [...'[]{},:"\\0123456789.eE+-truefalsn \t\n\u0001\u007fé'];
    const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...alphabet), fc.boolean()), {
      maxLength: 3,
    });
    let faults = 0;
    const property = fc.property(fc.json({ maxDepth: 4 }), edits, (json, changes) => {
      let text = json;
      for (const [place, character, insert] of changes) {
        const at = place % (text.length + 1);
        text = text.slice(0, at) + character + text.slice(insert ? at : at + 1);
      }
      const at = jsonFault(text);
      expect(at === undefined, JSON.stringify(text)).toBe(isJson(text));
      if (at === undefined) return;
      faults++;
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(text.length);
    });
    fc.assert(property, { numRuns: 5000, seed: SEED });
    expect(faults).toBeGreaterThan(1000);
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plastron-inputs-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are read by their endings', () => {
    expect(recordingEnding('A.CSV')).toBe('.csv');
    expect(recordingEnding('csv')).toBeUndefined();
    expect(failureOf(() => readInputs(join(folder, 'none.npy'), PORTS))[0]).toMatch(
      /^PL4010 the file of inputs `.*none.npy` does not exist$/,
    );
  });

  const SEED = 20_260_805;
  it(`of outputs are inputs again, number for number (seed ${SEED})`, () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    const row = fc.array(numbers, { minLength: 3, maxLength: 3 });
    const property = fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (values) => {
      const rows = values.map((v) => Float64Array.from(v, (x) => x + 0));
      for (const ending of ['.csv', '.npy', '.json'] as const) {
        const content = printOutputs({ ports: PORTS, rows }, ending);
        const file = join(folder, `a${ending}`);
        // A .json says whether it holds inputs or outputs.
        const renamed =
          typeof content === 'string' ? content.replace('"outputs"', '"inputs"') : content;
        writeFileSync(file, renamed);
        const read = readInputs(file, PORTS).steps.map((s) => [
          ...Array.from(s.values['eye']!),
          ...Array.from(s.values['touch']!),
        ]);
        expect(read).toEqual(rows.map((r) => [...r]));
      }
    });
    fc.assert(property, { numRuns: 60, seed: SEED });
  });
});
