import {
  drawPost,
  drawRowOf,
  drawSweep,
  type RowState,
} from '../../../compiler/levels/numbers/draw.js';
import { nextScale } from '../../../compiler/levels/numbers/scale.js';
import { COMMAND_STRIDE, type NeuronsCommand, type SweepCommand } from '../commands.js';
import {
  type CoreConfiguration,
  type CoreTiming,
  fetched,
  frameWords,
  timingOf,
} from '../configuration.js';
import type { PassControl } from '../instructions.js';
import { COMMAND, type CoreDevice, REGION } from '../memory-map.js';
import { CodeFault, CoreCode, type Pass } from './code.js';
import { CONTEXT, type DecodedInstruction, execute } from './datapath.js';
import { CoreMemory } from './memory.js';
import { CoreRegisters } from './registers.js';
import { rowsOf, type Walk } from './rows.js';
import { recordHigh, recordOf, type TracedWrite, WRITE } from './trace.js';

/** What is decoded before it runs. */
const DECODED: ReadonlySet<number> = new Set([REGION.code, REGION.passes, REGION.control]);

/**
 * The emulator of the core: the same words in its memories give the same words out, and every write happens in the cycle in which
 * the circuit's does (`trace`). Work is done item by item, in the order in which the circuit issues; cycles follow from the
 * configuration. What the encoder guarantees is taken for granted: no item reads what one before it has still to write.
 */
export class CoreModel implements CoreDevice {
  readonly timing: CoreTiming;
  /** Writes of the runs since it was set; undefined: nobody looks. */
  trace: TracedWrite[] | undefined;
  /** Cycles since tracing began. */
  traced = 0;
  /** Told of every instruction that a lane executes: of a neuron or a synapse, and whether its result was cut. */
  executed: ((unit: DecodedInstruction, isNeuron: boolean, isCut: boolean) => void) | undefined;
  private readonly memory: CoreMemory;
  private readonly code: CoreCode;
  private readonly registers = new CoreRegisters();
  /** Sixteen operands of each lane. */
  private readonly lanes: Int32Array;
  /** Temporaries of the items that go round, both of each lane. */
  private readonly temporaries: Int32Array;
  private readonly sums: Float64Array;
  private readonly bytes: Int32Array;
  private readonly inputs = { special: 0, exponent: 0, draw: 0, neuron: false, weightBits: 8 };
  private readonly row: RowState = { a: 0, b: 0 };
  private largest = 0;
  /** Cycle of the run at work in which the walk decides. */
  private now = 0;
  private lastBusy = 0;

  constructor(readonly configuration: CoreConfiguration) {
    const { lanes } = configuration;
    this.timing = timingOf(configuration);
    this.memory = new CoreMemory(configuration);
    this.code = new CoreCode(this.memory, configuration.units);
    this.lanes = new Int32Array(lanes * CONTEXT);
    this.temporaries = new Int32Array(this.timing.round * lanes * 2);
    this.sums = new Float64Array(lanes);
    this.bytes = new Int32Array(this.timing.round * 2 * lanes);
    this.inputs.weightBits = configuration.weightBits;
  }

  write(address: number, data: number): void {
    const region = address >>> 20;
    if (region === REGION.registers) this.registers.write(address & 15, data);
    else this.memory.write(address, data);
    if (DECODED.has(region)) this.code.forget();
  }

  read(address: number): number {
    const registers = address >>> 20 === REGION.registers;
    return registers ? this.registers.read(address & 15) : this.memory.read(address);
  }

  readAll(addresses: Uint32Array): Uint32Array {
    return addresses.map((address) => this.read(address));
  }

  runAndRead(command: number, addresses: Uint32Array): Uint32Array {
    this.run(command);
    return this.readAll(addresses);
  }

  close(): void {
    // Nothing is held.
  }

