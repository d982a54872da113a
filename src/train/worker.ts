import Tinypool from 'tinypool';
import { type EvaluationContext, type EvaluationJob, MemberJudge } from './evaluation.js';

const context: EvaluationContext = Tinypool.workerData;
const judge = new MemberJudge(context);

/** Runs in a worker thread: the fitnesses of a job's members, in order. */
export function evaluateJob(job: EvaluationJob): number[] {
  return judge.judge(job);
}
