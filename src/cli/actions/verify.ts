import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../../compiler/levels/program/decode.js';
import type { ChipTwin, Target } from '../../../compiler/target.js';
import { parseBounds } from '../../../runtime/verify/bounds.js';
import {
  type Certificate,
  type CertifiedFile,
  certificateOf,
  checkCertified,
  parseCertificate,
  printCertificate,
} from '../../../runtime/verify/certificate.js';
import type { Comparison } from '../../../runtime/verify/comparison.js';
import { comparisonsJson } from '../../../runtime/verify/contract.js';
import { replay } from '../../../runtime/verify/replay.js';
import {
  type Link,
  type Verification,
  type VerifyOptions,
  type VerifyTools,
  verificationDiagnostics,
  verify,
} from '../../../runtime/verify/verify.js';
import { targetOf } from '../../../targets/index.js';
import { checkWritable, readBytes, readText, writeFileAtomic } from '../../formats/files.js';
import { taskOf } from '../../tasks/registry.js';
import { onBoard } from '../boards.js';
import { EXIT } from '../exit.js';
import { readModel } from '../models.js';
import type { Outcome, Session } from '../session.js';
import { count, score } from '../text.js';

export interface VerifyFlags {
  readonly task?: string;
  readonly steps: number;
  readonly seeds: number;
  readonly against: Link;
  readonly port: string;
  readonly bound?: readonly string[];
  readonly certificate?: string;
  readonly replay?: string;
}

/** Compares a Program with its model. */
export async function verifyCommand(
  modelFile: string,
  programFile: string,
  taskText: string,
  flags: VerifyFlags,
  session: Session,
): Promise<Outcome> {
  const started = session.clock();
  const { steps, seeds, against, certificate } = flags;
  const { seed = 1 } = session.flags;
  const bounds = parseBounds(flags.bound ?? []);
  const options: VerifyOptions = { steps, seeds, seed, against, bounds };
  const task = taskOf(taskText);
  const model = readModel(modelFile, session);
  const program = { file: programFile, bytes: readBytes(programFile, 'the Program') };
  const target = targetOf(decodeProgram(program.bytes, programFile));
  if (certificate !== undefined) checkWritable(certificate, [modelFile, programFile]);
  const found = await verified({ against, port: flags.port }, target, program, session, (tools) =>
    verify(model.network, program.bytes, programFile, target, task, options, tools),
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
export async function replayCommand(
  file: string,
  port: string,
  session: Session,
): Promise<Outcome> {
  const certificate = parseCertificate(readText(file, 'the certificate'), file);
  const model = readModel(certificate.model.file, session);
  const program = {
    file: certificate.program.file,
    bytes: readBytes(certificate.program.file, 'the Program'),
  };
  let repeated: Verification | undefined;
  checkCertified(certificate, model, program);
  const target = targetOf(decodeProgram(program.bytes, program.file));
  const { against } = certificate.options;
  const { ok, diagnostics, compared } = await verified(
    { against, port },
    target,
    program,
    session,
    (tools) => {
      const repeat = ({ task, options }: Certificate): Verification => {
        const { bytes, file: from } = program;
        repeated = verify(model.network, bytes, from, target, taskOf(task), options, tools);
        return repeated;
      };
      return replay(certificate, { model, program, repeat });
    },
  );
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

/** Does `work` with the circuit or the board beside it, where the chain ends there: that is built, or deployed to, first. */
async function verified<T>(
  { against, port }: { readonly against: Link; readonly port: string },
  target: Target,
  program: CertifiedFile,
  session: Session,
  work: (tools: VerifyTools) => T,
): Promise<T> {
  const { clock } = session;
  switch (against) {
    case 'rtl': {
      const twin = await twinOf(target, program, session);
      try {
        session.progress('verifying');
        return work({ clock, twin });
      } finally {
        twin.close();
      }
    }
    case 'board':
      return onBoard(port, program, session, ({ machine: board }) => {
        session.progress('verifying');
        return work({ clock, board });
      });
    default:
      session.progress('verifying');
      return work({ clock });
  }
}

async function twinOf(
  target: Target,
  { bytes, file }: CertifiedFile,
  session: Session,
): Promise<ChipTwin> {
  if (!target.createTwin) {
    const message = `the circuit of ${target.name} is not public`;
    fail(diagnostic('PL5314', message, { help: 'verify against the emulator' }));
  }
  session.progress(
    'building the circuit: seconds with Verilator, a minute or two without; nothing the next time',
  );
  return target.createTwin(bytes, file, 'auto');
}

function describe(comparison: Comparison): string {
  const { left, right, kind, steps, compared, differences, cycles } = comparison;
  if (kind === 'exact') {
    const clocked = cycles === null ? '' : ` and ${count(cycles)} cycles`;
    return `${left} = ${right}  ${count(differences)} differences in ${count(compared)} values over ${count(steps)} steps${clocked}`;
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
