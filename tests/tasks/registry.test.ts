import { describe, expect, it } from 'vitest';
import type { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { TASKS, taskOf } from '../../src/tasks/registry.js';

function diagnosticOf(text: string) {
  try {
    taskOf(text);
  } catch (error) {
    return (error as DiagnosticsError).diagnostics[0]!;
  }
  throw new Error(`${text} was accepted`);
}

describe('taskOf', () => {
  it('fills in the defaults and writes them in the name', () => {
    expect(taskOf('point-mass').name).toBe('point-mass');
    expect(taskOf('hidden-dynamics').name).toBe('hidden-dynamics:angles=2');
    expect(taskOf('cue-reward:classes=5').name).toBe('cue-reward:classes=5');
    expect(taskOf('copy-delay').name).toBe('copy-delay:delay=10');
  });

  it('reads its own canonical names back, for every variant', () => {
    for (const family of TASKS) {
      for (const variant of family.variants) {
        for (const value of variant.values) {
          const name = `${family.name}:${variant.key}=${value}`;
          expect(taskOf(name).name).toBe(name);
        }
      }
    }
  });

  it.each([
    ['hidden-dynamic', 'PL5101', 'did you mean `hidden-dynamics`?'],
    ['zzzzzzzzzzzzzz', 'PL5101', 'tasks: `point-mass`, `hidden-dynamics`, `cue-reward`'],
    ['hidden-dynamics:angle=2', 'PL5102', 'did you mean `angles`?'],
    ['hidden-dynamics:angles=3', 'PL5102', 'angles=2, angles=4, angles=8'],
    ['hidden-dynamics:angles=', 'PL5102', 'angles=2'],
    ['hidden-dynamics:angles=2=2', 'PL5102', 'angles=2'],
    ['point-mass:angles=2', 'PL5102', 'this task has no variants'],
  ])('refuses %s', (text, code, help) => {
    const found = diagnosticOf(text);
    expect(found.code).toBe(code);
    expect(found.help).toContain(help);
  });

  it('refuses a variant given twice', () => {
    expect(diagnosticOf('hidden-dynamics:angles=2,angles=4').message).toContain('twice');
  });
});
