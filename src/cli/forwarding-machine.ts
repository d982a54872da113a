import type { Program } from '../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../compiler/target.js';
import type { Inputs, MachineShape, Outputs, Probe } from '../network/machine.js';

/** A machine that hands everything on to another; what differs from that is overridden. */
class ForwardingMachine implements ChipMachine {
  readonly shape: MachineShape;
  readonly program: Program;
  readonly counters: readonly string[];
  readonly nanosecondsPerCycle: number;

  constructor(readonly machine: ChipMachine) {
    this.shape = machine.shape;
    this.program = machine.program;
    this.counters = machine.counters;
    this.nanosecondsPerCycle = machine.nanosecondsPerCycle;
  }

  get learning(): boolean {
    return this.machine.learning;
  }

  set learning(learning: boolean) {
    this.machine.learning = learning;
  }

  reset(options: { readonly seed: number }): void {
    this.machine.reset(options);
  }

  step(inputs: Inputs): Outputs {
    return this.machine.step(inputs);
  }

  read(probe: Probe): Float64Array {
    return this.machine.read(probe);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    this.machine.write(probe, values);
  }

  coreCycles(): readonly number[] {
    return this.machine.coreCycles();
  }

  close(): void {
    this.machine.close();
  }
}

/** The machine behind those that hand everything on. */
export const innermost = (machine: ChipMachine): ChipMachine =>
  machine instanceof ForwardingMachine ? innermost(machine.machine) : machine;

/**
 * A machine whose first reset leaves everything as it is: the first episode goes on with what was learned before. Counters begin
 * anew all the same.
 */
export class KeptMachine extends ForwardingMachine {
  private isKept = true;
  /** What had been counted before. */
  private counted: ReadonlyMap<string, number> = new Map();
  private worked: readonly number[] = [];

  override reset(options: { readonly seed: number }): void {
    if (!this.isKept) super.reset(options);
    // The number of the step is state, not a count.
    const names = this.isKept ? this.counters.filter((name) => name !== 'step') : [];
    this.counted = new Map(
      names.map((name) => [name, super.read({ kind: 'counter', name })[0]!] as const),
    );
    this.worked = this.isKept ? super.coreCycles() : [];
    this.isKept = false;
  }

  override read(probe: Probe): Float64Array {
    const values = super.read(probe);
    if (probe.kind === 'counter') values[0]! -= this.counted.get(probe.name) ?? 0;
    return values;
  }

  override coreCycles(): readonly number[] {
    return super.coreCycles().map((cycles, core) => cycles - (this.worked[core] ?? 0));
  }
}

/** A machine that notes how long its steps take, in seconds. */
export class TimedMachine extends ForwardingMachine {
  readonly times: number[] = [];

  constructor(
    machine: ChipMachine,
    private readonly clock: () => number,
  ) {
    super(machine);
  }

  override step(inputs: Inputs): Outputs {
    const before = this.clock();
    const outputs = super.step(inputs);
    this.times.push(this.clock() - before);
    return outputs;
  }
}
