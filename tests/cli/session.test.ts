import { describe, expect, it } from 'vitest';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { EXIT } from '../../src/cli/exit.js';
import { ProgressLine } from '../../src/cli/progress.js';
import { type GlobalFlags, type Outcome, runCommand, type Session } from '../../src/cli/session.js';
import { type FakeOptions, fakeHost } from './fake-host.js';

async function ran(
  work: (session: Session) => Outcome | Promise<Outcome>,
  flags: GlobalFlags = {},
  options?: FakeOptions,
) {
  const { host, written } = fakeHost(options);
  const exit = await runCommand(host, 'train', flags, work);
  return { exit, ...written() };
}

const talk = (session: Session): Outcome => {
  session.progress('half way');
  session.say('prose');
  return {
    text: 'asked for',
    diagnostics: [diagnostic('PL3001', 'max became clip')],
    json: { best: Number.NaN },
  };
};

describe('what goes where', () => {
  it('people: results and prose to standard output, the rest to standard error', async () => {
    expect(await ran(talk)).toEqual({
      exit: 0,
      stdout: 'prose\nasked for\n',
      stderr: 'half way\nwarning PL3001: max became clip\n',
    });
  });

  it('--quiet: only what was asked for', async () => {
    expect(await ran(talk, { quiet: true })).toEqual({
      exit: 0,
      stdout: 'asked for\n',
      stderr: '',
    });
  });

  it('--json: one object, everything else to standard error', async () => {
    const { stdout, stderr } = await ran(talk, { json: true });
    expect(stdout.split('\n').length).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'plastron-cli-1',
      command: 'train',
      ok: true,
      diagnostics: [{ code: 'PL3001', severity: 'warning' }],
      best: null,
    });
    expect(stderr).toBe('half way\nprose\nwarning PL3001: max became clip\n');
  });
});

describe('diagnostics of a command', () => {
  const span = { file: 'own.rule', line: 2, column: 8, length: 1 };

  it('show lines of texts that were read, and stand behind what was reported on the way', async () => {
    const work = (session: Session): Outcome => {
      session.sources.add('own.rule', 'rule own\n  dw = x\n');
      session.report(diagnostic('PL1007', 'not used', { span }));
      return fail(diagnostic('PL3003', 'no product', { span: { ...span, file: 'library/pdlf' } }));
    };
    const { exit, stderr } = await ran(work);
    expect(exit).toBe(1);
    expect(stderr).toMatch(
      /^warning PL1007: .*\n --> own.rule:2:8\n {2}\|\n2 \| {3}dw = x\n {2}\| {8}\^\n\nerror PL3003: /,
    );
    expect(stderr).toMatch(/ --> library\/pdlf:2:8\n {2}\|\n2 \| \S/);
    const { stdout } = await ran(work, { json: true });
    expect(JSON.parse(stdout).diagnostics).toMatchObject([
      { code: 'PL1007', file: 'own.rule', line: 2, column: 8 },
      { code: 'PL3003' },
    ]);
  });
});

describe('how a command ends', () => {
  const missing = (): never => fail(diagnostic('PL4010', 'the model `a` does not exist'));

  it('with diagnostics: 1, errors are shown even under --quiet', async () => {
    expect(await ran(missing, { quiet: true })).toEqual({
      exit: EXIT.diagnostics,
      stdout: '',
      stderr: 'error PL4010: the model `a` does not exist\n',
    });
    const { exit, stdout } = await ran(missing, { json: true });
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: 'PL4010' }] });
  });

  it('with a bug of ours: 70, asks for a report, and shows the stack only on demand', async () => {
    const bug = (): never => {
      throw new TypeError('x is not a function');
    };
    const plain = await ran(bug);
    expect(plain.exit).toBe(70);
    expect(plain.stderr).toBe(
      'plastron met a bug of its own: x is not a function\nPlease report it with the command line that led here; PLASTRON_DEBUG=1 shows where it happened.\n',
    );
    const debug = await ran(bug, {}, { environment: { PLASTRON_DEBUG: '1' } });
    expect(debug.stderr).toContain('session.test.ts');
    const json = await ran(bug, { json: true });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, diagnostics: [{ code: 'bug' }] });
  });

  it('by Ctrl-C: 130', async () => {
    let press = (): void => {};
    let listening = false;
    const onInterrupt = (interrupted: () => void): (() => void) => {
      press = interrupted;
      listening = true;
      return () => {
        listening = false;
      };
    };
    const work = (session: Session): Promise<Outcome> =>
      session.interruptible(async (signal) => {
        press();
        signal.throwIfAborted();
        return { json: {} };
      });
    expect(await ran(work, {}, { onInterrupt })).toEqual({
      exit: 130,
      stdout: '',
      stderr: 'interrupted\n',
    });
    expect(listening).toBe(false);
  });
});

describe('colour', () => {
  const sequence = '\u001b[';
  const coloured = async (isTTY: boolean, environment: Record<string, string>) => {
    const fault = (): never => fail(diagnostic('PL4010', 'no'));
    return (await ran(fault, {}, { isTTY, environment })).stderr.includes(sequence);
  };
  it('is for terminals, and NO_COLOR and FORCE_COLOR decide', async () => {
    expect(await coloured(true, {})).toBe(true);
    expect(await coloured(false, {})).toBe(false);
    expect(await coloured(true, { NO_COLOR: '1' })).toBe(false);
    expect(await coloured(true, { TERM: 'dumb' })).toBe(false);
    expect(await coloured(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured(true, { FORCE_COLOR: '0' })).toBe(false);
  });
});

describe('progress', () => {
  it('rewrites one line of a terminal and takes it away', () => {
    const { host, written } = fakeHost({ isTTY: true });
    const line = new ProgressLine(host.stderr, host.clock);
    line.show('a'.repeat(100));
    line.clear();
    line.clear();
    expect(written().stderr).toBe(`\r\u001b[2K${'a'.repeat(59)}\r\u001b[2K`);
  });

  it('is a line every five seconds elsewhere, and the last one always', () => {
    const { host, written } = fakeHost();
    let now = 0;
    const line = new ProgressLine(host.stderr, () => now);
    for (; now <= 11; now++) line.show(`${now}`);
    line.show('end', true);
    expect(written().stderr).toBe('0\n5\n10\nend\n');
  });
});
