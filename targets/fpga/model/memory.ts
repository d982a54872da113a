import type { CoreConfiguration } from '../configuration.js';
import { REGION } from '../memory-map.js';

const signed = (data: number, bits: number): number => (data << (32 - bits)) >> (32 - bits);

/** The memories of a core, word by word as the host writes them; lanes lie side by side. */
export class CoreMemory {
  readonly code: Float64Array;
  readonly passWords: Uint16Array;
  readonly control: Float64Array;
  /** Mantissa, and the exponent above it. */
  readonly scales: Uint32Array;
  private readonly weights: Int16Array;
  private readonly variables: Int16Array;
  /** Coefficients of a synapse, or its index in the palette: two words, as written. */
  private readonly coefficients: Uint32Array;
  private readonly palette: Uint32Array;
  /** Four coefficients of each synapse as operands, and whether it is there; made anew when words of them were written. */
  private readonly operands: Int16Array;
  private readonly absent: Uint8Array;
  private isStale = true;
  private readonly fields: Int16Array;
  private readonly payloads: Int16Array;
  private readonly x: Int16Array;

  constructor(private readonly configuration: CoreConfiguration) {
    const { lanes, units, weightWords, fieldWords, messageAddress, codeWords, controlWords } =
      configuration;
    this.weights = new Int16Array(weightWords * lanes);
    this.variables = new Int16Array(configuration.variableBits > 0 ? weightWords * lanes : 0);
    this.coefficients = new Uint32Array(weightWords * lanes * 2);
    this.palette = new Uint32Array(2 ** configuration.paletteBits * lanes * 2);
    this.operands = new Int16Array(weightWords * lanes * 4);
    this.absent = new Uint8Array(weightWords * lanes);
    this.fields = new Int16Array(fieldWords * lanes * 4);
    this.payloads = new Int16Array(2 ** messageAddress * lanes);
    this.x = new Int16Array(2 ** messageAddress * lanes * 2);
    this.code = new Float64Array(codeWords * units * 2);
    this.passWords = new Uint16Array(codeWords);
    this.control = new Float64Array(controlWords);
    this.scales = new Uint32Array(configuration.scales);
  }

  /** Words outside of a memory are nowhere. */
  write(address: number, data: number): void {
    const index = address & 0xfffff;
    const { weightBits } = this.configuration;
    switch (address >>> 20) {
      case REGION.weights:
        this.weights[index] = signed(data, weightBits);
        return;
      case REGION.variables:
        this.variables[index] = data;
        return;
      case REGION.coefficients:
        this.coefficients[index] = data;
        this.isStale = true;
        return;
      case REGION.palette:
        this.palette[index] = data;
        this.isStale = true;
        return;
      case REGION.fields:
        this.fields[index] = data;
        return;
      case REGION.payloads:
        this.payloads[index] = data;
        return;
      case REGION.x:
        this.x[index] = data;
        return;
      case REGION.code:
        this.code[index] = index % 2 === 0 ? data >>> 0 : data & 0x3ffff;
        return;
      case REGION.passes:
        this.passWords[index] = data & 0x7ff;
        return;
      case REGION.control:
        this.control[index] = data >>> 0;
        return;
      case REGION.scales:
        this.scales[index] = data & 0xfffff;
    }
  }

  read(address: number): number {
    const index = address & 0xfffff;
    const memories: Readonly<Record<number, ArrayLike<number>>> = {
      [REGION.weights]: this.weights,
      [REGION.variables]: this.variables,
      [REGION.coefficients]: this.coefficients,
      [REGION.fields]: this.fields,
      [REGION.payloads]: this.payloads,
      [REGION.x]: this.x,
      [REGION.code]: this.code,
      [REGION.passes]: this.passWords,
      [REGION.control]: this.control,
      [REGION.scales]: this.scales,
    };
    return (memories[address >>> 20]?.[index] ?? 0) >>> 0;
  }

  field(lane: number, word: number, bank: number): number {
    return this.fields[(word * this.configuration.lanes + lane) * 4 + bank]!;
  }

  setField(lane: number, word: number, bank: number, value: number): void {
    this.fields[(word * this.configuration.lanes + lane) * 4 + bank] = value;
  }

  /** Weight, variable and four coefficients of a synapse, into six places. */
  synapse(lane: number, word: number, into: Int32Array, at: number): void {
    const index = word * this.configuration.lanes + lane;
    into[at] = this.weights[index]!;
    into[at + 1] = this.variables[index] ?? 0;
    if (this.isStale) this.decode();
    for (let k = 0; k < 4; k++) into[at + 2 + k] = this.operands[4 * index + k]!;
  }

  setWeight(lane: number, word: number, value: number): void {
    this.weights[word * this.configuration.lanes + lane] = value;
  }

  setVariable(lane: number, word: number, value: number): void {
    this.variables[word * this.configuration.lanes + lane] = value;
  }

  payload(lane: number, message: number): number {
    return this.payloads[message * this.configuration.lanes + lane]!;
  }

  setPayload(lane: number, message: number, value: number): void {
    this.payloads[message * this.configuration.lanes + lane] = value;
  }

  xOf(lane: number, message: number, bank: number): number {
    if (bank >= this.configuration.xBanks) return 0;
    return this.x[(message * this.configuration.lanes + lane) * 2 + bank]!;
  }

  setX(lane: number, message: number, bank: number, value: number): void {
    this.x[(message * this.configuration.lanes + lane) * 2 + bank] = value;
  }

  /** Whether no synapse is there. */
  isAbsent(lane: number, word: number): boolean {
    if (this.isStale) this.decode();
    return this.absent[word * this.configuration.lanes + lane] === 1;
  }

  /** Reads the words of all synapses. */
  private decode(): void {
    const { presence, lanes, weightWords } = this.configuration;
    const bit = this.wordBits() - 1;
    for (let index = 0; index < weightWords * lanes; index++) {
      for (let k = 0; k < 4; k++) {
        this.operands[4 * index + k] = this.coefficient(index % lanes, index, k);
      }
      const isThere = presence === 0 || this.bitsOf(this.coefficients, index, bit, 1) === 1;
      this.absent[index] = isThere ? 0 : 1;
    }
    this.isStale = false;
  }

  private wordBits(): number {
    const { paletteBits, coefficients, coefficientBits, presence } = this.configuration;
    const own = paletteBits > 0 ? paletteBits : Math.max(1, coefficients * coefficientBits);
    return own + presence;
  }

  private coefficient(lane: number, index: number, k: number): number {
    const { paletteBits, coefficients, coefficientBits, lanes } = this.configuration;
    if (k >= coefficients) return 0;
    const low = k * coefficientBits;
    if (paletteBits === 0) {
      return signed(this.bitsOf(this.coefficients, index, low, coefficientBits), coefficientBits);
    }
    const entry = this.bitsOf(this.coefficients, index, 0, paletteBits);
    const bits = this.bitsOf(this.palette, entry * lanes + lane, low, coefficientBits);
    return signed(bits, coefficientBits);
  }

  /** Bits of a word of two halves; a field does not cross them. */
  private bitsOf(memory: Uint32Array, index: number, low: number, bits: number): number {
    const half = low >= 32 ? 1 : 0;
    return (memory[2 * index + half]! >>> (low - 32 * half)) & (2 ** bits - 1);
  }
}
