import { COMMAND_WORDS, type CoreCommand, decodeCommand } from '../commands.js';
import { decodeInstruction, decodePass, type PassControl } from '../instructions.js';
import { type DecodedInstruction, decoded } from './datapath.js';
import type { CoreMemory } from './memory.js';

/** Code of one pass: what it reads and leaves, and an instruction per unit. */
export interface Pass {
  readonly control: PassControl;
  readonly units: readonly DecodedInstruction[];
}

/** Words that no encoder makes, and on which the circuit would not come to an end. */
export class CodeFault extends Error {}

/** Commands and passes, decoded when they are first needed. */
export class CoreCode {
  private readonly passes = new Map<number, Pass>();
  private readonly commands = new Map<number, CoreCommand>();

  constructor(
    private readonly memory: CoreMemory,
    private readonly units: number,
  ) {}

  /** Words have changed. */
  forget(): void {
    this.passes.clear();
    this.commands.clear();
  }

  /** The command at an address of control memory; other words there are a fault of the encoder. */
  command(address: number): CoreCommand {
    const known = this.commands.get(address);
    if (known) return known;
    const { control } = this.memory;
    const words = Array.from({ length: COMMAND_WORDS }, (_, i) => control[address + i] ?? 0);
    const command = decodeCommand(words);
    if (!command) throw new CodeFault(`no command at ${address} of control memory`);
    this.commands.set(address, command);
    return command;
  }

  /** The pass at an address of code memory. */
  pass(address: number): Pass {
    const known = this.passes.get(address);
    if (known) return known;
    const { code, passWords } = this.memory;
    const control = decodePass(passWords[address] ?? 0);
    const units = Array.from({ length: this.units }, (_, u) => {
      const at = (address * this.units + u) * 2;
      return decodeInstruction(code[at] ?? 0, code[at + 1] ?? 0);
    });
    if (!control || units.includes(undefined)) throw new CodeFault(`no code at ${address}`);
    const pass = { control, units: units.map((unit) => decoded(unit!)) };
    this.passes.set(address, pass);
    return pass;
  }
}
