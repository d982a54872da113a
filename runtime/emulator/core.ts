import { draw } from '../../compiler/levels/numbers/draw.js';
import { overflowTo } from '../../compiler/levels/numbers/rounding.js';
import type {
  Program,
  ProgramBlock,
  ProgramCore,
  ProgramGroup,
} from '../../compiler/levels/program/program.js';
import type { Accounting } from './accounting.js';
import type { LoadedCode, NeuronPort, SynapsePort } from './architecture.js';

/** Messages of one population as the cores receive them. */
export interface Mailbox {
  /** Payloads of this step, one per neuron. */
  readonly payload: Float64Array;
  /** Payloads of earlier steps: slot (step mod length) arrives now. Empty when nothing is delayed. */
  readonly delayed: Map<number, Float64Array[]>;
  /** x registers: one array per slot. */
  readonly traces: readonly Float64Array[];
}

interface GroupState {
  readonly group: ProgramGroup;
  readonly fields: readonly Float64Array[];
  /** y registers: one array per slot. */
  readonly traces: readonly Float64Array[];
}

interface BlockState {
  readonly block: ProgramBlock;
  readonly weights: Float64Array;
  readonly tags: Float64Array;
  /** Currents under way of a `send` projection: slot (step mod length) arrives now. */
  readonly ring: readonly Float64Array[];
}

/** What the cores of one chip share. */
export interface ChipState {
  readonly program: Program;
  readonly mailboxes: readonly Mailbox[];
  seed: number;
  step: number;
  modulator: number;
}

/** One core: memories as typed arrays, code decoded once; a step allocates nothing. */
export class Core implements NeuronPort, SynapsePort {
  readonly groups: readonly GroupState[];
  readonly blocks: readonly BlockState[];
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
  /** Trace messages of the group that is at work: one per x register of each neuron. */
  private traceMessages = 0;

  constructor(
    private readonly core: ProgramCore,
    private readonly code: LoadedCode,
    private readonly chip: ChipState,
    private readonly accounting: Accounting,
  ) {
    this.tables = core.tables;
    this.groups = core.groups.map((group) => ({
      group,
      fields: group.fields.map(() => new Float64Array(group.count)),
      traces: Array.from({ length: group.traces }, () => new Float64Array(group.count)),
    }));
    this.blocks = core.blocks.map((block) => ({
      block,
      weights: new Float64Array(block.weights.length),
      tags: new Float64Array(block.tags.length),
      ring: Array.from(
        { length: block.send && block.delay > 0 ? block.delay + 1 : 0 },
        () => new Float64Array(core.groups[block.group]!.count),
      ),
    }));
  }

  reset(): void {
    for (const { group, fields, traces } of this.groups) {
      for (const [i, field] of group.fields.entries()) fill(fields[i]!, field.initial);
      for (const trace of traces) trace.fill(0);
    }
    for (const { block, weights, tags, ring } of this.blocks) {
      weights.set(block.weights);
      tags.set(block.tags);
      for (const slot of ring) slot.fill(0);
    }
  }

  /** Delivers what arrives at the groups of a phase, then runs their neurons. */
  runPhase(phase: number): void {
    for (const [index, state] of this.groups.entries()) {
      if (state.group.phase !== phase) continue;
      for (const block of this.blocks) if (block.block.group === index) this.deliver(block);
      this.runGroup(state);
    }
  }

  /** Puts this step's currents of `send` projections under way, with the weights as they are now. */
  sendCurrents(): void {
    for (const state of this.blocks) {
      const { block, ring } = state;
      if (ring.length === 0) continue;
      const slot = ring[(this.chip.step + block.delay) % ring.length]!;
      this.accumulate(state, this.chip.mailboxes[block.pre]!.payload, slot);
    }
  }

  learn(): void {
    for (const state of this.blocks) {
      const { block } = state;
      if (block.entry < 0 || (this.chip.step + 1) % block.every !== 0) continue;
      this.learnBlock(state);
      const products = this.code.products(block.entry);
      this.accounting.learned(this.core.index, block.columns.length, products);
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
    const traces = this.groups[this.block.block.group]!.traces;
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
  random(operation: number): number {
    const { block } = this.block;
    const { first } = this.core.groups[block.group]!;
    const { index } = this.chip.program.projections[block.projection]!;
    return draw(this.chip.seed, index, this.pre, first + this.post, this.chip.step, operation);
  }
  saturated(): void {
    this.accounting.saturations++;
  }

  private coefficient(index: number): number {
    const { coefficients, wordsPerProfile } = this.block.block;
    return coefficients[this.profile * wordsPerProfile + index]!;
  }

  private deliver(state: BlockState): void {
    const { block, ring } = state;
    const into = this.groups[block.group]!.fields[block.accumulator]!;
    if (ring.length > 0) {
      const slot = ring[this.chip.step % ring.length]!;
      into.set(slot);
      slot.fill(0);
      return;
    }
    this.accumulate(state, this.arriving(block), into);
  }

  private arriving(block: ProgramBlock): Float64Array {
    const mailbox = this.chip.mailboxes[block.pre]!;
    if (block.delay === 0) return mailbox.payload;
    const line = mailbox.delayed.get(block.delay)!;
    return line[this.chip.step % line.length]!;
  }

  private accumulate(state: BlockState, payload: Float64Array, into: Float64Array): void {
    const { block, weights } = state;
    const { first, fields } = this.core.groups[block.group]!;
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
        if (into[post] !== sum) this.accounting.saturations++;
      }
      operations += end - block.rowStart[pre]!;
    }
    this.accounting.delivered(this.core.index, operations);
  }

  private runGroup(state: GroupState): void {
    this.group = state;
    const { group } = state;
    let active = 0;
    this.traceMessages = 0;
    for (this.neuron = 0; this.neuron < group.count; this.neuron++) {
      this.active = false;
      this.code.neuron(group.entry, this);
      if (this.active) active++;
    }
    for (const [i, field] of group.fields.entries()) if (field.clear) state.fields[i]!.fill(0);
    this.accounting.updated(this.core.index, group, active, this.traceMessages);
  }

  private learnBlock(state: BlockState): void {
    this.block = state;
    const { block, weights, tags } = state;
    const { first } = this.core.groups[block.group]!;
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
}

function fill(target: Float64Array, initial: readonly number[]): void {
  if (initial.length === 1) target.fill(initial[0]!);
  else target.set(initial);
}
