import type { Projection } from '../../src/network/network.js';
import { fanIns } from '../../src/network/synapses.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import { unreachable } from '../diagnostics/diagnostic.js';
import type { Group } from '../levels/fixed/fixed.js';
import type { PlacedNetwork } from '../levels/placed.js';
import type { Pass, PassContext } from '../pass.js';

export const partition: Pass<PlacedNetwork, PlacedNetwork> = {
  name: 'partition',
  about: `Places neurons, with the synapses that end on them, on cores.
What: populations fill cores in order; a core is full when its neurons or its synapse memory are.
Why: learning is local to the postsynaptic neuron, so its synapses, traces and accumulators belong together.
Before: no core is named. After: hidden[0..31] on core 0, action[0..1] on core 0.`,
  needs: ['folded', 'legal', 'tagged'],
  keeps: ['folded', 'legal', 'tagged'],
  gives: ['placed'],
  run: (level, context) => ({ ...level, groups: placeNeurons(level, context) }),
};

function placeNeurons(level: PlacedNetwork, context: PassContext): Group[] {
  const { network } = level;
  const { limits } = context.capabilities;
  const groups: Group[] = [];
  let core = 0;
  let neurons = 0;
  let bits = 0;
  for (const { name, size, neuron } of network.populations) {
    if (!neuron) continue;
    const need = synapseBitsOf(level, name, size, context);
    let first = 0;
    for (let i = 0; i < size; i++) {
      if (need[i]! > limits.synapseBitsPerCore.value) {
        context.report(
          diagnostic(
            'PL3012',
            `the synapses on ${name}[${i}] need ${need[i]} bits; a core of ${context.target} has ${limits.synapseBitsPerCore.value}`,
            {
              help: 'make the presynaptic population smaller, or the projection sparse',
            },
          ),
        );
        return groups;
      }
      const full =
        neurons + 1 > limits.neuronsPerCore.value ||
        bits + need[i]! > limits.synapseBitsPerCore.value;
      if (full) {
        if (i > first) groups.push({ population: name, first, count: i - first, core });
        first = i;
        core++;
        neurons = bits = 0;
      }
      neurons++;
      bits += need[i]!;
    }
    groups.push({ population: name, first, count: size - first, core });
  }
  if (core >= limits.cores.value) {
    context.report(
      diagnostic(
        'PL3013',
        `the network needs ${core + 1} cores; ${context.target} has ${limits.cores.value}`,
        {
          help: 'make populations smaller, projections sparse, or weights and tags narrower',
        },
      ),
    );
  }
  return groups;
}

/** Bits of the synapses on each neuron: weight, tag, profile and postsynaptic index. */
function synapseBitsOf(
  { network, tags }: PlacedNetwork,
  population: string,
  size: number,
  context: PassContext,
): number[] {
  const need = new Array<number>(size).fill(0);
  for (const projection of network.projections) {
    if (projection.post !== population) continue;
    const each = synapseBits(projection, tags[projection.name] !== undefined, context);
    const pre = network.populations.find((p) => p.name === projection.pre)!.size;
    for (const [neuron, synapses] of fanIns(projection, pre, size).entries())
      need[neuron]! += synapses * each;
  }
  return need;
}

/** What one synapse takes in memory. */
function synapseBits(
  { rule, parameters }: Projection,
  tagged: boolean,
  { capabilities, options }: PassContext,
): number {
  const { learning, limits } = capabilities;
  const stated = rule !== undefined && rule.variables.length > 0;
  switch (learning.kind) {
    case 'sum-of-products': {
      const index = Math.ceil(Math.log2(Math.max(2, limits.neuronsPerCore.value)));
      const tag = stated || tagged ? learning.widths.tag : 0;
      return options.weightBits + tag + (rule ? index : 0) + index;
    }
    case 'multiply-add': {
      const own = Object.values(rule ? parameters : {}).filter((v) => typeof v !== 'number');
      const variable = stated ? learning.variableBits : 0;
      const { palette } = options;
      const vector =
        palette === undefined
          ? own.length * options.coefficientBits
          : Math.ceil(Math.log2(Math.max(2, palette)));
      return options.weightBits + variable + (own.length > 0 ? vector : 0);
    }
    default:
      return unreachable(learning);
  }
}
