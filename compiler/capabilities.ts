import { diagnostic } from './diagnostics/catalogue.js';
import { fail } from './diagnostics/diagnostic.js';
import type { Program } from './levels/program/program.js';
import { sha256 } from './levels/program/sha256.js';
import type { Capabilities } from './target.js';

/** What a Program carries of its target's tables: SHA-256 of their JSON. */
export function capabilitiesHash(capabilities: Capabilities): string {
  return sha256(JSON.stringify(capabilities));
}

/**
 * Refuses a Program that was compiled for another chip, or for other tables of this one.
 *
 * @throws DiagnosticsError PL4004.
 */
export function checkCompiledFor(
  { target, capabilities: hash }: Pick<Program, 'target' | 'capabilities'>,
  name: string,
  capabilities: Capabilities,
  file: string,
): void {
  if (target !== name) {
    fail(diagnostic('PL4004', `${file} was compiled for ${target}, not for ${name}`));
  }
  if (hash === capabilitiesHash(capabilities)) return;
  fail(
    diagnostic('PL4004', `${file} was compiled for other limits of ${name} than this build has`, {
      help: 'compile the model again',
    }),
  );
}
