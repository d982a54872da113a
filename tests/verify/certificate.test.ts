import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { TOOL } from '../../compiler/tool.js';
import { canonicalJson, compareFields } from '../../runtime/verify/canonical.js';
import {
  type Certificate,
  certificateOf,
  parseCertificate,
  printCertificate,
} from '../../runtime/verify/certificate.js';
import type { Comparison } from '../../runtime/verify/comparison.js';
import { lockstep } from '../../runtime/verify/lockstep.js';
import { replay } from '../../runtime/verify/replay.js';
import { brokenAt, growing, recording, reference } from './machines.js';

const model = { file: 'model.onnx', bytes: Uint8Array.of(1, 2, 3) };
const program = { file: 'program.plastron', bytes: Uint8Array.of(4, 5) };
const options = {
  steps: 9,
  seeds: 20,
  seed: 1,
  against: 'emulator',
  bounds: { score: 0.1 },
} as const;

/** A comparison as a real lockstep gives it, of machines that part in step 6. */
function comparison(): Comparison {
  const probe = { kind: 'weight', projection: 'input->out' } as const;
  const left = reference(growing(0.25));
  const right = brokenAt(reference(growing(0.25)), probe, 0, 6, (w) => w + 1);
  const {
    episodes: _,
    onlyLeft,
    onlyRight,
    ...found
  } = lockstep(left, right, recording({ input: 1 }, 9));
  return {
    left: 'fixed',
    right: 'emulator',
    kind: 'exact',
    ...found,
    cycles: null,
    onlyLeft: [...onlyLeft],
    onlyRight: [...onlyRight],
    ruleError: { oneStep: [], terms: [], drift: [] },
    score: { left: 1, right: 2, difference: 1, interval: [0.5, 1.5], seeds: 20 },
    broken: [],
  };
}

const found = { comparisons: [comparison()], ok: false };
const certificate = certificateOf(model, program, 'loihi2', 'point-mass', options, found);
const text = printCertificate(certificate);

/** A certificate of which one field was changed in the text. */
function altered(from: string, to: string): Certificate {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return parseCertificate(changed, 'certificate.json');
}

function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
}

describe('certificate', () => {
  it('prints sorted keys, and reads back what it printed', () => {
    expect(parseCertificate(text, 'certificate.json')).toEqual(certificate);
    const again = certificateOf(model, program, 'loihi2', 'point-mass', options, {
      ok: false,
      comparisons: [comparison()],
    });
    expect(printCertificate(again)).toBe(text);
    const keys = [...text.matchAll(/^ {2}"(\w+)"/gm)].map((m) => m[1]);
    expect(keys).toEqual([...keys].sort());
    expect(text).not.toContain('seconds');
  });

  it('holds the SHA-256 of the files and the tool', () => {
    // The digest of the bytes 1, 2, 3.
    expect(certificate.model.sha256).toBe(
      '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
    );
    expect(certificate.tool).toBe(TOOL);
  });

  it('is refused when it is cut short, anywhere', () => {
    for (let length = 0; length < text.length - 2; length += 97) {
      expect(codesOf(() => parseCertificate(text.slice(0, length), 'c.json'))).toEqual(['PL5303']);
    }
  });

  it('is refused with every field that is missing, wrong or unknown', () => {
    const broken = JSON.stringify({ ...JSON.parse(text), ok: 'yes', tool: undefined, extra: 1 });
    expect(codesOf(() => parseCertificate(broken, 'c.json'))).toEqual([
      'PL5303',
      'PL5303',
      'PL5303',
    ]);
    expect(codesOf(() => parseCertificate('[]', 'c.json'))).toEqual(['PL5303']);
    const inside = text.replace('"compared": ', '"compare": ');
    expect(codesOf(() => parseCertificate(inside, 'c.json'))).not.toEqual([]);
  });
});

describe('replay', () => {
  const repeat = () => ({ comparisons: [comparison()], ok: false });

  it('of an unaltered certificate finds every field again', () => {
    const result = replay(certificate, { model, program, repeat });
    expect(result).toMatchObject({ ok: true, differences: [], diagnostics: [] });
    expect(result.compared).toBeGreaterThan(20);
  });

  it.each([
    ['"differences": 1', '"differences": 0', 'comparisons.0.differences', 0, 1],
    ['"step": 6', '"step": 7', 'comparisons.0.firstDifference.step', 7, 6],
    ['"ok": false', '"ok": true', 'ok', true, false],
    ['"seeds": 20\n      }', '"seeds": 21\n      }', 'comparisons.0.score.seeds', 21, 20],
  ])('detects %s altered to %s', (from, to, path, left, right) => {
    const result = replay(altered(from, to), { model, program, repeat });
    expect(result.ok).toBe(false);
    expect(result.differences).toEqual([{ path, left, right }]);
    expect(result.diagnostics.map((d) => d.code)).toEqual(['PL5313']);
    expect(result.diagnostics[0]!.notes).toEqual([
      `${path}: certified ${JSON.stringify(left)}, repeated ${JSON.stringify(right)}`,
    ]);
  });

  it('detects results that are no longer there', () => {
    const result = replay(certificate, {
      model,
      program,
      repeat: () => ({ comparisons: [], ok: true }),
    });
    expect(result.ok).toBe(false);
    expect(result.differences.length).toBeGreaterThan(10);
    expect(result.diagnostics[0]!.notes.at(-1)).toMatch(/^and \d+ more$/);
  });

  it('refuses other files before it runs anything, both at once', () => {
    const other = { file: 'other.onnx', bytes: Uint8Array.of(1, 2, 4) };
    let ran = false;
    const watched = () => {
      ran = true;
      return repeat();
    };
    expect(
      codesOf(() => replay(certificate, { model: other, program: other, repeat: watched })),
    ).toEqual(['PL5304', 'PL5304']);
    expect(ran).toBe(false);
  });

  it('warns of another version of the tool', () => {
    const result = replay({ ...certificate, tool: 'plastron 0.0.9' }, { model, program, repeat });
    expect(result.ok).toBe(true);
    expect(result.diagnostics).toMatchObject([{ code: 'PL5312', severity: 'warning' }]);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: null }], a: 'x' })).toBe(
      canonicalJson({ a: 'x', b: [1, { c: null, d: 2 }] }),
    );
    expect(canonicalJson({ a: [] })).toBe('{\n  "a": []\n}\n');
  });

  it('compares fields by their paths', () => {
    const { differences, compared } = compareFields(
      { a: [1, 2], b: {} },
      { a: [1], b: {}, c: null },
    );
    expect(differences).toEqual([
      { path: 'a.1', left: 2, right: undefined },
      { path: 'c', left: undefined, right: null },
    ]);
    expect(compared).toBe(4);
  });
});
