import type { Expression } from '../../../src/equations/ast.js';
import type { NeuronModel, Update } from '../../../src/equations/model.js';
import { printExpression } from '../../../src/equations/print.js';
import type { ParameterValue, Population } from '../../../src/network/network.js';
import { extremesOf, largestMagnitude } from '../../analysis/extremes.js';
import {
  combine,
  constant,
  integer,
  type Ranged,
  read,
  select,
  unary,
} from '../../analysis/ranged.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { fail, type Span } from '../../diagnostics/diagnostic.js';
import type { FixedField, FixedUpdate } from '../../levels/fixed/fixed.js';
import {
  bitLength,
  type Format,
  maximumOf,
  printFormat,
  signed,
} from '../../levels/numbers/format.js';
import { realsIn } from '../../levels/numbers/integers.js';
import { toInteger } from '../../levels/numbers/rounding.js';
import type { PassContext } from '../../pass.js';
import {
  alignable,
  convertWithin,
  type LoweringScope,
  lowerExpression,
  realRange,
} from './expression.js';
import { stateFormat } from './formats.js';
import { noteFormat, rangeSeen } from './report.js';
import { evaluateStatic } from './static.js';

/** The accumulator of one incoming projection. */
export interface IncomingCurrent {
  readonly field: string;
  readonly format: Format;
  /** Proved bounds in integers. */
  readonly range: readonly [number, number];
}

/** The equations of a population in integers, before exports (payload, traces) are added. */
export interface QuantisedNeuron {
  readonly fields: readonly FixedField[];
  readonly updates: readonly FixedUpdate[];
  /** Where a variable's value stands after the updates, with its range. */
  readonly values: ReadonlyMap<string, Ranged>;
}

/** Lowers the statements of a neuron in order; every variable gets a format. */
export function quantiseNeuron(
  population: Population,
  neuron: NeuronModel,
  currents: readonly IncomingCurrent[],
  context: PassContext,
): QuantisedNeuron {
  return new NeuronLowering(population, neuron, currents, context).run();
}

/** Bits that one instruction can shift by. */
const LONGEST_SHIFT = 127;

class NeuronLowering implements LoweringScope {
  readonly arithmetic;
  private readonly fields = new Map<string, FixedField>();
  private readonly updates: FixedUpdate[] = [];
  /** Current value of each name: a read of its field. */
  private readonly names = new Map<string, Ranged>();
  private readonly assigned = new Set<string>();
  /** Variables that lose bits in some assignment. */
  private readonly rounded = new Set<string>();
  /** What the values of each variable were proved to lie in, in reals. */
  private readonly proved = new Map<string, readonly [number, number]>();
  private readonly parameters: Record<string, ParameterValue>;

  constructor(
    private readonly population: Population,
    private readonly neuron: NeuronModel,
    private readonly currents: readonly IncomingCurrent[],
    private readonly context: PassContext,
  ) {
    this.arithmetic = context.capabilities.neuron;
    this.parameters = parametersOf(neuron, population);
  }

  run(): QuantisedNeuron {
    for (const { field, format } of this.currents) {
      this.fields.set(field, {
        name: field,
        role: 'current',
        format,
        initial: 0,
        symbol: undefined,
      });
    }
    for (const variable of this.neuron.variables) {
      if (variable.persistent)
        this.declare(variable.name, this.formatOf(variable.name), variable.initial);
    }
    for (const update of this.neuron.updates) this.lowerUpdate(update);
    this.noteVariables();
    return { fields: [...this.fields.values()], updates: this.updates, values: this.names };
  }

  read(name: string, origin: Span): Ranged {
    if (name === 'I') return this.totalCurrent(origin);
    const value = this.names.get(name);
    if (!value) throw new Error(`${this.neuron.name} reads ${name} before it has a value`);
    return { ...value, e: { ...value.e, origin } };
  }

