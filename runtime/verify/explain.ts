import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import type { FixedNetwork } from '../../compiler/levels/fixed/fixed.js';
import type { Program, ProgramSource } from '../../compiler/levels/program/program.js';
import type { Probe } from '../../src/network/machine.js';
import type { Explain } from './lockstep.js';

/** What wrote a value: the update's equation, the kind of code that holds it, and the neuron that decides the core. */
interface Writer {
  readonly span: Span;
  readonly memory: ProgramSource['memory'];
  readonly population: string;
  readonly neuron: number;
}

/**
 * Explains values of a FixedNetwork: the equation of the last update that wrote each, and, given the Program that it
 * was compiled to, the core and the words of code that came from that equation.
 */
export function explainFixed(fixed: FixedNetwork, program?: Program): Explain {
  return (probe, index) => {
    const writer = writerOf(fixed, probe, index);
    if (!writer) return undefined;
    const { span } = writer;
    const instruction = program && codeOf(fixed, program, writer);
    return instruction === undefined ? { span } : { span, instruction };
  };
}

function writerOf(fixed: FixedNetwork, probe: Probe, index: number): Writer | undefined {
  switch (probe.kind) {
    case 'counter':
    case 'scale':
      return undefined;
    case 'current':
    case 'variable': {
      const population = fixed.populations.find((p) => p.name === probe.population);
      const field =
        probe.kind === 'variable'
          ? population?.fields.find((f) => f.symbol === probe.name)?.name
          : undefined;
      const update = population?.updates.filter((u) => u.target === field).at(-1);
      if (!population || !update) return undefined;
      return {
        span: update.origin,
        memory: 'neuron',
        population: population.name,
        neuron: index,
      };
    }
    case 'weight':
    case 'stored':
    case 'synapse': {
      const projection = fixed.projections.find((p) => p.name === probe.projection);
      const field =
        probe.kind === 'synapse'
          ? projection?.fields.find((f) => f.symbol === probe.name)?.name
          : projection?.weights.name;
      const update = projection?.rule?.updates.filter((u) => u.target === field).at(-1);
      if (!projection || !update) return undefined;
      return {
        span: update.origin,
        memory: 'learning',
        population: projection.post,
        neuron: projection.columns[index]!,
      };
    }
  }
}

/** `core 3, learning code, words 4 to 9`; undefined where no word names the equation. */
function codeOf(fixed: FixedNetwork, program: Program, writer: Writer): string | undefined {
  const { span, memory, population, neuron } = writer;
  const group = fixed.groups.find(
    (g) => g.population === population && neuron >= g.first && neuron < g.first + g.count,
  );
  const addresses = program.sources
    .filter((s) => s.core === group?.core && s.memory === memory)
    .filter((s) => s.file === span.file && s.line === span.line && s.column === span.column)
    .map((s) => s.address);
  if (addresses.length === 0) return undefined;
  const first = Math.min(...addresses);
  const last = Math.max(...addresses);
  const words = first === last ? `word ${first}` : `words ${first} to ${last}`;
  return `core ${group!.core}, ${memory} code, ${words}`;
}
