import { CORE_VERSION, REGISTER } from '../memory-map.js';

const signed16 = (data: number): number => (data << 16) >> 16;

/**
 * The registers of a core, as a host writes and reads them (region 0; `command` is the business of the core itself). Counters take
 * no value: a write clears them.
 */
export class CoreRegisters {
  /** One before the step to come. */
  learningStep = 0;
  seed = 0;
  /** The modulator of the step to come, and that of the step whose learning is pending. */
  modulator = 0;
  modulatorLearned = 0;
  /** A bit for every sweep that has still to learn. */
  pending = 0;
  cycles = 0;
  stalls = 0;
  saturations = 0;

  write(register: number, data: number): void {
    switch (register) {
      case REGISTER.learningStep:
        this.learningStep = data >>> 0;
        return;
      case REGISTER.seed:
        this.seed = data >>> 0;
        return;
      case REGISTER.modulator:
        this.modulator = signed16(data);
        return;
      case REGISTER.cycles:
        this.cycles = 0;
        return;
      case REGISTER.stalls:
        this.stalls = 0;
        return;
      case REGISTER.saturations:
        this.saturations = 0;
        return;
      case REGISTER.pending:
        this.pending = data & 0xffff;
        return;
      case REGISTER.modulatorLearned:
        this.modulatorLearned = signed16(data);
    }
  }

  read(register: number): number {
    switch (register) {
      case REGISTER.learningStep:
        return this.learningStep;
      case REGISTER.seed:
        return this.seed;
      case REGISTER.modulator:
        return this.modulator & 0xffff;
      case REGISTER.cycles:
        return this.cycles % 2 ** 32;
      case REGISTER.cyclesHigh:
        return Math.floor(this.cycles / 2 ** 32);
      case REGISTER.stalls:
        return this.stalls;
      case REGISTER.saturations:
        return this.saturations >>> 0;
      case REGISTER.pending:
        return this.pending;
      case REGISTER.identity:
        return CORE_VERSION;
      case REGISTER.modulatorLearned:
        return this.modulatorLearned & 0xffff;
      default:
        return 0;
    }
  }
}
