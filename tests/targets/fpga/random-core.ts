import { COMMAND_STRIDE, type CoreCommand, encodeCommand } from '../../../targets/fpga/commands.js';
import { type CoreConfiguration, timingOf } from '../../../targets/fpga/configuration.js';
import {
  type CoreInstruction,
  encodeInstruction,
  encodePass,
  IDLE_PASS,
  NO_OPERATION,
  OPERANDS,
  OPERATIONS,
  type PassControl,
} from '../../../targets/fpga/instructions.js';
import {
  addressesOf,
  addressIn,
  COMMAND,
  type CoreDevice,
  REGISTER,
} from '../../../targets/fpga/memory-map.js';
import { Dice } from '../../compiler/dice.js';

class CoreDice extends Dice {
  /** Signed, of so many bits; often where arithmetic has its edges. */
  corner(bits: number): number {
    const high = 2 ** (bits - 1) - 1;
    if (this.chance(0.5)) return this.pick([0, 1, -1, high, -high - 1, -high]);
    return this.whole(-high - 1, high);
  }
}

/** A random network of words for the core: memories, code and commands, biased to corners, as the encoder could have made them. */
export class RandomCore {
  private readonly dice: CoreDice;
  private readonly code: { pass: PassControl; units: CoreInstruction[] }[] = [];
  private readonly commands: CoreCommand[] = [];
  readonly sweeps: number;

  constructor(
    readonly configuration: CoreConfiguration,
    seed: number,
  ) {
    this.dice = new CoreDice(seed);
    this.code.push({ pass: IDLE_PASS, units: this.idle() });
    this.sweeps = this.dice.whole(1, 3);
    this.build();
  }

  /** Puts all of it into a device. */
  load(device: Pick<CoreDevice, 'write'>): void {
    const { configuration, dice } = this;
    const { lanes, weightWords, fieldWords, messageAddress, paletteBits } = configuration;
    const at = addressesOf(configuration);
    const used = Math.min(weightWords, 64);
    for (let lane = 0; lane < lanes; lane++) {
      for (let word = 0; word < used; word++) {
        device.write(at.weight(lane, word), dice.corner(configuration.weightBits));
        if (configuration.variableBits > 0) device.write(at.variable(lane, word), dice.corner(16));
        // Both halves: the upper one stores.
        for (const half of [0, 1]) device.write(at.coefficients(lane, word, half), dice.word());
      }
      for (let entry = 0; entry < (paletteBits > 0 ? 2 ** paletteBits : 0); entry++) {
        for (const half of [0, 1]) device.write(at.palette(lane, entry, half), dice.word());
      }
      for (let word = 0; word < Math.min(fieldWords, 32); word++) {
        for (let bank = 0; bank < 4; bank++)
          device.write(at.field(lane, word, bank), dice.corner(16));
      }
      for (let message = 0; message < 2 ** messageAddress; message++) {
        device.write(at.payload(lane, message), dice.chance(0.5) ? 0 : dice.corner(16));
        for (let bank = 0; bank < configuration.xBanks; bank++)
          device.write(at.x(lane, message, bank), dice.chance(0.5) ? 0 : dice.corner(16));
      }
    }
    for (const [address, { pass, units }] of this.code.entries()) {
      device.write(addressIn('passes', address), encodePass(pass));
      for (const [unit, instruction] of units.entries()) {
        for (const [half, word] of encodeInstruction(instruction).entries())
          device.write(at.code(address, unit, half), word);
      }
    }
    for (let index = 0; index < configuration.scales; index++) {
      const mantissa = dice.whole(2 ** 14, 2 ** 15 - 1);
      device.write(addressIn('scales', index), dice.whole(0, 4) * 2 ** 16 + mantissa);
    }
    for (const [c, command] of this.commands.entries()) {
      for (const [w, word] of encodeCommand(command).entries())
        device.write(addressIn('control', c * COMMAND_STRIDE + w), word);
    }
    device.write(addressIn('registers', REGISTER.learningStep), dice.whole(0, 1000));
    device.write(addressIn('registers', REGISTER.seed), dice.word());
    device.write(addressIn('registers', REGISTER.pending), 0);
    device.write(addressIn('registers', REGISTER.cycles), 0);
    device.write(addressIn('registers', REGISTER.stalls), 0);
    device.write(addressIn('registers', REGISTER.saturations), 0);
    device.write(addressIn('registers', REGISTER.modulatorLearned), dice.corner(16) & 0xffff);
  }

