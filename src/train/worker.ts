import { deserialize } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { type EvaluationShare, MemberJudge } from './evaluation.js';

/** What all threads are asked at once: shares of a run, which each thread takes as it comes to them. */
export interface Batch {
  /** The number of the run among those of its threads. */
  readonly run: number;
  /** The run's context, serialized. */
  readonly context: Uint8Array;
  readonly shares: readonly (EvaluationShare & {
    /** The row of `scores` of its first member. */
    readonly row: number;
  })[];
  /** Shared: how many shares have been taken. */
  readonly taken: Int32Array;
  /** Shared: members × episodes. */
  readonly scores: Float64Array;
  readonly episodes: number;
}

/** What a thread answers: nothing more to take, or why it refuses. An error that is thrown would lose its class on the way. */
export interface BatchAnswer {
  readonly diagnostics?: readonly Diagnostic[];
}

let present: { readonly run: number; readonly judge: MemberJudge } | undefined;

function judgeOf({ run, context }: Batch): MemberJudge {
  if (present?.run !== run) {
    present = { run, judge: new MemberJudge(deserialize(Buffer.from(context))) };
  }
  return present.judge;
}

function answer(batch: Batch): BatchAnswer {
  const { shares, taken, scores, episodes } = batch;
  try {
    const judge = judgeOf(batch);
    for (;;) {
      const share = shares[Atomics.add(taken, 0, 1)];
      if (!share) return {};
      const { from, to } = share.episodes;
      const given = judge.scores(share);
      for (let m = 0; m < share.members.length; m++) {
        const own = given.subarray(m * (to - from), (m + 1) * (to - from));
        scores.set(own, (share.row + m) * episodes + from);
      }
    }
  } catch (error) {
    if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics };
    throw error;
  }
}

parentPort?.on('message', (batch: Batch) => parentPort?.postMessage(answer(batch)));
