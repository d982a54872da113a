import { decodeOutputs, encodeInputs } from '../../../compiler/levels/numbers/codec.js';
import { toReal } from '../../../compiler/levels/numbers/format.js';
import { toInteger } from '../../../compiler/levels/numbers/rounding.js';
import { type Scale, scaleReal, unitScale } from '../../../compiler/levels/numbers/scale.js';
import type {
  Program,
  ProgramPort,
  ProgramSymbol,
} from '../../../compiler/levels/program/program.js';
import type { ChipMachine } from '../../../compiler/target.js';
import { integersToWrite, symbolProbe } from '../../../runtime/probes.js';
import { checkScale } from '../../../runtime/scales.js';
import type { Inputs, MachineShape, Outputs, Probe } from '../../../src/network/machine.js';
import { checkInputs } from '../../../src/network/ports.js';
import { findProbe } from '../../../src/network/probes.js';
import { frameWords } from '../configuration.js';
import { addressesOf, addressIn, COMMAND, type CoreDevice, REGISTER } from '../memory-map.js';
import {
  fieldAddress,
  forEachSynapse,
  loadCode,
  loadState,
  scaleOfWord,
  scaleWord,
  synapsePlace,
} from './image.js';
import { type LoadedBlock, type LoadedProgram, loadProgram } from './loaded.js';

/** State of the core under the probe that names it: where its words are. */
interface Store {
  readonly probe: Probe;
  readonly format: ProgramSymbol['format'];
  readonly writable: boolean;
  readonly length: number;
  readonly addresses: Uint32Array;
  /** The block that it belongs to. */
  readonly block: LoadedBlock | undefined;
}

/** A port of inputs: what it sent last, and where that goes in each frame. */
interface InputPort {
  readonly port: ProgramPort;
  readonly name: string;
  readonly integers: Float64Array;
  readonly messages: number | undefined;
  /** Words for learning that go with each message. */
  readonly traces: number;
}

interface OutputPort {
  readonly port: ProgramPort;
  readonly addresses: Uint32Array;
  readonly integers: Float64Array;
  readonly out: Float64Array;
}

/** Registers that count; `parity` is 1 once a weight was read that is not what was written, on cores that look. */
const COUNTERS = ['step', 'cycles', 'stalls', 'saturations'];
const COUNTERS_WITH_PARITY = [...COUNTERS, 'parity'];

/**
 * A Program on a core: its emulator, the circuit in simulation, or a board. The host gives inputs and reads outputs as the Program
 * says; everything between is the core's. Learning of a step is done in the next, or before any synapse is read or anything written.
 */
export class CoreMachine implements ChipMachine {
  readonly shape: MachineShape;
  readonly counters: readonly string[];
  learning = true;
  private readonly loaded: LoadedProgram;
  private readonly stores: readonly Store[];
  private readonly inputs: readonly InputPort[];
  private readonly outputs: readonly OutputPort[];
  private readonly out: Record<string, Float64Array> = {};
  /** Of the words of all outputs, port by port. */
  private readonly outputAddresses: Uint32Array;
  private steps = 0;
  /** Whether the core has still to learn what the last step left. */
  private isPending = false;
  /** Inputs that their formats do not hold. */
  private clipped = 0;

  constructor(
    machine: string,
    readonly program: Program,
    readonly device: CoreDevice,
    readonly nanosecondsPerCycle: number,
    holds: 'nothing' | 'the Program' = 'nothing',
  ) {
    this.loaded = loadProgram(program);
    this.counters = this.loaded.configuration.parity === 1 ? COUNTERS_WITH_PARITY : COUNTERS;
    if (holds === 'nothing') loadCode(this.loaded, device);
    this.stores = program.symbols.map((symbol) => this.storeOf(symbol));
    this.inputs = program.inputs.map((port) => this.inputOf(port));
    this.outputs = program.outputs.map((port) => this.outputOf(port));
    for (const { port, out } of this.outputs) this.out[this.nameOf(port)] = out;
    this.outputAddresses = Uint32Array.from(
      this.outputs.flatMap(({ addresses }) => [...addresses]),
    );
    const shapeOf = (port: ProgramPort): { name: string; size: number } => {
      const { name, size } = program.populations[port.population]!;
      return { name, size };
    };
    this.shape = {
      machine,
      inputs: program.inputs.map(shapeOf),
      outputs: program.outputs.map(shapeOf),
      probes: this.stores.map(({ probe, length, format, writable }) => ({
        probe,
        length,
        format,
        writable,
      })),
    };
    if (holds === 'nothing') this.reset({ seed: 0 });
    else this.resume();
  }

