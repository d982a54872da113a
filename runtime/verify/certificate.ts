import { createHash } from 'node:crypto';
import { z } from 'zod';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { TOOL } from '../../compiler/tool.js';
import type { Verification, VerifyOptions } from './verify.js';

const shape = z.object({
  schema: z.literal('plastron-certificate-1'),
  tool: z.string(),
  target: z.string(),
  task: z.string(),
  /** Names as given, and SHA-256 of the bytes. */
  model: z.object({ file: z.string(), sha256: z.string() }),
  program: z.object({ file: z.string(), sha256: z.string() }),
  options: z.object({
    steps: z.number().int().positive(),
    seeds: z.number().int().positive(),
    seed: z.number().int(),
    against: z.enum(['fixed', 'emulator']),
    bounds: z.record(z.string(), z.number()),
  }),
  /** What was found: `comparisons` of a Verification. */
  comparisons: z.array(z.record(z.string(), z.unknown())),
  ok: z.boolean(),
});

/** What was verified, how, and what was found: enough to repeat it. */
export type Certificate = z.infer<typeof shape>;

/** A file of a certificate. */
export interface CertifiedFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The certificate of a verification. */
export function certificateOf(
  model: CertifiedFile,
  program: CertifiedFile,
  target: string,
  task: string,
  options: VerifyOptions,
  { comparisons, ok }: Verification,
): Certificate {
  return {
    schema: 'plastron-certificate-1',
    tool: TOOL,
    target,
    task,
    model: { file: model.file, sha256: sha256(model.bytes) },
    program: { file: program.file, sha256: sha256(program.bytes) },
    options: { ...options, bounds: { ...options.bounds } },
    comparisons: comparisons.map((c) => ({ ...c })),
    ok,
  };
}

/** JSON with sorted keys: the same certificate gives the same bytes. */
export function printCertificate(certificate: Certificate): string {
  return `${JSON.stringify(sorted(certificate), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]));
}

/** Reads a certificate; PL5303 when the text is none. */
export function parseCertificate(text: string, file: string): Certificate {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(diagnostic('PL5303', `${file} is no JSON: ${error instanceof Error ? error.message : ''}`));
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail(diagnostic('PL5303', `${file} is no certificate: ${issue?.path.join('.')}: ${issue?.message}`));
}

/** Refuses files other than the certified ones (PL5304). */
export function checkCertified(certificate: Certificate, model: CertifiedFile, program: CertifiedFile): void {
  for (const [what, given, certified] of [
    ['model', model, certificate.model],
    ['Program', program, certificate.program],
  ] as const) {
    if (sha256(given.bytes) === certified.sha256) continue;
    fail(
      diagnostic('PL5304', `${given.file} is not the ${what} that was certified: its bytes differ`, {
        notes: [`certified ${certified.sha256}`, `given     ${sha256(given.bytes)}`],
      }),
    );
  }
}

/** The paths at which a repeated verification differs from the certificate, as `comparisons.1.compared: 5 ≠ 6`. */
export function compareCertificates(certified: Certificate, repeated: Certificate): readonly string[] {
  const differences: string[] = [];
  const visit = (path: string, a: unknown, b: unknown): void => {
    if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      for (const key of keys) visit(`${path}.${key}`, Reflect.get(a, key), Reflect.get(b, key));
    } else if (!Object.is(a, b)) {
      differences.push(`${path}: ${JSON.stringify(a)} ≠ ${JSON.stringify(b)}`);
    }
  };
  visit('comparisons', sorted(JSON.parse(JSON.stringify(certified.comparisons))), sorted(JSON.parse(JSON.stringify(repeated.comparisons))));
  visit('ok', certified.ok, repeated.ok);
  return differences;
}
