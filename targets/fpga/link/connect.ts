import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Program } from '../../../compiler/levels/program/program.js';
import type { Greeting } from '../../../runtime/link/greeting.js';
import type { SynchronousLink } from '../../../runtime/link/synchronous.js';
import type { Board } from '../boards/board.js';
import { boardNamed } from '../boards/index.js';
import { configurationOf } from '../encode/parameters.js';
import { CORE_VERSION } from '../memory-map.js';
import { type CoreIdentity, coreInWords, decodeIdentity, parametersHash } from './identity.js';
import { RemoteCore } from './remote-core.js';

/** A board at the other end of a link, greeted and found to be the one that a Program was made for. */
export interface ConnectedBoard {
  readonly board: string;
  readonly kilohertz: number;
  readonly core: RemoteCore;
  readonly greeting: Greeting;
}

/** The board that a Program was made for. Throws PL6042 where it was made for another chip. */
export function boardOf({ target }: Pick<Program, 'target'>, file: string): Board {
  const name = /^fpga:(.*)$/s.exec(target)?.[1];
  if (name !== undefined) return boardNamed(name);
  return fail(
    diagnostic('PL6042', `\`${file}\` was compiled for ${target}, of which there is no board`, {
      help: 'compile the model for one: plastron targets lists them',
    }),
  );
}

/** Greets whatever is at the other end, and says what it is. Throws LinkError; PL6005 where it is no core. */
export function identify(link: SynchronousLink): CoreIdentity & { readonly greeting: Greeting } {
  const greeting = link.greet();
  const identity = decodeIdentity(greeting.identity);
  if (identity) return { ...identity, greeting };
  return fail(diagnostic('PL6005', `${link.port} is a device of plastron, but not the FPGA core`));
}

/** Greets a board and holds it against a Program. Throws LinkError, and PL6020 with all that does not fit. */
export function connect(link: SynchronousLink, program: Program, file: string): ConnectedBoard {
  const found = identify(link);
  const wanted = boardOf(program, file);
  const configuration = configurationOf(program);
  if (found.board !== wanted.name) {
    fail(
      diagnostic(
        'PL6020',
        `\`${file}\` was compiled for ${wanted.name}, ${link.port} is ${found.board}`,
        {
          help: `plastron compile MODEL --target fpga:${found.board} -o ${file}`,
        },
      ),
    );
  }
  if (found.version !== CORE_VERSION) {
    const [theirs, ours] = [found.version, CORE_VERSION].map((v) => `0x${v.toString(16)}`);
    fail(
      diagnostic(
        'PL6020',
        `\`${file}\` is for cores of version ${ours}, that of ${link.port} has version ${theirs}`,
        { help: 'load a bitstream that this version of plastron made: plastron bitstream' },
      ),
    );
  }
  const parameters = parametersHash(configuration);
  if (found.parameters !== parameters) {
    const [theirs, ours] = [found.parameters, parameters].map(coreInWords);
    fail(
      diagnostic('PL6020', `\`${file}\` was compiled for ${ours}, ${link.port} has ${theirs}`, {
        notes: [`${ours}: ${program.parameters.map((p) => `${p.name}=${p.value}`).join(' ')}`],
        help: `load its bitstream: plastron bitstream --program ${file} -o core.bin`,
      }),
    );
  }
  const { greeting, board, kilohertz } = found;
  return { board, kilohertz, core: new RemoteCore(link, greeting, configuration), greeting };
}
