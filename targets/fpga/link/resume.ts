import { DiagnosticsError } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import { LinkError, type LinkFailure } from '../../../runtime/link/failure.js';
import { type ConnectedBoard, connect } from './connect.js';
import { type Deployment, type DeployProgress, deploy } from './deploy.js';
import type { OpenPort } from './served-board.js';

/** A deployment and what it took. */
export interface Deployed extends Deployment {
  readonly port: string;
  readonly board: string;
  /** Bytes that were sent. */
  readonly bytes: number;
  /** How often the board was lost and came back. */
  readonly resumed: number;
}

export interface ResumeTools {
  /** Opens the port, each time anew. */
  readonly open: () => Promise<OpenPort>;
  readonly progress?: DeployProgress;
  /** Hears that the board is gone and waited for, and so many seconds longer. */
  readonly lost?: (failure: LinkFailure, seconds: number) => void;
  /** Waits for so many seconds. */
  readonly sleep: (seconds: number) => Promise<void>;
  /** Seconds in which a board that is gone must come back. */
  readonly patience: number;
}

/** Seconds between two looks at a port. */
const PAUSE = 0.5;

/** Failures after which a board may come back with what it holds. */
const PASSING: ReadonlySet<LinkFailure['kind']> = new Set(['closed', 'silent', 'restarted']);

/**
 * Deploys a Program, and goes on where it was when the board is lost and comes back in time.
 *
 * @throws what `deploy` and `connect` throw; the last failure of a board that stays away; what `open` throws that time does not mend.
 */
export async function deployPersistently(
  program: Program,
  file: string,
  tools: ResumeTools,
): Promise<Deployed> {
  let bytes = 0;
  let lost: LinkError | undefined;
  for (let resumed = 0; ; resumed++) {
    const port = lost ? await reopened(lost, tools) : await tools.open();
    let connected: ConnectedBoard | undefined;
    try {
      connected = connect(port.link, program, file);
      const done = deploy(connected, program, tools.progress);
      const { link } = port;
      return {
        ...done,
        port: link.port,
        board: connected.board,
        bytes: bytes + link.sent,
        resumed,
      };
    } catch (error) {
      if (!(error instanceof LinkError) || !PASSING.has(error.failure.kind)) throw error;
      // A board that never answered is not waited for.
      const isKnown = connected !== undefined || lost !== undefined;
      if (!isKnown || resumed === MOST_RESUMED) throw error;
      bytes += port.link.sent;
      lost = error;
    } finally {
      await port.close();
    }
  }
}

/** A line that breaks so often is not going to hold. */
const MOST_RESUMED = 8;

/** What is said of a port that is not there yet: gone, not named yet, still held, without its rights yet. */
const NOT_YET: ReadonlySet<string> = new Set(['PL6002', 'PL6010', 'PL6011', 'PL6012', 'PL6013']);

const isNotYet = (error: unknown): boolean =>
  error instanceof DiagnosticsError && error.diagnostics.every(({ code }) => NOT_YET.has(code));

/** Opens the port again, as soon as it is there. What opening takes is waiting, too. */
async function reopened(error: LinkError, tools: ResumeTools): Promise<OpenPort> {
  for (let left = tools.patience; left > 0; ) {
    tools.lost?.(error.failure, left);
    await tools.sleep(PAUSE);
    const since = performance.now();
    try {
      return await tools.open();
    } catch (problem) {
      if (!isNotYet(problem)) throw problem;
    }
    left -= PAUSE + (performance.now() - since) / 1000;
  }
  throw error;
}