  /** The COMMAND word of the next run, after what a host writes before it. */
  next(device: Pick<CoreDevice, 'write'>): number {
    const { configuration, dice } = this;
    device.write(addressIn('registers', REGISTER.modulator), dice.corner(16) & 0xffff);
    const at = addressesOf(configuration);
    for (let i = 0; i < 8; i++) {
      const message = dice.whole(0, 2 ** configuration.messageAddress - 1);
      const value = dice.chance(0.5) ? 0 : dice.corner(16);
      device.write(at.payload(dice.whole(0, configuration.lanes - 1), message), value);
    }
    const mask = dice.whole(0, 2 ** this.sweeps - 1);
    return dice.whole(0, 4) === 0 ? COMMAND.flush : COMMAND.step + mask * 2 ** 16;
  }

  private idle(): CoreInstruction[] {
    return Array.from({ length: this.configuration.units }, () => NO_OPERATION);
  }

  private build(): void {
    const { dice, configuration } = this;
    const timing = timingOf(configuration);
    const { lanes } = configuration;
    const divided = timing.scale - timing.end - 2;
    for (let s = 0; s < this.sweeps; s++) {
      const slots = dice.whole(1, 3);
      const rows = dice.whole(1, Math.min(3 * lanes, 8));
      const draws = dice.whole(0, configuration.draws);
      const scaled = dice.chance(0.5);
      const rule = this.rule(draws);
      this.commands.push({
        kind: 'sweep',
        rows,
        messages: dice.whole(0, 2),
        delay: dice.whole(0, 1),
        slots,
        lastLanes: dice.whole(1, lanes),
        weights: dice.whole(0, 8),
        fields: 0,
        pages: 2,
        sum: { page: dice.whole(0, 1), bank: dice.whole(0, 3), shift: dice.whole(0, 12) },
        ...rule,
        draws,
        chosen: dice.chance(0.5) ? undefined : dice.whole(0, 7),
        scale: scaled
          ? {
              kind: dice.chance(0.5) ? 'max' : 'pow2',
              index: dice.whole(0, configuration.scales - 1),
              unit: dice.whole(0, 3),
            }
          : undefined,
        learnBit: s,
        projection: dice.whole(0, 65535),
        wait: timing.end + divided + 4 + dice.whole(0, 3),
      });
      if (dice.chance(0.5)) this.commands.push(this.neurons(timing.scale + 4));
    }
    this.commands.push(this.neurons(timing.scale + 4), { kind: 'end' });
  }

  private neurons(wait: number): CoreCommand {
    const { dice, configuration } = this;
    const passes = dice.whole(1, 3);
    const code = this.code.length;
    for (let pass = 0; pass < passes; pass++) {
      this.code.push({
        pass: {
          ...IDLE_PASS,
          readPage: dice.whole(0, 1),
          writePage: dice.whole(0, 1),
          banks: dice.whole(0, 15),
          send: dice.chance(0.5),
        },
        units: Array.from({ length: configuration.units }, (_, u) => this.neuronInstruction(u)),
      });
    }
    return {
      kind: 'neurons',
      slots: dice.whole(1, 4),
      lastLanes: dice.whole(1, configuration.lanes),
      messages: dice.whole(0, 2),
      fields: 0,
      pages: 2,
      sends: { payload: dice.whole(0, 3), x0: dice.whole(0, 3), x1: dice.whole(0, 3) },
      code,
      passes,
      // Slots of the last pass that are still under way must not be read as messages.
      wait: wait + 40,
    };
  }