  /** Throws CodeFault where words mean nothing, or a command has more to do than there are words. */
  run(command: number): number {
    const flush = (command & 3) === COMMAND.flush;
    const mask = command >>> 16;
    const overlap = this.configuration.overlap === 1;
    let address = 0;
    let ready = 0;
    // When the walk before ended; nothing was at work before the first one.
    let free: number | undefined;
    let items = 0;
    this.lastBusy = 0;
    for (;;) {
      const next = this.code.command(address);
      address += COMMAND_STRIDE;
      const skip =
        flush &&
        (next.kind === 'neurons' || (next.kind === 'sweep' && !this.isPending(next.learnBit)));
      if (next.kind === 'end' || skip) {
        const taken = Math.max(ready, free ?? 0);
        if (next.kind === 'end') {
          this.lastBusy = Math.max(this.lastBusy, taken + 1);
          break;
        }
        ready = this.readyAfter(taken, address);
        continue;
      }
      const wait = free === undefined || !overlap ? 0 : free + next.wait;
      const taken = Math.max(ready, wait);
      this.now = taken + 1;
      this.checkSize(next);
      items += next.kind === 'sweep' ? this.sweep(next, flush) : this.neurons(next);
      free = overlap ? this.now : undefined;
      // What does not overlap fetches the next command when nothing is at work any more.
      ready = this.readyAfter(overlap ? taken : this.lastBusy, address);
    }
    const busy = this.lastBusy + 1;
    this.registers.cycles += busy;
    this.traced += busy;
    this.registers.stalls = (this.registers.stalls + busy - items) >>> 0;
    this.registers.pending = flush ? 0 : mask;
    if (!flush) {
      this.registers.learningStep = this.step;
      this.registers.modulatorLearned = this.registers.modulator;
    }
    return busy;
  }

  private checkSize(command: SweepCommand | NeuronsCommand): void {
    const { weightWords, fieldWords } = this.configuration;
    const isSweep = command.kind === 'sweep';
    const [words, most] = isSweep
      ? [command.rows * command.slots, weightWords]
      : [command.slots, fieldWords];
    if (words > most)
      throw new CodeFault(`a command for ${words} words, of which there are ${most}`);
  }

  /** The step to come, or at work. */
  private get step(): number {
    return (this.registers.learningStep + 1) >>> 0;
  }

  private isPending(bit: number): boolean {
    return ((this.registers.pending >> bit) & 1) === 1;
  }

  /** When the command at an address can be taken, where the one before was taken in cycle `taken`. */
  private readyAfter(taken: number, address: number): number {
    const next = this.code.command(address);
    return taken + fetched(next.kind === 'sweep' ? next.draws : 0);
  }

  // ------------------------------------------------------------------ neurons

  /** Walks the slots of a population once per pass; `now` ends at the cycle of the last one. Gives how many were issued. */
  private neurons(command: NeuronsCommand): number {
    const { slots, passes } = command;
    const start = this.now;
    const length = Math.max(slots, this.timing.neuronPass);
    for (let pass = 0; pass < passes; pass++) {
      const code = this.code.pass(command.code + pass);
      for (let slot = 0; slot < slots; slot++) {
        this.now = start + pass * length + slot;
        this.neuron(command, slot, code);
      }
    }
    this.lastBusy = Math.max(this.lastBusy, this.now + this.timing.end + 1);
    return slots * passes;
  }

  private neuron(command: NeuronsCommand, slot: number, { control, units }: Pass): void {
    const { lanes, frameBits } = this.configuration;
    const here = slot + 1 === command.slots ? command.lastLanes : lanes;
    const base = command.fields + slot * command.pages;
    const { memory, inputs } = this;
    inputs.neuron = true;
    for (let lane = 0; lane < here; lane++) {
      const at = lane * CONTEXT;
      this.lanes.fill(0, at, at + CONTEXT);
      this.lanes[at + 8] = 1;
      for (let bank = 0; bank < 4; bank++) {
        this.lanes[at + 4 + bank] = memory.field(lane, base + control.readPage, bank);
      }
    }
    for (const unit of units) this.unit(unit, here, -1, 0);
    const cycle = this.now + 1 + this.timing.end;
    const word = base + control.writePage;
    const inFrame = frameWords(this.configuration);
    const frame = this.step % 2 ** frameBits;
    const message = frame * inFrame + ((command.messages + slot) % inFrame);
    for (let lane = 0; lane < here; lane++) {
      const at = lane * CONTEXT + 4;
      for (let bank = 0; bank < 4; bank++) {
        if (((control.banks >> bank) & 1) === 0) continue;
        this.storeField(cycle, lane, word, bank, this.lanes[at + bank]!);
      }
      if (!control.send) continue;
      const { sends } = command;
      this.send(cycle, WRITE.payload, lane, message, this.lanes[at + sends.payload]!);
      this.send(cycle, WRITE.x0, lane, message, this.lanes[at + sends.x0]!);
      if (this.configuration.xBanks > 1) {
        this.send(cycle, WRITE.x1, lane, message, this.lanes[at + sends.x1]!);
      }
    }
  }

