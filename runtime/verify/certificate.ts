import { z } from 'zod';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { sha256 } from '../../compiler/levels/program/sha256.js';
import { TOOL } from '../../compiler/tool.js';
import { issueText, parseJson } from '../../src/formats/json.js';
import { canonicalJson } from './canonical.js';
import { comparisonShape } from './comparison.js';
import { type Findings, LINKS, type VerifyOptions } from './verify.js';

const fileShape = z.strictObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256 in hexadecimal'),
});

const shape = z.strictObject({
  schema: z.literal('plastron-certificate-1'),
  tool: z.string(),
  target: z.string(),
  task: z.string(),
  /** Names as given, and SHA-256 of the bytes. */
  model: fileShape,
  program: fileShape,
  options: z.strictObject({
    steps: z.number().int().positive(),
    seeds: z.number().int().positive(),
    seed: z.number().int(),
    against: z.enum(LINKS),
    bounds: z.record(z.string(), z.number()),
  }),
  comparisons: z.array(comparisonShape),
  ok: z.boolean(),
});

/** What was verified, how, and what was found: enough to repeat it. */
export type Certificate = z.infer<typeof shape>;

/** A file of a certificate. */
export interface CertifiedFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The certificate of a verification. */
export function certificateOf(
  model: CertifiedFile,
  program: CertifiedFile,
  target: string,
  task: string,
  options: VerifyOptions,
  { comparisons, ok }: Findings,
): Certificate {
  return {
    schema: 'plastron-certificate-1',
    tool: TOOL,
    target,
    task,
    model: { file: model.file, sha256: sha256(model.bytes) },
    program: { file: program.file, sha256: sha256(program.bytes) },
    options: { ...options, bounds: { ...options.bounds } },
    comparisons: [...comparisons],
    ok,
  };
}

/** JSON with sorted keys: the same certificate gives the same bytes. */
export function printCertificate(certificate: Certificate): string {
  return canonicalJson(certificate);
}

/** Reads a certificate. Throws PL5303 for a text that is cut short or no JSON, and for each field that is missing, wrong or unknown. */
export function parseCertificate(text: string, file: string): Certificate {
  const parsed = shape.safeParse(parseJson(text, file, 'PL5303'));
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const other = issues.filter(({ path }) => path[0] === 'schema');
  throw new DiagnosticsError(
    (other.length > 0 ? other : issues).map((issue) =>
      diagnostic('PL5303', `\`${file}\` is not a certificate: ${issueText(issue)}`),
    ),
  );
}

/** Refuses files other than the certified ones (PL5304 for each). */
export function checkCertified(
  certificate: Certificate,
  model: CertifiedFile,
  program: CertifiedFile,
): void {
  const bag = new DiagnosticBag();
  for (const [what, given, certified] of [
    ['model', model, certificate.model],
    ['Program', program, certificate.program],
  ] as const) {
    const found = sha256(given.bytes);
    if (found === certified.sha256) continue;
    bag.add(
      diagnostic(
        'PL5304',
        `\`${given.file}\` is not the ${what} that was certified: its bytes differ`,
        { notes: [`certified ${certified.sha256}`, `given     ${found}`] },
      ),
    );
  }
  bag.finish();
}
