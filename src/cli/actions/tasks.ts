import { TASKS, taskOf } from '../../tasks/registry.js';
import type { TaskFamily } from '../../tasks/task.js';
import type { Outcome, Session } from '../session.js';

/** Lists the tasks. */
export function tasksCommand({ style }: Session): Outcome {
  return {
    json: { tasks: TASKS.map(describe) },
    text: TASKS.map((family) => {
      const { steps, observationSize, actionSize } = taskOf(family.name);
      const sizes = `${observationSize} numbers in, ${actionSize} out, ${steps} steps an episode`;
      return [
        `${style.strong(family.name)}  ${family.about}`,
        `    ${style.faint(sizes)}`,
        ...variantLines(family).map((line) => `    ${line}`),
      ].join('\n');
    }).join('\n'),
  };
}

/** One line per choice: `:angles=2|4  how many angles (2 unless given)`. */
export function variantLines(family: TaskFamily): readonly string[] {
  return family.variants.map(
    (v) => `:${v.key}=${v.values.join('|')}  ${v.about} (${v.default} unless given)`,
  );
}

function describe(family: TaskFamily): Record<string, unknown> {
  const { steps, observationSize, actionSize } = taskOf(family.name);
  const { name, about, variants } = family;
  return { name, about, observationSize, actionSize, steps, variants };
}