  fixed(expression: Expression): Ranged | undefined {
    const value = evaluateStatic(expression, this.parameters);
    if (value === undefined) return undefined;
    const bad = (typeof value === 'number' ? [value] : value).find((v) => !Number.isFinite(v));
    if (bad !== undefined) {
      const message = `${printExpression(expression)} is ${bad} for the parameters of ${this.population.name}`;
      fail(diagnostic('PL1008', message, { span: expression.origin }));
    }
    this.checkHeld(value, expression);
    const { constantBits } = this.arithmetic;
    if (typeof value === 'number') return constant(value, constantBits, expression.origin);
    return this.parameterField(printExpression(expression), value, expression.origin);
  }

  /** Refuses a constant that lies beyond the registers, or so low that no shift of an instruction aligns it: PL2001. */
  private checkHeld(value: number | Float64Array, expression: Expression): void {
    const { registerBits, constantBits } = this.arithmetic;
    const largest = largestMagnitude(typeof value === 'number' ? [value] : value);
    const [least, most] = [constantBits - LONGEST_SHIFT, registerBits - 1];
    if (largest === 0 || (largest >= 2 ** least && largest < 2 ** most)) return;
    const text = `\`${printExpression(expression)}\``;
    const what = expression.kind === 'number' ? text : `${text}, which is ${largest},`;
    const held = `${this.context.target} holds constants from 2^${least} to 2^${most}`;
    fail(
      diagnostic('PL2001', `${what} does not fit: ${held}`, {
        span: expression.origin,
        help: 'scale the equation, so that its numbers are nearer to 1',
      }),
    );
  }

  private totalCurrent(origin: Span): Ranged {
    let sum = integer(0, 0, origin);
    for (const { field, format, range } of this.currents) {
      const part = read(field, format, origin, range);
      if (sum.e.kind === 'constant') sum = part;
      else {
        const [a, b] = alignable(sum, part, this.arithmetic.registerBits, origin);
        sum = combine('add', a, b, origin);
      }
    }
    return sum;
  }

  /** One integer per neuron, with as many significant bits as a constant has; exact where that is enough. */
  private parameterField(name: string, values: Float64Array, origin: Span): Ranged {
    const { constantBits } = this.arithmetic;
    const largest = Math.max(largestMagnitude(values), 2 ** -30);
    let fraction = constantBits - 1 - Math.floor(Math.log2(largest));
    while (fraction > 0 && values.every((v) => Number.isInteger(v * 2 ** (fraction - 1))))
      fraction--;
    const whole = values.every((v) => Number.isInteger(v));
    if (whole) fraction = 0;
    const width = Math.max(constantBits, bitLength(Math.ceil(largest * 2 ** fraction))) + 1;
    const format = signed(width, fraction);
    const initial = realsIn(values, format);
    this.fields.set(name, { name, role: 'parameter', format, initial, symbol: undefined });
    return read(name, format, origin, extremesOf(initial));
  }

  private lowerUpdate(update: Update): void {
    const { target, origin } = update;
    this.checkStated(update);
    const value = lowerExpression(update.value, this);
    const format = update.stated?.format ?? this.formatFor(update, value);
    const rounding = update.stated?.rounding ?? 'nearest';
    const stated = update.stated?.overflow ?? 'saturate';
    // Without a sign there is nothing to be symmetric to.
    const overflow = stated === 'symmetric' && !format.signed ? 'saturate' : stated;
    const { registerBits } = this.arithmetic;
    let result = convertWithin(value, format, { rounding, overflow }, registerBits, origin);
    if (value.e.format.fraction > format.fraction) this.rounded.add(target);
    if (update.condition) {
      const test = truth(lowerExpression(update.condition, this), origin);
      const before = this.names.get(target);
      const otherwise =
        before && (this.assigned.has(target) || this.isPersistent(target))
          ? before
          : integer(0, format.fraction, origin);
      result = select(test, result, otherwise, origin);
    }
    this.assign(update, format, result);
  }