  private send(cycle: number, kind: number, lane: number, message: number, value: number): void {
    if (kind === WRITE.payload) this.memory.setPayload(lane, message, value);
    else this.memory.setX(lane, message, kind - WRITE.x0, value);
    this.note(cycle, kind, lane, 0, message, value);
  }

  // ------------------------------------------------------------------ sweeps

  /** Walks a projection: learns where that is pending, accumulates unless it only flushes. Gives how many items were issued. */
  private sweep(command: SweepCommand, flush: boolean): number {
    const learns = this.isPending(command.learnBit);
    const passes = learns ? command.passes : 1;
    const first = learns ? command.code : 0;
    const walk = rowsOf(command, learns, this.memory, this.configuration, this.step);
    const bases = Array.from({ length: learns ? command.draws : 0 }, (_, operation) =>
      drawSweep(
        { a: 0, b: 0 },
        this.registers.seed,
        command.projection,
        this.registers.learningStep,
        operation,
      ),
    );
    const codes = Array.from({ length: passes }, (_, pass) => this.code.pass(first + pass));
    // The words of the first rows are in the queue two cycles after the command.
    const begin = this.now + 2;
    const { round } = this.timing;
    let items = 0;
    let moment = 0;
    let gathered: Walk[] = [];
    this.largest = 0;
    const turn = (): void => {
      // What was gathered in a window of `round` cycles has its passes one after the other.
      for (const [pass, code] of codes.entries()) {
        for (const item of gathered) {
          this.now = begin + item.moment + pass * round;
          this.synapse(command, item, code, pass, passes, bases, flush);
          items++;
        }
      }
      gathered = [];
    };
    for (const item of walk) {
      if (passes === 1) {
        moment = item.moment;
        gathered.push(item);
        turn();
        continue;
      }
      // A window of the walk takes `round` cycles, and its passes as many each.
      const window = Math.floor(item.moment / round);
      if (window > moment) turn();
      moment = window;
      gathered.push({ ...item, moment: window * round * passes + (item.moment % round) });
    }
    turn();
    this.lastBusy = Math.max(this.lastBusy, this.now + this.timing.end + 4);
    if (learns && command.scale) this.rescale(command.scale);
    return items;
  }

  private synapse(
    command: SweepCommand,
    item: Walk,
    { control, units }: Pass,
    pass: number,
    passes: number,
    bases: readonly RowState[],
    flush: boolean,
  ): void {
    const { lanes } = this.configuration;
    const here = item.slot + 1 === command.slots ? command.lastLanes : lanes;
    const word = command.weights + item.slot * command.rows + item.row;
    const base = command.fields + item.slot * command.pages;
    const ring = item.moment % this.timing.round;
    if (!item.empty) {
      this.inputs.neuron = false;
      this.load(item, here, word, base + control.readPage, ring);
      // The circuit asks for a draw in each pass; a unit may take the second before its pass begins, as soon as it is there.
      if (pass === 0)
        for (const [op, base] of bases.entries()) this.draw(base, item, ring * 2 + op);
      for (const unit of units) this.unit(unit, here, word, ring);
      this.keep(here, ring);
      this.storeSynapse(control, here, word);
    }
    if (pass + 1 === passes && !flush) this.accumulate(command, item, here, base, word);
  }

  /** Fills the operands of every lane. */
  private load(item: Walk, here: number, word: number, page: number, ring: number): void {
    const { lanes, memory, temporaries } = this;
    for (let lane = 0; lane < here; lane++) {
      const at = lane * CONTEXT;
      const kept = (ring * this.configuration.lanes + lane) * 2;
      lanes[at] = 0;
      lanes[at + 2] = temporaries[kept]!;
      lanes[at + 3] = temporaries[kept + 1]!;
      for (let bank = 0; bank < 4; bank++) lanes[at + 4 + bank] = memory.field(lane, page, bank);
      memory.synapse(lane, word, lanes, at + 8);
      lanes[at + 14] = item.x0;
      lanes[at + 15] = item.x1;
    }
  }

  private keep(here: number, ring: number): void {
    for (let lane = 0; lane < here; lane++) {
      const kept = (ring * this.configuration.lanes + lane) * 2;
      this.temporaries[kept] = this.lanes[lane * CONTEXT + 2]!;
      this.temporaries[kept + 1] = this.lanes[lane * CONTEXT + 3]!;
    }
  }

  /** The bytes that a synapse of each lane draws for a rounding. */
  private draw(base: RowState, { row, slot }: Walk, at: number): void {
    const { lanes } = this.configuration;
    this.row.a = base.a;
    this.row.b = base.b;
    const state = drawRowOf(this.row, row);
    for (let lane = 0; lane < lanes; lane++) {
      const post = slot * lanes + lane;
      this.bytes[at * lanes + lane] = (drawPost(state, post >>> 2) >>> (8 * (post & 3))) & 255;
    }
  }

