import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { signalsOf } from '../../runtime/trace/signals.js';
import { MemorySink } from '../../runtime/trace/sink.js';
import { emulatorOf } from './emulators.js';

const emulator = emulatorOf();
const names = (...chosen: string[]): string[] =>
  signalsOf(emulator, chosen).map(({ scope, name }) => `${scope.at(-1)}.${name}`);

function failure(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (error instanceof DiagnosticsError) {
      return error.diagnostics.map(({ code, message, help }) => ({ code, message, help }));
    }
    throw error;
  }
  return [];
}

describe('signals of a trace', () => {
  it('are all of them unless some are chosen', () => {
    const all = signalsOf(emulator, undefined).length;
    const there = emulator.shape.probes.reduce((sum, p) => sum + p.length, 0);
    expect(all).toBe(there);
  });

  it('are chosen by population, variable, projection and a range', () => {
    expect(names('action')).toEqual(['action.value_0', 'action.value_1']);
    expect(names('hidden.v[2..4]')).toEqual(['hidden.v_2', 'hidden.v_3', 'hidden.v_4']);
    expect(names('hidden[7]')).toEqual(['hidden.v_7', 'hidden.trace_7', 'hidden.spike_7']);
    expect(names('hidden->action')).toHaveLength(16);
    expect(names('hidden->action.w[3]')).toEqual(['hidden->action.w_1_1']);
  });

  it('are there once, in the order of the Program, however often they are chosen', () => {
    expect(names('action', 'hidden.v[1]', 'hidden.v[0..1]', 'action.value[1]')).toEqual([
      'action.value_0',
      'action.value_1',
      'hidden.v_0',
      'hidden.v_1',
    ]);
  });

  it('that are not there are told with the nearest, all at once', () => {
    expect(failure(() => names('hiden.v', 'hidden.v[5..8]', 'hidden.v[2..1]', 'x[y]'))).toEqual([
      {
        code: 'PL4411',
        message: 'the trace has no signal `hiden.v`',
        help: 'did you mean `hidden.v`?',
      },
      {
        code: 'PL4411',
        message: 'the trace has no signal `hidden.v[5..8]`',
        help: '`hidden.v` has [0..7]',
      },
      {
        code: 'PL4411',
        message: 'the trace has no signal `hidden.v[2..1]`',
        help: '`hidden.v` has [0..7]',
      },
      {
        code: 'PL4411',
        message: 'the trace has no signal `x[y]`',
        help: 'there is: `observation.value`, `hidden.v`, `hidden.trace`, `hidden.spike`, `action.value`, `observation->hidden.w`, `hidden->action.w`',
      },
    ]);
  });

  it('that are too many are refused with a way to choose', () => {
    const [fault] = failure(() => signalsOf(emulator, ['hidden', 'action'], 25));
    expect(fault!.code).toBe('PL4412');
    expect(fault!.message).toBe('the trace would have 26 signals, 25 are the most');
    expect(fault!.help).toContain("--signals 'hidden->action.w[0..15]'");
    expect(signalsOf(emulator, ['hidden', 'action[0]'], 25)).toHaveLength(25);
  });
});

describe('the sink of a trace', () => {
  it('keeps text of any characters', () => {
    const sink = new MemorySink();
    sink.write('α');
    sink.write('b'.repeat(70_000));
    sink.write('c');
    const text = new TextDecoder().decode(sink.bytes());
    expect(text).toBe(`α${'b'.repeat(70_000)}c`);
  });

  it('refuses to grow without end', () => {
    const sink = new MemorySink(100_000);
    sink.write('x'.repeat(65_536));
    expect(failure(() => sink.write('x'.repeat(65_536)))).toMatchObject([
      { code: 'PL4413', message: 'the trace passed 100,000 bytes' },
    ]);
  });
});
