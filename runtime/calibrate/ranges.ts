import type { CalibrationRange } from '../../compiler/analysis/calibration.js';
import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';

/** What one value did so far. */
export class Gauge {
  private minimum = Infinity;
  private maximum = -Infinity;
  private squares = 0;
  private samples = 0;

  constructor(
    private readonly kind: CalibrationRange['kind'],
    private readonly owner: string,
    private readonly name: string,
  ) {}

  /** A sample: one value of a neuron or synapse in a step. */
  take(value: number): void {
    this.widen(value);
    this.squares += value * value;
    this.samples++;
  }

  /** A value that was held but is no sample: at reset, or overwritten within the step. Throws PL5309 where not finite. */
  widen(value: number): void {
    if (!Number.isFinite(value)) {
      const message = `\`${this.name}\` of ${this.owner} became ${value} while calibrating`;
      const help =
        'bound the rule, for instance with `normalize clip -1 1`, or the neuron, and train again';
      fail(diagnostic('PL5309', message, { help }));
    }
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  /** The range; undefined without samples. */
  range(): CalibrationRange | undefined {
    const { kind, owner, name, samples, squares } = this;
    if (samples === 0) return undefined;
    const minimum = this.minimum + 0;
    const maximum = this.maximum + 0;
    const maximumAbsolute = Math.max(Math.abs(minimum), Math.abs(maximum));
    const rms = Math.sqrt(squares / samples);
    return { kind, owner, name, minimum, maximum, maximumAbsolute, rms, samples };
  }
}

/** The gauges of a calibration, in the order in which they were asked for. */
export class Gauges {
  private readonly list: Gauge[] = [];

  gauge(kind: CalibrationRange['kind'], owner: string, name: string): Gauge {
    const gauge = new Gauge(kind, owner, name);
    this.list.push(gauge);
    return gauge;
  }

  ranges(): CalibrationRange[] {
    return this.list.flatMap((gauge) => gauge.range() ?? []);
  }
}
