import { type Calibration, lookup, NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { completeOptions, contextOf } from '../../compiler/compile.js';
import {
  type Diagnostic,
  DiagnosticBag,
  DiagnosticsError,
} from '../../compiler/diagnostics/diagnostic.js';
import type { PlacedNetwork } from '../../compiler/levels/placed.js';
import type { CompileOptions, FormatRow, PassContext } from '../../compiler/pass.js';
import type { Capabilities } from '../../compiler/target.js';
import type { Network } from '../../src/network/network.js';
import { LOIHI2 } from '../../targets/loihi/capabilities.js';

/** A pass context whose reports can be read. */
export interface Watched {
  readonly context: PassContext;
  readonly diagnostics: readonly Diagnostic[];
  readonly formats: readonly FormatRow[];
  codes(): string[];
}

export function watched(
  given: {
    readonly target?: string;
    readonly capabilities?: Capabilities;
    readonly options?: Partial<CompileOptions>;
    readonly calibration?: Calibration;
  } = {},
): Watched {
  const { target = 'loihi2', capabilities = LOIHI2, calibration = NO_CALIBRATION } = given;
  const bag = new DiagnosticBag();
  const formats: FormatRow[] = [];
  const options = completeOptions(capabilities, given.options);
  return {
    context: contextOf(target, capabilities, options, lookup(calibration), bag, formats),
    diagnostics: bag.list,
    formats,
    codes: () => bag.list.map((d) => d.code),
  };
}

/** A network before its neurons have cores. */
export const unplaced = (network: Network): PlacedNetwork => ({
  kind: 'network',
  network,
  tags: {},
  groups: [],
});

/** The codes of the diagnostics that an action throws; none when it succeeds. */
export function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics.map((d) => d.code);
    throw error;
  }
  return [];
}

type Range = Calibration['ranges'][number];

/** One row of a calibration; the rms is the largest magnitude unless it is given. */
export function seen(
  kind: Range['kind'],
  owner: string,
  name: string,
  minimum: number,
  maximum: number,
  rms = Math.max(Math.abs(minimum), Math.abs(maximum)),
): Range {
  const maximumAbsolute = Math.max(Math.abs(minimum), Math.abs(maximum));
  return { kind, owner, name, minimum, maximum, maximumAbsolute, rms, samples: 1 };
}

export const calibrationOf = (...ranges: Range[]): Calibration => ({
  schema: 'plastron-calibration-1',
  source: 'a test',
  ranges,
});

/** LOIHI2 with other limits. */
export function limited(
  limits: Partial<Record<keyof Capabilities['limits'], number>>,
  base: Capabilities = LOIHI2,
): Capabilities {
  const changed = Object.entries(limits).map(([name, value]) => [name, { value, source: 'test' }]);
  return { ...base, limits: { ...base.limits, ...Object.fromEntries(changed) } };
}
