import Tinypool from 'tinypool';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { type EvaluationContext, type EvaluationJob, MemberJudge } from './evaluation.js';

const context: EvaluationContext = Tinypool.workerData;
let judge: MemberJudge | undefined;

/** What a worker answers: fitnesses, or why there are none. An error that is thrown would lose its class on the way. */
export type Judged = readonly number[] | { readonly diagnostics: readonly Diagnostic[] };

/** Runs in a worker thread: the fitnesses of a job's members, in order. */
export function evaluateJob(job: EvaluationJob): Judged {
  try {
    judge ??= new MemberJudge(context);
    return judge.judge(job);
  } catch (error) {
    if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics };
    throw error;
  }
}
