import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import { parseBounds } from '../../../runtime/verify/bounds.js';
import {
  type Certificate,
  certificateOf,
  parseCertificate,
  printCertificate,
} from '../../../runtime/verify/certificate.js';
import type { Comparison } from '../../../runtime/verify/comparison.js';
import { comparisonsJson } from '../../../runtime/verify/contract.js';
import { replay } from '../../../runtime/verify/replay.js';
import {
  type Verification,
  type VerifyOptions,
  verificationDiagnostics,
  verify,
} from '../../../runtime/verify/verify.js';
import { targetNamed } from '../../../targets/index.js';
import { checkWritable, readBytes, readText, writeFileAtomic } from '../../formats/files.js';
import { taskOf } from '../../tasks/registry.js';
import { EXIT } from '../exit.js';
import { readModel } from '../models.js';
import type { Outcome, Session } from '../session.js';
import { count, score } from '../text.js';

export interface VerifyFlags {
  readonly task?: string;
  readonly steps: number;
  readonly seeds: number;
  readonly against: 'fixed' | 'emulator';
  readonly bound?: readonly string[];
  readonly certificate?: string;
  readonly replay?: string;
}

/** Compares a Program with its model. */
export function verifyCommand(
  modelFile: string,
  programFile: string,
  taskText: string,
  flags: VerifyFlags,
  session: Session,
): Outcome {
  const started = session.clock();
  const { steps, seeds, against, certificate } = flags;
  const { seed = 1 } = session.flags;
  const bounds = parseBounds(flags.bound ?? []);
  const options: VerifyOptions = { steps, seeds, seed, against, bounds };
  const task = taskOf(taskText);
  const model = readModel(modelFile, session);
  const program = { file: programFile, bytes: readBytes(programFile, 'the Program') };
  const target = targetNamed(decodeProgram(program.bytes, programFile).target);
  if (certificate !== undefined) checkWritable(certificate, [modelFile, programFile]);
  session.progress('verifying');
  const found = verify(
    model.network,
    program.bytes,
    programFile,
    target,
    task,
    options,
    session.clock,
  );
  if (certificate !== undefined) {
    const made = certificateOf(model, program, target.name, task.name, options, found);
    writeFileAtomic(certificate, printCertificate(made));
  }
  session.say(found.comparisons.map(describe).join('\n'));
  if (certificate !== undefined) session.say(`${certificate} written`);
  return {
    exit: found.ok ? EXIT.ok : EXIT.differs,
    diagnostics: verificationDiagnostics(found),
    json: {
      comparisons: comparisonsJson(found),
      certificate: certificate ?? null,
      seconds: session.clock() - started,
    },
  };
}

/** Verifies again what a certificate says. */
export function replayCommand(file: string, session: Session): Outcome {
  const certificate = parseCertificate(readText(file, 'the certificate'), file);
  const model = readModel(certificate.model.file, session);
  const program = {
    file: certificate.program.file,
    bytes: readBytes(certificate.program.file, 'the Program'),
  };
  let repeated: Verification | undefined;
  const repeat = (certified: Certificate): Verification => {
    const target = targetNamed(certified.target);
    const { task, options } = certified;
    repeated = verify(model.network, program.bytes, program.file, target, taskOf(task), options);
    return repeated;
  };
  const { ok, diagnostics, compared } = replay(certificate, { model, program, repeat });
  return {
    exit: ok && certificate.ok ? EXIT.ok : EXIT.differs,
    diagnostics:
      certificate.ok || !repeated
        ? diagnostics
        : [...diagnostics, ...verificationDiagnostics(repeated)],
    json: {
      comparisons: repeated ? comparisonsJson(repeated) : [],
      certificate: file,
      compared,
    },
    ...(ok ? { text: `${count(compared)} certified fields found again` } : {}),
  };
}

function describe(comparison: Comparison): string {
  const { left, right, kind, steps, compared, differences } = comparison;
  if (kind === 'exact') {
    return `${left} = ${right}  ${count(differences)} differences in ${count(compared)} values over ${count(steps)} steps`;
  }
  const { ruleError, score: scores } = comparison;
  const lines = [`${left} ~ ${right}  over ${count(steps)} steps`];
  for (const { projection, rmsSteps, relative } of ruleError?.oneStep ?? []) {
    lines.push(
      `  ${projection}: one step of the rule is ${rmsSteps.toFixed(2)} least steps off (rms), ${(100 * relative).toFixed(1)} % of Δw`,
    );
  }
  for (const { projection, term, rmsSteps, relative } of ruleError?.terms ?? []) {
    lines.push(
      `    ${projection}, ${term}: ${rmsSteps.toFixed(2)} least steps (rms), ${(100 * relative).toFixed(1)} %`,
    );
  }
  const last = ruleError?.drift.at(-1);
  if (last)
    lines.push(`  weights drift to ${last.weights.toFixed(4)} (rms) after ${last.step} steps`);
  if (scores) {
    const [low, high] = scores.interval;
    lines.push(
      `  score ${score(scores.left)} and ${score(scores.right)}, difference ${score(scores.difference)} [${score(low)}, ${score(high)}] over ${scores.seeds} seeds`,
    );
  }
  return lines.join('\n');
}