  /** Goes on from what the core holds. */
  resume(): void {
    const [learned, pending] = this.device.readAll(
      Uint32Array.of(
        addressIn('registers', REGISTER.learningStep),
        addressIn('registers', REGISTER.pending),
      ),
    );
    this.steps = (learned! + 1) >>> 0;
    this.isPending = pending !== 0;
    this.clipped = 0;
  }

  reset({ seed }: { readonly seed: number }): void {
    loadState(this.loaded, this.device, seed);
    for (const { integers } of this.inputs) integers.fill(0);
    for (const { out } of this.outputs) out.fill(0);
    this.steps = 0;
    this.isPending = false;
    this.clipped = 0;
  }

  step(inputs: Inputs): Outputs {
    this.encode(inputs);
    const mask = this.learning ? this.maskOf(this.steps + 1) : 0;
    const words = this.device.runAndRead(COMMAND.step + mask * 2 ** 16, this.outputAddresses);
    this.isPending = mask !== 0;
    this.steps++;
    let at = 0;
    for (const { port, integers, out } of this.outputs) {
      for (let i = 0; i < integers.length; i++) integers[i] = words[at++]! | 0;
      decodeOutputs(port, integers, out);
    }
    return this.out;
  }

  read(probe: Probe): Float64Array {
    if (probe.kind === 'counter') return Float64Array.of(this.counter(probe));
    const store = findProbe(this.stores, probe);
    const { addresses, format, block, length } = store;
    if (block) this.flush();
    const integers = new Float64Array(length);
    if (probe.kind === 'scale') {
      const { mantissa, exponent } = this.scaleOf(block!);
      return Float64Array.of(mantissa, exponent);
    }
    if (addresses.length === 0) integers.set(this.inputNamed(probe).integers);
    else this.readInto(addresses, integers);
    const r =
      probe.kind === 'weight' && block!.sweep.scale
        ? scaleReal(this.scaleOf(block!), block!.block.weightFormat)
        : 1;
    return integers.map((integer) => r * toReal(integer, format));
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const store = findProbe(this.stores, probe);
    const { addresses, block } = store;
    const integers = integersToWrite({ ...store, values: store }, values);
    this.flush();
    if (probe.kind === 'scale') {
      const [mantissa, exponent] = integers;
      const scale = { mantissa: mantissa!, exponent: exponent! };
      checkScale(probe, scale, block!.block.weightFormat);
      this.device.write(addresses[0]!, scaleWord(scale));
      return;
    }
    for (const [i, address] of addresses.entries()) this.device.write(address, integers[i]!);
    const scale = block?.sweep.scale;
    if (probe.kind === 'weight' && scale) {
      this.device.write(
        addressIn('scales', scale.index),
        scaleWord(unitScale(block.block.weightFormat)),
      );
    }
  }

  coreCycles(): readonly number[] {
    return [this.counter({ kind: 'counter', name: 'cycles' })];
  }

  /** Gives the core back; it runs no more steps. */
  close(): void {
    this.device.close();
  }

  /** Lets the core learn what is pending. */
  flush(): void {
    if (!this.isPending) return;
    this.device.run(COMMAND.flush);
    this.isPending = false;
  }

  /** The projections that learn in a step, counted from 1. */
  private maskOf(step: number): number {
    let mask = 0;
    for (const { block, sweep } of this.loaded.blocks) {
      if (block.entry >= 0 && step % block.every === 0) mask |= 1 << sweep.learnBit;
    }
    return mask;
  }

  private encode(inputs: Inputs): void {
    checkInputs(inputs, this.shape.inputs);
    const { device, loaded } = this;
    const { lanes, frameBits } = loaded.configuration;
    const at = addressesOf(loaded.configuration);
    const frame = (this.steps % 2 ** frameBits) * frameWords(loaded.configuration);
    for (const { port, name, integers, messages, traces } of this.inputs) {
      encodeInputs(port, inputs.values[name]!, integers, this.saturated);
      if (messages === undefined) continue;
      const first = frame + messages;
      // Memory by memory: addresses that follow each other go to a board as one access.
      for (let i = 0; i < integers.length; i++) {
        device.write(at.payload(i % lanes, first + Math.floor(i / lanes)), integers[i]!);
      }
      for (let i = 0; i < integers.length; i++) {
        for (let bank = 0; bank < traces; bank++) {
          device.write(at.x(i % lanes, first + Math.floor(i / lanes), bank), integers[i]!);
        }
      }
    }
    const { modulator } = this.program;
    if (modulator) {
      const integer = toInteger(inputs.modulator, modulator.format) + modulator.offset;
      device.write(addressIn('registers', REGISTER.modulator), integer);
    }
  }

