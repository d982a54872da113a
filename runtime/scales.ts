import { diagnostic } from '../compiler/diagnostics/catalogue.js';
import { fail } from '../compiler/diagnostics/diagnostic.js';
import { SCALE_PARTS } from '../compiler/levels/fixed/scale.js';
import type { Format } from '../compiler/levels/numbers/format.js';
import {
  MANTISSA_FORMAT,
  nextScale,
  SCALE_RANGES,
  type Scale,
  type ScaleKind,
  scaleReal,
  unitScale,
} from '../compiler/levels/numbers/scale.js';
import type { Probe } from '../src/network/machine.js';
import { describeProbe } from '../src/network/probes.js';
import { type IntegerArray, type IntegerStore, integersToWrite } from './probes.js';

/** The scale of a projection at work, beside the weights W′ that it multiplies. */
export class WorkingScale {
  /** Mantissa and exponent: what kernels read. */
  readonly parts = new Int32Array(2);

  constructor(
    private readonly kind: ScaleKind,
    private readonly format: Format,
    private readonly weights: IntegerArray,
  ) {
    this.toUnit();
  }

  /** r = 1: weights were put there from outside. */
  toUnit(): void {
    this.set(unitScale(this.format));
  }

  /** What the weights that a rule left lead to. */
  follow(): void {
    const { weights } = this;
    let largest = 0;
    for (let k = 0; k < weights.length; k++) largest = Math.max(largest, Math.abs(weights[k]!));
    this.set(nextScale(this.kind, largest, this.format));
  }

  /** r, exactly. */
  real(): number {
    const [mantissa, exponent] = this.parts;
    return scaleReal({ mantissa: mantissa!, exponent: exponent! }, this.format);
  }

  /** What `weight` is made of: W′ and r, so that both can be kept and put back. */
  stores(projection: string): IntegerStore[] {
    const { weights, parts, format } = this;
    return [
      { probe: { kind: 'stored', projection }, values: weights, format, writable: true },
      {
        probe: { kind: 'scale', projection },
        values: parts,
        format: MANTISSA_FORMAT,
        writable: true,
      },
    ];
  }

  /** Puts back what was read; PL5002 where it is no scale of such weights. */
  write(store: IntegerStore, values: ArrayLike<number>): void {
    const [mantissa, exponent] = integersToWrite(store, values);
    const scale = { mantissa: mantissa!, exponent: exponent! };
    checkScale(store.probe, scale, this.format);
    this.set(scale);
  }

  private set({ mantissa, exponent }: Scale): void {
    this.parts[0] = mantissa;
    this.parts[1] = exponent;
  }
}

/** PL5002 where a scale cannot be that of weights of a format. */
export function checkScale(probe: Probe, scale: Scale, format: Format): void {
  const holds = SCALE_PARTS.every((part) => {
    const [low, high] = SCALE_RANGES[part](format);
    return scale[part] >= low && scale[part] <= high;
  });
  if (holds) return;
  const { mantissa, exponent } = scale;
  fail(diagnostic('PL5002', `${describeProbe(probe)} cannot be ${mantissa}, ${exponent}`));
}
