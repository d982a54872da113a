import type { Span } from '../../../compiler/diagnostics/diagnostic.js';
import { encodeInstruction, encodePass, IDLE_PASS, NO_OPERATION } from '../instructions.js';
import type { PackedPass } from '../pack/packed.js';

/** Words of an address of code memory in a Program: the pass, then two for every unit. */
export const wordsOfPass = (units: number): number => 1 + 2 * units;

/** The pass that does nothing: what fixed synapses go through, and those that do not learn. It stands at address 0. */
export const idlePass = (units: number): PackedPass => ({
  control: IDLE_PASS,
  units: Array.from({ length: units }),
});

/** Code in words, with the text behind each. */
export class CodeWords {
  readonly words: number[] = [];
  readonly origins: (Span | undefined)[] = [];

  constructor(private readonly units: number) {}

  /** Addresses that are filled. */
  get addresses(): number {
    return this.words.length / wordsOfPass(this.units);
  }

  /** Adds passes; gives the address of the first. */
  add(passes: readonly PackedPass[]): number {
    const { addresses } = this;
    for (const { control, units } of passes) {
      this.push(encodePass(control), undefined);
      for (const unit of units) {
        for (const word of encodeInstruction(unit?.instruction ?? NO_OPERATION)) {
          this.push(word, unit?.origin);
        }
      }
    }
    return addresses;
  }

  private push(word: number, origin: Span | undefined): void {
    this.words.push(word);
    this.origins.push(origin);
  }
}
