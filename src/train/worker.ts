import { deserialize } from 'node:v8';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { type EvaluationShare, MemberJudge } from './evaluation.js';

/** What a worker is asked: a share of a run, whose context comes as serialized bytes. */
export interface WorkerTask {
  /** The number of the run among those of its threads. */
  readonly run: number;
  readonly context: Uint8Array;
  readonly share: EvaluationShare;
}

/** What a worker answers: scores, or why there are none. An error that is thrown would lose its class on the way. */
export type Judged = Float64Array | { readonly diagnostics: readonly Diagnostic[] };

let present: { readonly run: number; readonly judge: MemberJudge } | undefined;

/** Runs in a worker thread: the scores of a share's members, members × episodes. */
export function evaluateShare({ run, context, share }: WorkerTask): Judged {
  try {
    if (present?.run !== run)
      present = { run, judge: new MemberJudge(deserialize(Buffer.from(context))) };
    return present.judge.scores(share);
  } catch (error) {
    if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics };
    throw error;
  }
}
