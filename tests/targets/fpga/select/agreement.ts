import type { FixedUpdate } from '../../../../compiler/levels/fixed/fixed.js';
import { type Format, maximumOf, minimumOf } from '../../../../compiler/levels/numbers/format.js';
import { nextScale } from '../../../../compiler/levels/numbers/scale.js';
import { evaluateFixed } from '../../../../runtime/fixed/evaluate.js';
import type { Dice } from '../../../compiler/dice.js';
import { type Compiled, printInstruction } from './compiled.js';
import { type CoreState, evaluateInstructions } from './evaluate.js';

/** Names of the level `fixed` with the formats of their integers. */
type Names = ReadonlyMap<string, Format>;

/** Runs a program and the trees that it stands for from random states; gives the first difference, or none. */
export function firstDifference(
  { fixed, kernel }: Compiled,
  owner: string,
  dice: Dice,
  runs: number,
): string | undefined {
  const program = kernel(owner)!;
  const population = fixed.populations.find((p) => p.name === owner);
  const updates =
    population?.updates ?? fixed.projections.find((p) => p.name === owner)!.rule!.updates;
  const names = population ? neuronNames({ fixed }, owner) : synapseNames({ fixed }, owner);
  for (let run = 0; run < runs; run++) {
    const start = randomState(names, dice);
    setScales({ fixed }, owner, start, dice);
    const draws = [dice.word(), dice.word()];
    const expected = evaluated(updates, start, draws);
    const values = new Map(start);
    const state: CoreState = {
      kind: program.kernel.kind,
      values,
      weightBits: fixed.projections.find((p) => p.name === owner)?.weights.format.width ?? 0,
      random: (operation) => draws[operation]!,
    };
    evaluateInstructions(program.dumps, program.instructions, state);
    for (const { target } of updates) {
      const [want, got] = [expected.get(target), values.get(target)];
      if (want !== got)
        return `run ${run}: ${target} is ${got}, not ${want}\n${program.instructions.map(printInstruction).join('\n')}`;
    }
  }
  return undefined;
}

function evaluated(
  updates: readonly FixedUpdate[],
  start: ReadonlyMap<string, number>,
  draws: readonly number[],
): Map<string, number> {
  const values = new Map(start);
  const environment = {
    read: (field: string) => values.get(field)!,
    random: (operation: number) => draws[operation]!,
    saturated: () => undefined,
  };
  for (const { target, value } of updates) values.set(target, evaluateFixed(value, environment));
  return values;
}

type Fixed = Pick<Compiled, 'fixed'>;

function neuronNames({ fixed }: Fixed, owner: string): Names {
  const { fields } = fixed.populations.find((p) => p.name === owner)!;
  return new Map(fields.map((f) => [f.name, f.format]));
}

function synapseNames({ fixed }: Fixed, owner: string): Names {
  const { weights, fields, rule, pre, post } = fixed.projections.find((p) => p.name === owner)!;
  const of = (side: string, population: string): [string, Format][] =>
    [...neuronNames({ fixed }, population)].map(([name, format]) => [`${side}.${name}`, format]);
  return new Map([
    ...of('pre', pre),
    ...of('post', post),
    ...[weights, ...fields, ...rule!.coefficients].map((f) => [f.name, f.format] as const),
    ...(fixed.modulator ? [['modulator', fixed.modulator.format] as const] : []),
  ]);
}

/** Integers of all sizes, and the ends of formats. */
function randomState(names: Names, dice: Dice): Map<string, number> {
  return new Map(
    [...names].map(([name, format]) => {
      const [low, high] = [minimumOf(format), maximumOf(format)];
      if (dice.chance(0.1)) return [name, dice.pick([low, high, 0])];
      const size = 2 ** dice.real(0, format.width);
      return [name, Math.max(low, Math.min(high, Math.floor(dice.real(-size, size))))];
    }),
  );
}

function setScales({ fixed }: Fixed, owner: string, state: Map<string, number>, dice: Dice): void {
  for (const { name, post, scale, weights } of fixed.projections) {
    if (!scale || (name !== owner && post !== owner)) continue;
    const largest = dice.whole(0, maximumOf(weights.format));
    const { mantissa, exponent } = nextScale(scale, largest, weights.format);
    const suffix = name === owner ? '' : `:${name}`;
    state.set(`scale.mantissa${suffix}`, mantissa);
    state.set(`scale.exponent${suffix}`, exponent);
  }
}
