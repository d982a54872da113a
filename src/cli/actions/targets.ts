import { targets } from '../../../targets/index.js';
import { abilityTable } from '../../report/support-matrix.js';
import { alignTable } from '../../report/text-table.js';
import type { Outcome, Session } from '../session.js';

/** Lists the targets, and what each can do. */
export function targetsCommand({ style }: Session): Outcome {
  return {
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
  };
}
