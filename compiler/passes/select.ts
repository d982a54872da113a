import { unreachable } from '../diagnostics/diagnostic.js';
import type { FixedExpression, FixedNetwork, FixedUpdate } from '../levels/fixed/fixed.js';
import type {
  MicroAction,
  MicroKernel,
  MicroOperation,
  MicroProgram,
} from '../levels/micro/micro.js';
import { type Format, MAX_WIDTH, maximumOf, minimumOf } from '../levels/numbers/format.js';
import type { Pass } from '../pass.js';

export const select: Pass<FixedNetwork, MicroProgram> = {
  name: 'select',
  about: `Turns expression trees into straight-line micro-operations.
What: every node becomes one operation on numbered values; equal operations are computed once; a field that was just
stored is not loaded again; a conversion becomes a shift and, where the value may leave the format, a limit.
Why: targets select instructions from a flat, typed list and need not walk trees.
Before: v = convert<s24.12>(v + (I − v)·1507). After: load I; load v; subtract; multiply; …; shift 12; limit; store v.`,
  needs: ['fixed'],
  keeps: ['fixed'],
  gives: ['micro'],
  run: (fixed) => ({
    kind: 'micro',
    fixed,
    kernels: [
      ...fixed.populations
        .filter((p) => p.updates.length > 0)
        .map((p) => kernelOf('neuron', p.name, p.updates)),
      ...fixed.projections
        .filter((p) => p.rule)
        .map((p) => kernelOf('synapse', p.name, p.rule!.updates)),
    ],
  }),
};

function kernelOf(
  kind: MicroKernel['kind'],
  owner: string,
  updates: readonly FixedUpdate[],
): MicroKernel {
  const builder = new KernelBuilder();
  for (const update of updates) builder.update(update);
  return { kind, owner, operations: builder.operations, registers: undefined };
}

class KernelBuilder {
  readonly operations: MicroOperation[] = [];
  private readonly known = new Map<string, number>();
  /** The operation whose value a field holds. */
  private readonly stored = new Map<string, number>();

  update({ target, value, origin }: FixedUpdate): void {
    const result = this.lower(value);
    this.operations.push({
      kind: 'store',
      field: target,
      value: result,
      format: value.format,
      origin,
    });
    this.stored.set(target, result);
  }

  private emit(node: FixedExpression, action: MicroAction): number {
    const { format, origin } = node;
    const key = JSON.stringify([action, format]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.operations.push({ ...action, format, origin });
    this.known.set(key, this.operations.length - 1);
    return this.operations.length - 1;
  }

  private lower(e: FixedExpression): number {
    switch (e.kind) {
      case 'constant':
        return this.emit(e, { kind: 'constant', value: e.value });
      case 'read':
        return this.stored.get(e.field) ?? this.emit(e, { kind: 'load', field: e.field });
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'minimum':
      case 'maximum':
      case 'and':
      case 'or':
        return this.emit(e, { kind: e.kind, left: this.lower(e.left), right: this.lower(e.right) });
      case 'negate':
      case 'absolute':
      case 'sign':
      case 'not':
        return this.emit(e, { kind: e.kind, operand: this.lower(e.operand) });
      case 'compare': {
        const { operator } = e;
        return this.emit(e, {
          kind: 'compare',
          operator,
          left: this.lower(e.left),
          right: this.lower(e.right),
        });
      }
      case 'select':
        return this.emit(e, {
          kind: 'select',
          condition: this.lower(e.condition),
          then: this.lower(e.then),
          otherwise: this.lower(e.otherwise),
        });
      case 'convert':
        return this.convert(e);
      case 'shift-left':
        return this.emit(e, {
          kind: 'shift-left',
          operand: this.lower(e.operand),
          by: this.lower(e.by),
        });
      case 'reinterpret':
        return this.lower(e.operand);
      case 'table': {
        const { entries, first, shift } = e;
        return this.emit(e, {
          kind: 'table',
          operand: this.lower(e.operand),
          entries,
          first,
          shift,
        });
      }
      default:
        return unreachable(e);
    }
  }

  /** Nothing is left of a value that is shifted by two bits more than any value has: more would say the same. */
  private convert(e: FixedExpression & { readonly kind: 'convert' }): number {
    const operand = this.lower(e.operand);
    const { rounding, overflow, operation } = e;
    const dropped = e.operand.format.fraction - e.format.fraction;
    const bits = rounding === 'stochastic' ? dropped : Math.min(dropped, MAX_WIDTH + 2);
    const limited = canOverflow(e, bits);
    const format = limited ? shiftedFormat(e.operand.format, bits, e.format.fraction) : e.format;
    const shifted =
      bits === 0
        ? operand
        : this.emit({ ...e, format }, { kind: 'shift', operand, bits, rounding, operation });
    return limited ? this.emit(e, { kind: 'limit', operand: shifted, overflow }) : shifted;
  }
}

/** What a shifted value needs before a limit: one bit more than what is left, for rounding up. */
const shiftedFormat = ({ signed, width }: Format, bits: number, fraction: number): Format => ({
  signed,
  width: bits > 0 ? Math.max(1, width - bits) + 1 : width - bits,
  fraction,
});

/** Whether the operand's format, shifted, reaches beyond the result's; one more covers rounding up. */
function canOverflow(e: FixedExpression & { readonly kind: 'convert' }, bits: number): boolean {
  const from = e.operand.format;
  const slack = bits > 0 && e.rounding !== 'floor' ? 1 : 0;
  const low = Math.floor(minimumOf(from) / 2 ** bits);
  const high = Math.floor(maximumOf(from) / 2 ** bits) + slack;
  const least = e.overflow === 'symmetric' ? -maximumOf(e.format) : minimumOf(e.format);
  return low < least || high > maximumOf(e.format) || e.overflow === 'lava-wrap-24';
}
