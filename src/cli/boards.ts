import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import type { Program } from '../../compiler/levels/program/program.js';
import { type ConnectedBoard, connect } from '../../targets/fpga/link/connect.js';
import { DEPLOY_SEED, deploy, holdsCode } from '../../targets/fpga/link/deploy.js';
import { imageOf } from '../../targets/fpga/link/image.js';
import { openPort } from '../../targets/fpga/link/ports.js';
import { RTL } from '../../targets/fpga/link/rtl-port.js';
import { loadProgram } from '../../targets/fpga/machine/loaded.js';
import { CoreMachine } from '../../targets/fpga/machine/machine.js';
import type { Session } from './session.js';

/** A Program file. */
interface ProgramFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A Program at work on a board. */
export interface BoardAtWork extends ConnectedBoard {
  readonly program: Program;
  readonly machine: CoreMachine;
}

/** What a board must be before it is worked with: the Program is put there, or it was before. */
type Before = 'deployed' | 'as it is';

/**
 * Opens a port, works with the Program on the board there, and closes the port again.
 *
 * @throws what `openPort`, `connect` and `deploy` throw; PL6022 where the board should hold the Program and does not.
 */
export async function onBoard<T>(
  port: string,
  { file, bytes }: ProgramFile,
  session: Session,
  work: (board: BoardAtWork) => T,
  before: Before = 'deployed',
): Promise<T> {
  const program = decodeProgram(bytes, file);
  const isLoaded = before === 'deployed';
  const opened = await openPort(port, program, file, { isLoaded });
  try {
    const connected = connect(opened.link, program, file);
    const { core } = connected;
    if (isLoaded) {
      session.progress('deploying');
      deploy(connected, program);
    } else if (!holdsCode(core, imageOf(loadProgram(program), DEPLOY_SEED))) {
      const help =
        port === RTL
          ? `a simulated circuit begins anew with every command: plastron serve ${file} --as rtl, and deploy to the port that it names`
          : `plastron deploy ${file} --port ${port}`;
      fail(diagnostic('PL6022', `${opened.link.port} does not hold \`${file}\``, { help }));
    }
    const nanosecondsPerCycle = 1e6 / connected.kilohertz;
    const machine = new CoreMachine('board', program, core, nanosecondsPerCycle, 'the Program');
    return work({ ...connected, program, machine });
  } finally {
    await opened.close();
  }
}