  /** One unit, lane by lane. `word`: of which synapse; −1 of a neuron. */
  private unit(unit: DecodedInstruction, here: number, word: number, ring: number): void {
    const { inputs, registers: counted, memory, configuration } = this;
    const scale = unit.special === 1 ? memory.scales[unit.immediate]! : 0;
    inputs.special =
      unit.special === 1
        ? scale & 0xffff
        : unit.special === 2
          ? this.registers.modulatorLearned
          : unit.immediate;
    inputs.exponent = scale >>> 16;
    const drawn = (ring * 2 + (unit.rounding & 1)) * configuration.lanes;
    for (let lane = 0; lane < here; lane++) {
      inputs.draw = unit.rounding >= 2 ? this.bytes[drawn + lane]! : 0;
      const { saturations } = counted;
      execute(unit, this.lanes, lane * CONTEXT, inputs, counted);
      if (this.executed) this.executed(unit, word < 0, counted.saturations !== saturations);
      if (word >= 0 && memory.isAbsent(lane, word)) counted.saturations = saturations;
    }
  }

  private storeSynapse(control: PassControl, here: number, word: number): void {
    const cycle = this.now + 1 + this.timing.end;
    for (let lane = 0; lane < here; lane++) {
      if (this.memory.isAbsent(lane, word)) continue;
      const at = lane * CONTEXT + 8;
      if (control.writeWeight) {
        const value = this.lanes[at]!;
        this.memory.setWeight(lane, word, value);
        this.largest = Math.max(this.largest, Math.abs(value));
        this.note(cycle, WRITE.weight, lane, 0, word, value);
      }
      if (control.writeVariable) {
        const value = this.lanes[at + 1]!;
        this.memory.setVariable(lane, word, value);
        this.note(cycle, WRITE.variable, lane, 0, word, value);
      }
    }
  }

  private accumulate(
    command: SweepCommand,
    item: Walk,
    here: number,
    base: number,
    word: number,
  ): void {
    const { accumulatorBits } = this.configuration;
    const { sum } = command;
    for (let lane = 0; lane < here; lane++) {
      const there = !item.empty && !this.memory.isAbsent(lane, word);
      const product = there ? this.lanes[lane * CONTEXT + 8]! * item.payload : 0;
      this.sums[lane] = wrapped(this.sums[lane]! + product, accumulatorBits);
    }
    if (!item.last) return;
    for (let lane = 0; lane < here; lane++) {
      const half = sum.shift === 0 ? 0 : 2 ** (sum.shift - 1);
      const exact = Math.floor((this.sums[lane]! + half) / 2 ** sum.shift);
      const value = Math.max(-32768, Math.min(32767, exact));
      if (value !== exact) this.registers.saturations++;
      this.storeField(this.now + 1 + this.timing.sum, lane, base + sum.page, sum.bank, value);
    }
    this.sums.fill(0);
  }

  private rescale({ kind, index, unit }: NonNullable<SweepCommand['scale']>): void {
    const width = this.configuration.weightBits;
    const format = { signed: true, width, fraction: width - 1 - unit };
    const { mantissa, exponent } = nextScale(kind, this.largest, format);
    const word = exponent * 2 ** 16 + mantissa;
    this.memory.scales[index] = word;
    const cycle = this.now + 1 + this.timing.scale;
    this.lastBusy = Math.max(this.lastBusy, cycle + 1);
    this.note(cycle, WRITE.scale, 0, 0, index, word);
  }

  private storeField(cycle: number, lane: number, word: number, bank: number, value: number): void {
    this.memory.setField(lane, word, bank, value);
    this.note(cycle, WRITE.field, lane, bank, word * 4 + bank, value);
  }

  private note(
    cycle: number,
    kind: number,
    lane: number,
    bank: number,
    address: number,
    value: number,
  ): void {
    if (!this.trace) return;
    this.trace.push({
      cycle: this.traced + cycle,
      record: recordOf(kind, lane, bank, this.configuration.lanes),
      high: recordHigh(kind, lane, address),
      low: value >>> 0,
    });
  }
}

/** Two's complement of so many bits. */
function wrapped(value: number, bits: number): number {
  const size = 2 ** bits;
  const residue = value - Math.floor(value / size) * size;
  return residue >= size / 2 ? residue - size : residue;
}
