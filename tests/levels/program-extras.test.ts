import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import { integersOf } from '../../compiler/levels/numbers/integers.js';
import { MANTISSA_FORMAT, type ScaleKind } from '../../compiler/levels/numbers/scale.js';
import { checkProgram } from '../../compiler/levels/program/check.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { encodeProgram } from '../../compiler/levels/program/encode.js';
import { parseProgram } from '../../compiler/levels/program/parse.js';
import { printProgram } from '../../compiler/levels/program/print.js';
import type { Program, ProgramSymbol } from '../../compiler/levels/program/program.js';
import { programType } from '../../compiler/levels/program/schema.js';
import { createEmulator } from '../../runtime/emulator/machine.js';
import { symbolProbe } from '../../runtime/probes.js';
import { loihiArchitecture } from '../../targets/loihi/architecture.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';
import { compiled, networkWith } from './networks.js';

const { program } = compiled(networkWith('lif', 'hebb'));
const WEIGHTS: Format = { signed: true, width: 16, fraction: 12 };
const learning = program.cores.flatMap((c) => c.blocks).find((b) => b.entry >= 0)!.projection;
const { name: owner } = program.projections[learning]!;
const weight = program.symbols.find((s) => s.kind === 'weight' && s.owner === owner)!;

/** A Program with what chips with a sequencer and scales have. */
function extended(scale: ScaleKind = 'max'): Program {
  const symbols: ProgramSymbol[] = [
    ...program.symbols.map((s) => (s === weight ? { ...s, format: WEIGHTS } : s)),
    { ...weight, kind: 'stored', name: 'stored', format: WEIGHTS },
    { ...weight, kind: 'scale', name: 'scale', memory: 'scale', format: MANTISSA_FORMAT },
  ];
  return {
    ...program,
    parameters: [
      { name: 'lanes', value: 8 },
      { name: 'units', value: 2 },
    ],
    cores: program.cores.map((core) => ({
      ...core,
      controlCode: [0xdeadbeef, 1],
      blocks: core.blocks.map((b) =>
        b.projection === learning
          ? {
              ...b,
              scale,
              weightFormat: WEIGHTS,
              weights: integersOf(b.weights, WEIGHTS),
              tags: integersOf(b.tags, WEIGHTS),
            }
          : b,
      ),
    })),
    symbols,
    sources: [
      ...program.sources,
      { core: 0, memory: 'control', address: 1, file: 'x', line: 2, column: 3, length: 4 },
    ],
  };
}

/** What the checker says about a Program. */
function faults(changed: Program): string[] {
  try {
    checkProgram(changed, 'p');
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((d) => d.message);
    throw error;
  }
  return [];
}

const changeBlocks = (p: Program, change: object): Program => ({
  ...p,
  cores: p.cores.map((c) => ({
    ...c,
    blocks: c.blocks.map((b) => (b.projection === learning ? { ...b, ...change } : b)),
  })),
});

describe('scales, control code and parameters of a Program', () => {
  it.each(['max', 'pow2'] as const)('are read back, with normalize %s', (scale) => {
    const level = checkProgram(extended(scale), 'p');
    const bytes = encodeProgram(level);
    expect(decodeProgram(bytes, 'p')).toStrictEqual(level);
    expect(encodeProgram(decodeProgram(bytes, 'p'))).toEqual(bytes);
    const text = printProgram(level, (memory, words, address) => `${memory} ${words[address]}`);
    expect(parseProgram(text, 'p.txt')).toStrictEqual(level);
    expect(text).toContain('parameter lanes = 8\n');
    expect(text).toContain(`scale = ${scale}\n`);
    expect(text).toMatch(/ {2}control code\n {7}0: deadbeef {2}# control 3735928559\n/);
    expect(text).toMatch(/00000001 {2}# control 1 +x:2:3\n/);
  });

  it('take no bytes and no text where there are none', () => {
    const bytes = encodeProgram(program);
    const decoded = programType.toObject(programType.decode(bytes));
    expect(decoded).not.toHaveProperty('parameters');
    for (const core of decoded['cores']) {
      expect(core).not.toHaveProperty('controlCode');
      for (const block of core.blocks) expect(block).not.toHaveProperty('scale');
    }
    const text = printProgram(program, () => '');
    expect(text).not.toMatch(/parameter|control|scale = (max|pow2)/);
    expect(decodeProgram(bytes, 'p')).toStrictEqual(program);
  });

  it('are found by probes', () => {
    const kinds = extended().symbols.map((s) => symbolProbe(s));
    expect(kinds).toContainEqual({ kind: 'stored', projection: owner });
    expect(kinds).toContainEqual({ kind: 'scale', projection: owner });
  });

  it.each<[string, Program, string]>([
    [
      'too wide',
      changeBlocks(extended(), { weightFormat: { signed: true, width: 17, fraction: 12 } }),
      'weights s17.12 have no scale',
    ],
    [
      'that do not hold 1',
      changeBlocks(extended(), { weightFormat: { signed: true, width: 16, fraction: 15 } }),
      'weights s16.15 have no scale',
    ],
    ['that do not learn', changeBlocks(extended(), { entry: -1 }), 'it has a scale and does not'],
    ['weighed when sent', changeBlocks(extended(), { send: true }), 'it has a scale, but weighs'],
    ['of no scale', changeBlocks(extended(), { scale: undefined }), 'a scale that is not there'],
    [
      'in two ways',
      {
        ...extended(),
        cores: extended().cores.map((c, i) => (i === 0 ? c : extended('pow2').cores[i]!)),
      },
      `the blocks of ${owner} differ`,
    ],
    [
      'with a parameter twice',
      { ...extended(), parameters: [...extended().parameters, { name: 'lanes', value: 1 }] },
      'a parameter is there twice',
    ],
  ])('weights %s are refused', (_, changed, message) => {
    expect(faults(changed).join('\n')).toContain(message);
  });

  it.each<[string, Partial<Program>]>([
    [`normalize max (${owner})`, { parameters: [], cores: uncontrolled(extended()) }],
    ['parameter lanes', { cores: program.cores }],
    ['control code', { cores: extended().cores }],
  ])('Loihi has no %s', (what, parts) => {
    const machine = () =>
      createEmulator({ ...extended(), ...parts }, loihiArchitecture('loihi2', LOIHI2.learning));
    expect(machine).toThrow(new RegExp(`loihi2 has no ${what.replace(/[()>-]/g, '.')}`));
  });
});

function uncontrolled({ cores }: Program): Program['cores'] {
  return cores.map((c) => ({ ...c, controlCode: [] }));
}
