import type { Command } from 'commander';
import { targets } from '../../../targets/index.js';
import { abilityTable } from '../../report/support-matrix.js';
import { alignTable } from '../../report/text-table.js';
import type { RunCommand } from '../session.js';

/** `plastron targets`: every chip that can be compiled for, with what is assumed about it. */
export function registerTargets(program: Command, run: RunCommand): void {
  program
    .command('targets')
    .description('lists the chips that plastron compiles for, and what is assumed about them')
    .action(() =>
      run('targets', ({ style }) => ({
        json: {
          targets: targets.map(({ name, about, capabilities, assumptions }) => ({
            name,
            about,
            capabilities,
            assumptions,
          })),
        },
        text: [
          ...targets.map(({ name, about, assumptions }) =>
            [
              `${style.strong(name)}  ${about}`,
              `    ${style.faint(`${assumptions.length} assumptions: plastron explain ${name}`)}`,
            ].join('\n'),
          ),
          '',
          alignTable(abilityTable(targets)),
        ].join('\n'),
      })),
    );
}