  private checkStated({ target, stated, origin }: Update): void {
    const { registerBits } = this.arithmetic;
    if (stated?.overflow === 'lava-wrap-24' && maximumOf(stated.format) < 2 ** 23) {
      const message = `${target} of ${this.neuron.name} is stated as ${printFormat(stated.format)}; lava-wrap-24 gives values up to 2^23`;
      const help = 'state s25.0, which holds the range (−2^23, 2^23]';
      this.context.report(diagnostic('PL2001', message, { span: origin, help }));
    }
    if (!stated || signedWidth(stated.format) <= registerBits) return;
    this.context.report(
      diagnostic(
        'PL2001',
        `${target} of ${this.neuron.name} is stated as ${printFormat(stated.format)}; ${this.context.target} holds ${registerBits} bits with a sign`,
        { span: origin, help: 'state a narrower format, or none' },
      ),
    );
  }

  private assign(update: Update, format: Format, result: Ranged): void {
    const { target, origin, local } = update;
    if (!this.fields.has(target)) {
      const symbol = local ? undefined : target;
      const role = local ? 'local' : 'variable';
      this.fields.set(target, { name: target, role, format, initial: 0, symbol });
    }
    this.assigned.add(target);
    this.updates.push({ target, value: result.e, origin });
    const declared = this.fields.get(target)!.format;
    this.names.set(target, read(target, declared, origin, [result.low, result.high]));
    if (local) return;
    const [low, high] = realRange(result);
    const before = this.proved.get(target) ?? [low, high];
    this.proved.set(target, [Math.min(low, before[0]), Math.max(high, before[1])]);
  }

  /** Ranges are over every value that a step gives a variable. */
  private noteVariables(): void {
    const { name } = this.population;
    for (const [variable, proved] of this.proved) {
      const seen = rangeSeen(this.context, 'variable', name, variable);
      const { format } = this.fields.get(variable)!;
      const exact = !this.rounded.has(variable);
      noteFormat(this.context, `${name}.${variable}`, format, { seen, proved, exact });
    }
  }

  /** A value of one step keeps its natural format when it is narrow enough and is assigned once. */
  private formatFor(update: Update, value: Ranged): Format {
    const known = this.fields.get(update.target);
    if (known) return known.format;
    const times = this.neuron.updates.filter((u) => u.target === update.target).length;
    const natural = value.e.format;
    if (times === 1 && natural.width <= this.arithmetic.stateBits) return natural;
    if (update.local && signedWidth(natural) <= this.arithmetic.registerBits) return natural;
    return this.formatOf(update.target);
  }

  private formatOf(name: string): Format {
    const stated = this.neuron.updates.find((u) => u.target === name && u.stated)?.stated;
    const { initial = 0 } = this.neuron.variables.find((v) => v.name === name) ?? {};
    return stated?.format ?? stateFormat(this.context, this.population.name, name, initial);
  }

  private declare(name: string, format: Format, initial: number): void {
    const field = {
      name,
      role: 'variable',
      format,
      initial: toInteger(initial, format),
      symbol: name,
    } as const;
    this.fields.set(name, field);
    this.names.set(
      name,
      read(name, format, this.neuron.variables.find((v) => v.name === name)!.origin),
    );
  }

  private isPersistent(name: string): boolean {
    return this.neuron.variables.some((v) => v.name === name && v.persistent);
  }
}

/** A condition as 0 or 1. */
function truth(value: Ranged, origin: Span): Ranged {
  if (value.low >= 0 && value.high <= 1 && value.e.format.fraction === 0) return value;
  return unary('not', unary('not', value, origin), origin);
}

/** Parameters with defaults filled in. */
export function parametersOf(
  model: Pick<NeuronModel, 'parameters'>,
  owner: Pick<Population, 'parameters'>,
): Record<string, ParameterValue> {
  const result: Record<string, ParameterValue> = {};
  for (const { name, default: value } of model.parameters) {
    const given = owner.parameters[name] ?? value;
    if (given === undefined) throw new Error(`parameter ${name} has no value`);
    result[name] = given;
  }
  return result;
}

/** The bits that hold every value of a format and a sign. */
const signedWidth = ({ signed, width }: Format): number => (signed ? width : width + 1);
