import { roundingDraw } from '../../compiler/levels/numbers/draw.js';
import { overflowTo } from '../../compiler/levels/numbers/rounding.js';
import type { IntegerArray } from '../probes.js';
import type { LoadedCode, NeuronPort, SynapsePort } from './architecture.js';
import type { CoreKernels, GroupActivity } from './core.js';
import type { BlockState, ChipMemory, ChipState, CoreState, GroupState } from './state.js';

/** Memories of the interpreter: they hold every exact integer. */
export const INTERPRETER_MEMORY: ChipMemory = {
  allocate: (length) => new Float64Array(length),
  traceRange: () => [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** Runs the code of a core word by word, one neuron and one synapse at a time: the truth that generated code must equal. */
export class Interpreter implements CoreKernels, NeuronPort, SynapsePort {
  readonly tables;
  weight = 0;
  tag = 0;
  weightWidth = 0;
  tagWidth = 0;
  /** The neuron or synapse at work. */
  private group!: GroupState;
  private block!: BlockState;
  private neuron = 0;
  private pre = 0;
  private post = 0;
  private profile = 0;
  private active = false;
  private traceMessages = 0;

  constructor(
    private readonly state: CoreState,
    private readonly code: LoadedCode,
    private readonly chip: ChipState,
    readonly saturated: () => void,
  ) {
    this.tables = state.core.tables;
  }

  accumulate(state: BlockState, payload: IntegerArray, into: IntegerArray): number {
    const { block, weights } = state;
    const { first, fields } = this.state.core.groups[block.group]!;
    const { format } = fields[block.accumulator]!;
    let operations = 0;
    for (let pre = 0; pre < payload.length; pre++) {
      const value = payload[pre]!;
      if (value === 0) continue;
      const end = block.rowStart[pre + 1]!;
      for (let k = block.rowStart[pre]!; k < end; k++) {
        const post = block.columns[k]! - first;
        const sum = into[post]! + weights[k]! * value;
        into[post] = overflowTo(sum, format, 'wrap');
        if (into[post] !== sum) this.saturated();
      }
      operations += end - block.rowStart[pre]!;
    }
    return operations;
  }

  neurons(state: GroupState, activity: GroupActivity): void {
    this.group = state;
    const { group } = state;
    activity.active = 0;
    this.traceMessages = 0;
    for (this.neuron = 0; this.neuron < group.count; this.neuron++) {
      this.active = false;
      this.code.neuron(group.entry, this);
      if (this.active) activity.active++;
    }
    activity.traces = this.traceMessages;
  }

  learn(state: BlockState): void {
    this.block = state;
    const { block, weights, tags } = state;
    const { first } = this.state.core.groups[block.group]!;
    this.weightWidth = block.weightFormat.width;
    this.tagWidth = block.tagFormat?.width ?? 0;
    for (this.pre = 0; this.pre + 1 < block.rowStart.length; this.pre++) {
      for (let k = block.rowStart[this.pre]!; k < block.rowStart[this.pre + 1]!; k++) {
        this.post = block.columns[k]! - first;
        this.profile = block.profiles[k]!;
        this.weight = weights[k]!;
        this.tag = tags[k] ?? 0;
        this.code.synapse(block.entry, this);
        weights[k] = this.weight;
        if (tags.length > 0) tags[k] = this.tag;
      }
    }
  }

  // What a neuron program sees.
  load(field: number): number {
    return this.group.fields[field]![this.neuron]!;
  }
  store(field: number, value: number): void {
    this.group.fields[field]![this.neuron] = value;
  }
  sendCurrent(payload: number): void {
    const { population, first } = this.group.group;
    this.chip.mailboxes[population]!.payload[first + this.neuron] = payload;
    this.active = payload !== 0;
  }
  sendTrace(slot: number, value: number): void {
    const { population, first } = this.group.group;
    this.chip.mailboxes[population]!.traces[slot]![first + this.neuron] = value;
    this.traceMessages++;
  }
  writeTrace(slot: number, value: number): void {
    this.group.traces[slot]![this.neuron] = value;
  }

  // What a learning program sees.
  x(slot: number): number {
    return this.chip.mailboxes[this.block.block.pre]!.traces[slot]![this.pre]!;
  }
  y(slot: number): number {
    const { traces } = this.state.groups[this.block.block.group]!;
    // ASSUMPTION: a rule with a third factor reads it from the last y register, which the neuron then leaves alone.
    const register = slot < traces.length ? traces[slot] : undefined;
    return register ? register[this.post]! : this.chip.modulator;
  }
  mantissa(word: number): number {
    return this.coefficient(2 * word);
  }
  exponent(word: number): number {
    return this.coefficient(2 * word + 1);
  }
  random(operation: number, bits: number): number {
    const { block } = this.block;
    const { first } = this.state.core.groups[block.group]!;
    const { index } = this.chip.program.projections[block.projection]!;
    const { seed, step } = this.chip;
    return roundingDraw(seed, index, this.pre, first + this.post, step, operation, bits);
  }

  private coefficient(index: number): number {
    const { coefficients, wordsPerProfile } = this.block.block;
    return coefficients[this.profile * wordsPerProfile + index]!;
  }
}
