import type { Instruction, Operand } from '../select/instruction.js';

/** What is known of a value while all that the presynaptic neuron sent is 0: it is 0, or the weight with zeros behind it. */
type Known = 'zero' | { readonly weightBefore: number } | undefined;

/**
 * Whether a rule leaves weight and variable as they are, bit for bit, where everything that it reads of the presynaptic neuron is 0.
 * Such rows need no learning. Said only where the instructions show it.
 */
export function isQuiet(instructions: readonly Instruction[], weightBits: number): boolean {
  if (!instructions.some((i) => operandsOf(i).some((o) => o.kind === 'pre'))) return false;
  const temporaries = new Map<number, Known>();
  const known = (o: Operand): Known => {
    if (o.kind === 'zero' || o.kind === 'pre') return 'zero';
    if (o.kind === 'weight') return { weightBefore: 0 };
    return o.kind === 'temporary' ? temporaries.get(o.index) : undefined;
  };
  for (const instruction of instructions) {
    const value = result(instruction, known, weightBits);
    switch (instruction.d.kind) {
      case 'temporary':
        temporaries.set(instruction.d.index, value);
        break;
      case 'weight':
        return typeof value === 'object' && value.weightBefore === 0;
      default:
        // A variable that is written changes, for all that is known.
        return false;
    }
  }
  return false;
}

function result(i: Instruction, known: (o: Operand) => Known, weightBits: number): Known {
  if (i.op !== 'mac') return undefined;
  const [a, b, c, e] = operandsOf(i).map(known);
  const product = c === 'zero' || (a === 'zero' && b === 'zero') ? 'zero' : undefined;
  // (weight · 2^n) · 1, the other way to hand on a weight.
  const isUnit = i.c.kind === 'immediate' && i.c.value === 1;
  const handed = isUnit && b === 'zero' && typeof a === 'object' && e === 'zero' ? a : undefined;
  const [sum, brought] = handed ? [handed, 0] : [product === 'zero' ? e : undefined, i.p];
  if (sum === undefined || sum === 'zero') return sum;
  const behind = sum.weightBefore + brought - i.s;
  // No bit falls, and none at the top: then rounding and saturation change nothing.
  const isWhole = behind >= 0 && weightBits + behind <= 16;
  return isWhole ? { weightBefore: behind } : undefined;
}

const operandsOf = ({ a, b, c, e }: Instruction): readonly Operand[] => [a, b, c, e];