  /** Temporaries of a neuron hold nothing when a pass begins: only a unit behind another may read them. */
  private neuronInstruction(unit: number): CoreInstruction {
    const names = OPERANDS.slice(0, 9).filter((o) => unit > 1 || (o !== 't0' && o !== 't1'));
    const instruction = this.instruction(names);
    const results = ['none', 't0', 't1', 'f0', 'f1', 'f2', 'f3'] as const;
    const d = unit === 0 ? 't0' : unit === 1 ? 't1' : this.dice.pick(results);
    const rounding = this.dice.pick(['none', 'nearest'] as const);
    return { ...instruction, d, rounding };
  }

  /** A rule whose last pass stores the weight, each draw taken once and late enough. */
  private rule(draws: number): { code: number; passes: number } {
    const { dice, configuration } = this;
    const { units, depth } = configuration;
    const timing = timingOf(configuration);
    // Draws are asked for in a pass each.
    const own = draws > 0 ? timing.drawPasses : 1;
    const least = Math.max(dice.whole(1, 5), draws * units, own * units);
    const words: CoreInstruction[] = [];
    const late = (index: number, asked: number): boolean => {
      const [pass, unit] = [Math.floor(index / units), index % units];
      const reached = (pass - asked) * timing.round + timing.fetch + unit * depth + timing.adds;
      return reached >= timing.draw;
    };
    let operation = 0;
    const operands = OPERANDS.filter((o) => {
      if (o === 'v') return configuration.variableBits > 0;
      if (o === 'x1') return configuration.xBanks > 1;
      return true;
    });
    for (let i = 0; i < least || operation < draws || words.length % units !== 0; i++) {
      // Temporaries are read where both were written.
      const early = i < 2;
      const names = operands.filter((o) => !early || (o !== 't0' && o !== 't1'));
      const instruction = this.instruction(names);
      const stochastic = operation < draws && late(i, operation);
      const plain = dice.pick(['none', 'nearest'] as const);
      const rounding = stochastic ? (operation++ === 0 ? 'draw0' : 'draw1') : plain;
      const d = i === 0 ? 't0' : i === 1 ? 't1' : dice.pick(['t0', 't1', 'w', 'none'] as const);
      words.push({ ...instruction, d, rounding, ...(stochastic ? { op: 'mac' as const } : {}) });
    }
    const passes = words.length / units;
    const code = this.code.length;
    for (let pass = 0; pass < passes; pass++) {
      const last = pass + 1 === passes;
      const those = words.slice(pass * units, (pass + 1) * units);
      // The variable is stored by the last pass as well, so that nothing reads it too early.
      const variable = last && configuration.variableBits > 0 && dice.chance(0.5);
      this.code.push({
        pass: {
          ...IDLE_PASS,
          readPage: dice.whole(0, 1),
          writeWeight: last && dice.whole(0, 3) > 0,
          writeVariable: variable,
        },
        units: variable
          ? those.map((w, u) => (u === those.length - 1 && w.d !== 'none' ? { ...w, d: 'f0' } : w))
          : those,
      });
    }
    return { code, passes };
  }

  private instruction(names: readonly CoreInstruction['a'][]): CoreInstruction {
    const { dice, configuration } = this;
    const special = dice.pick(['immediate', 'immediate', 'scale', 'modulator'] as const);
    const op = dice.chance(0.5) ? 'mac' : dice.pick(OPERATIONS);
    // What only compares or takes a sign is not shifted, or so that it is cut.
    const plain = op !== 'mac' && dice.chance(0.75);
    const b = OPERANDS.slice(0, 8).filter((o) => names.includes(o));
    return {
      op,
      a: dice.pick(names),
      b: dice.pick(b),
      c: dice.pick(names),
      e: dice.pick(names),
      d: 'none',
      // A scale may take up to width − 1 off the shifts.
      p: plain ? dice.pick([0, 15, 15]) : dice.whole(0, 15),
      s: plain ? 0 : dice.whole(0, 31),
      rounding: 'none',
      special,
      immediate: special === 'scale' ? dice.whole(0, configuration.scales - 1) : dice.corner(16),
    };
  }
}