  private readonly saturated = (): void => {
    this.clipped++;
  };

  private counter(probe: Probe & { readonly kind: 'counter' }): number {
    const probes = this.counters.map((name) => ({
      name,
      probe: { kind: 'counter', name } as const,
    }));
    const { name } = findProbe(probes, probe);
    if (name === 'step') return this.steps;
    const register = (index: number): number =>
      this.device.read(addressIn('registers', index)) >>> 0;
    if (name === 'cycles') {
      return register(REGISTER.cycles) + register(REGISTER.cyclesHigh) * 2 ** 32;
    }
    if (name === 'parity') return register(REGISTER.status) & 1;
    if (name === 'stalls') return register(REGISTER.stalls);
    return register(REGISTER.saturations) + this.clipped;
  }

  private scaleOf({ sweep }: LoadedBlock): Scale {
    return scaleOfWord(this.device.read(addressIn('scales', sweep.scale!.index)) >>> 0);
  }

  private readInto(addresses: Uint32Array, integers: Float64Array): void {
    const words = this.device.readAll(addresses);
    for (let i = 0; i < words.length; i++) integers[i] = words[i]! | 0;
  }

  private inputNamed(probe: Probe): InputPort {
    return this.inputs.find(({ name }) => 'population' in probe && name === probe.population)!;
  }

  private nameOf({ population }: ProgramPort): string {
    return this.program.populations[population]!.name;
  }

  private inputOf(port: ProgramPort): InputPort {
    const { size, traces } = this.program.populations[port.population]!;
    const listening = this.loaded.blocks.find(({ block }) => block.pre === port.population);
    return {
      port,
      name: this.nameOf(port),
      integers: new Float64Array(size),
      messages: listening?.sweep.messages,
      traces: traces.length,
    };
  }

  private outputOf(port: ProgramPort): OutputPort {
    const addresses = this.fieldAddresses(port.population, port.field);
    const integers = new Float64Array(addresses.length);
    return { port, addresses, integers, out: new Float64Array(addresses.length) };
  }

  private fieldAddresses(population: number, field: number): Uint32Array {
    const { configuration, groups } = this.loaded;
    const { group, neurons } = groups.find(({ group }) => group.population === population)!;
    return Uint32Array.from({ length: group.count }, (_, i) =>
      fieldAddress(neurons, configuration, i, field),
    );
  }

  private storeOf(symbol: ProgramSymbol): Store {
    const { kind, owner, format, memory, field } = symbol;
    const shared = { probe: symbolProbe(symbol), format, writable: memory !== 'payload' };
    const { populations, projections } = this.program;
    if (kind === 'variable') {
      const population = populations.findIndex((p) => p.name === owner);
      const { size } = populations[population]!;
      const addresses =
        memory === 'payload' ? new Uint32Array(0) : this.fieldAddresses(population, field);
      return { ...shared, addresses, length: size, block: undefined };
    }
    const projection = projections.find((p) => p.name === owner)!.index;
    const block = this.loaded.blocks.find(({ block }) => block.projection === projection)!;
    const addresses =
      memory === 'scale'
        ? Uint32Array.of(addressIn('scales', block.sweep.scale!.index))
        : this.synapseAddresses(block, memory === 'tags');
    return { ...shared, addresses, length: memory === 'scale' ? 2 : addresses.length, block };
  }

  private synapseAddresses({ block, sweep }: LoadedBlock, isVariable: boolean): Uint32Array {
    const { configuration } = this.loaded;
    const at = addressesOf(configuration);
    const addresses = new Uint32Array(block.columns.length);
    forEachSynapse(block, (k, pre, post) => {
      const { lane, word } = synapsePlace(sweep, configuration, pre, post);
      addresses[k] = isVariable ? at.variable(lane, word) : at.weight(lane, word);
    });
    return addresses;
  }
}
