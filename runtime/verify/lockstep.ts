import type { Span } from '../../compiler/diagnostics/diagnostic.js';
import { type Format, printFormat } from '../../compiler/levels/numbers/format.js';
import type { Machine, Outputs, Probe } from '../../src/network/machine.js';
import type { Difference, SideValue } from './comparison.js';
import { type Drive, runDrive } from './drive.js';
import { pairMachines, type SharedProbe, sharedShape } from './pair.js';

/** What wrote a value: the instruction as the target prints it, and the equation that it came from. */
export interface Explanation {
  readonly instruction?: string;
  readonly span?: Span;
}

/** Explains one value of a probe; undefined where nothing is known. */
export type Explain = (probe: Probe, index: number) => Explanation | undefined;

export interface LockstepOptions {
  /** One round of the drive when absent. */
  readonly steps?: number;
  readonly explain?: Explain;
  /** Goes on after a step with differences, to count them all; false when absent. */
  readonly countAll?: boolean;
}

export interface LockstepResult {
  readonly steps: number;
  readonly episodes: number;
  /** Values compared: every shared probe and every output, in every step and after every reset. */
  readonly compared: number;
  /** Values that differed, up to the end of the step in which the run ended. */
  readonly differences: number;
  readonly firstDifference: Difference | null;
  /** State that only one machine shows and that was therefore not compared. */
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

/**
 * Runs two machines on the same inputs and compares every value that both show, after every reset and every step,
 * exactly. The outputs of `left` feed the drive.
 *
 * @throws DiagnosticsError PL5305 where the machines cannot be compared, PL5306 where the drive is too short.
 */
export function lockstep(
  left: Machine,
  right: Machine,
  drive: Drive,
  options: LockstepOptions = {},
): LockstepResult {
  const { explain, steps, countAll = false } = options;
  const { probes, onlyLeft, onlyRight } = sharedShape(left.shape, right.shape);
  const comparer = new Comparer(left, right, probes, explain);
  const pair = pairMachines(left, right, {
    after: (_, leftOutputs, rightOutputs) => comparer.compareStep(leftOutputs, rightOutputs),
  });
  const ran = runDrive(drive, pair, {
    ...(steps === undefined ? {} : { steps }),
    until: () => !countAll && comparer.differences > 0,
    began: (episode) => comparer.begin(episode),
  });
  const { compared, differences, first } = comparer;
  return { ...ran, compared, differences, firstDifference: first, onlyLeft, onlyRight };
}

class Comparer {
  compared = 0;
  differences = 0;
  first: Difference | null = null;
  private episode = 0;
  /** −1 after a reset. */
  private step = -1;
  private foundAt = '';

  constructor(
    private readonly left: Machine,
    private readonly right: Machine,
    private readonly probes: readonly SharedProbe[],
    private readonly explain: Explain | undefined,
  ) {}

  begin(episode: number): void {
    this.episode = episode;
    this.step = -1;
    this.compareState();
  }

  compareStep(left: Outputs, right: Outputs): void {
    this.step++;
    this.compareState();
    for (const name of Object.keys(left)) {
      this.compareValues(`output ${name}`, undefined, left[name]!, right[name]!);
    }
  }

  private compareState(): void {
    for (const shared of this.probes) {
      const { probe, place } = shared;
      this.compareValues(place, shared, this.left.read(probe), this.right.read(probe));
    }
  }

  private compareValues(
    place: string,
    shared: SharedProbe | undefined,
    left: Float64Array,
    right: Float64Array,
  ): void {
    this.compared += left.length;
    let count = 0;
    let at = -1;
    for (let i = 0; i < left.length; i++) {
      if (same(left[i]!, right[i]!)) continue;
      count++;
      if (at < 0) at = i;
    }
    if (count === 0) return;
    this.differences += count;
    this.note(place, count, () => {
      const { instruction, span } = (shared && this.explain?.(shared.probe, at)) ?? {};
      const source = span && `${span.file}:${span.line}:${span.column}`;
      const cause = [instruction, source].filter((part) => part !== undefined).join(', ');
      return {
        episode: this.episode,
        step: this.step,
        place,
        index: at,
        left: sideValue(left[at]!, shared?.leftFormat),
        right: sideValue(right[at]!, shared?.rightFormat),
        format: shared?.leftFormat ? printFormat(shared.leftFormat) : null,
        cause: cause === '' ? null : cause,
        span: span ?? null,
        also: [],
      };
    });
  }

  /** The first place that differs is the difference; others of the same step are listed with it. */
  private note(place: string, count: number, make: () => Difference): void {
    const here = `${this.episode} ${this.step}`;
    if (this.first === null) {
      this.first = make();
      this.foundAt = here;
    } else if (this.foundAt === here) {
      this.first = { ...this.first, also: [...this.first.also, { place, count }] };
    }
  }
}

/** Equal as numbers; two NaN are the same result, +0 and −0 too. */
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

function sideValue(real: number, format: Format | undefined): SideValue {
  const integer = format ? real * 2 ** format.fraction + 0 : Number.NaN;
  return {
    real: Number.isFinite(real) ? real + 0 : String(real),
    // A weight that is normalised lazily is no integer of its format.
    integer: Number.isInteger(integer) ? integer : null,
  };
}

/** A difference in one line: where, both values, and what is behind it. */
export function describeDifference(difference: Difference): string {
  const { episode, step, place, index, left, right, cause } = difference;
  const when =
    step < 0 ? `after the reset of episode ${episode}` : `episode ${episode}, step ${step}`;
  const value = ({ real, integer }: SideValue): string =>
    integer === null ? `${real}` : `${real} (${integer})`;
  const because = cause === null ? '' : `, from ${cause}`;
  return `${when}, ${place}[${index}]: ${value(left)} against ${value(right)}${because}`;
}
