import type { Placed } from '../../compiler/codegen/wasm/layout.js';
import type { Inputs, Outputs } from '../../src/network/machine.js';
import type { InputPort, OutputPort } from '../../src/network/network.js';
import { checkInputs, inputValue, limit, outputValue } from '../../src/network/ports.js';
import { valueAt } from '../../src/network/synapses.js';
import { at } from './lane-memory.js';

/** Puts what each lane is given into the memory of a machine in float32. */
export class LaneInputs {
  private readonly ports: readonly LaneInput[];
  private readonly modulator: number;

  constructor(
    ports: readonly { readonly port: InputPort; readonly placed: Placed }[],
    modulator: Placed,
  ) {
    this.ports = ports.map(({ port, placed }) => new LaneInput(port, placed));
    this.modulator = at(modulator, 0, 0);
  }

  /** @throws DiagnosticsError PL5010 to PL5013, as `checkInputs`. */
  take(inputs: Inputs, lane: number, floats: Float32Array): void {
    let left = this.ports.length;
    for (const _ in inputs.values) left--;
    let sound = left === 0 && Number.isFinite(inputs.modulator);
    for (const port of this.ports) {
      const values = inputs.values[port.name];
      if (!(values instanceof Float64Array)) sound = false;
      else sound = port.take(values, lane, floats) && sound;
    }
    if (!sound) this.takeOthers(inputs, lane, floats);
    floats[this.modulator + lane] = inputs.modulator;
  }

  /** Values in arrays of other kinds, or at fault. */
  private takeOthers(inputs: Inputs, lane: number, floats: Float32Array): void {
    checkInputs(inputs, this.ports);
    for (const port of this.ports) {
      port.take(Float64Array.from(inputs.values[port.name]!), lane, floats);
    }
  }
}

class LaneInput {
  readonly name: string;
  readonly size: number;
  private readonly first: number;
  private readonly stride: number;
  /** Whether a value is clipped and nothing else happens to it. */
  private readonly asGiven: boolean;

  constructor(
    private readonly port: InputPort,
    placed: Placed,
  ) {
    this.name = port.population;
    this.size = placed.length;
    this.first = at(placed, 0, 0);
    this.stride = at(placed, 1, 0) - this.first;
    const every = (value: InputPort['mean'], wanted: number): boolean =>
      Array.from({ length: this.size }, (_, i) => valueAt(value, i)).every((v) => v === wanted);
    this.asGiven = every(port.mean, 0) && every(port.deviation, 1) && port.scale === 1;
  }

  /** Whether so many values are there and all of them finite; if not, what it put into the memory has no meaning. */
  take(values: Float64Array, lane: number, floats: Float32Array): boolean {
    if (values.length !== this.size) return false;
    const place = this.first + lane;
    return this.asGiven ? this.clip(values, place, floats) : this.encode(values, place, floats);
  }

  private encode(values: Float64Array, first: number, floats: Float32Array): boolean {
    const { port, size, stride } = this;
    let sound = true;
    for (let i = 0, place = first; i < size; i++, place += stride) {
      const value = values[i]!;
      if (!Number.isFinite(value)) sound = false;
      floats[place] = inputValue(port, i, value);
    }
    return sound;
  }

  /** `encode` of values that are only clipped. */
  private clip(values: Float64Array, first: number, floats: Float32Array): boolean {
    const { size, stride } = this;
    const { clip } = this.port;
    let fault = 0;
    for (let i = 0, place = first; i < size; i++, place += stride) {
      const value = values[i]!;
      // NaN from there on where a value is NaN or infinite.
      fault += value - value;
      floats[place] = limit(value, clip);
    }
    return fault === 0;
  }
}

/** What each lane gives to the outside. */
export class LaneOutputs {
  private readonly ports: readonly LaneOutput[];
  private readonly lanes: readonly Outputs[];

  constructor(
    ports: readonly { readonly port: OutputPort; readonly placed: Placed }[],
    lanes: number,
  ) {
    this.ports = ports.map(({ port, placed }) => new LaneOutput(port, placed, lanes));
    this.lanes = Array.from({ length: lanes }, (_, lane) =>
      Object.fromEntries(this.ports.map(({ name, given }) => [name, given[lane]!])),
    );
  }

  of(lane: number): Outputs {
    return this.lanes[lane]!;
  }

  give(floats: Float32Array): void {
    for (const port of this.ports) port.give(floats);
  }
}

class LaneOutput {
  readonly name: string;
  /** By lane. */
  readonly given: readonly Float64Array[];
  private readonly first: number;
  private readonly stride: number;

  constructor(
    private readonly port: OutputPort,
    placed: Placed,
    lanes: number,
  ) {
    this.name = port.population;
    this.given = Array.from({ length: lanes }, () => new Float64Array(placed.length));
    this.first = at(placed, 0, 0);
    this.stride = at(placed, 1, 0) - this.first;
  }

  give(floats: Float32Array): void {
    const { port, given, first, stride } = this;
    for (let lane = 0; lane < given.length; lane++) {
      const values = given[lane]!;
      for (let i = 0; i < values.length; i++) {
        values[i] = outputValue(port, floats[first + i * stride + lane]!);
      }
    }
  }
}
