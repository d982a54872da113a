import type { Texts } from '../tools/sources.js';
import { type Proof, prove, sourcesWith } from './prove.js';

/** The text of a module with claims before its end, which see all that is in it. */
export function withClaims(files: Texts, file: string, claims: string): Texts {
  const text = files[file]!;
  const end = text.lastIndexOf('endmodule');
  const claimed = sourcesWith([claims])[claims]!;
  return { ...files, [file]: `${text.slice(0, end)}${claimed}${text.slice(end)}` };
}

/** A module, by name, with its parameters. */
export interface ClaimedModule {
  readonly top: string;
  readonly files: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
  /** Wires that its text leaves open, and what inside its instances they are tied to. */
  readonly seen?: Readonly<Record<string, string>>;
}

/** Commands of Yosys that make one flat module with its claims. */
export function flat({ top, files, parameters, seen = {} }: ClaimedModule): readonly string[] {
  const chosen = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
  return [
    'design -reset',
    `read_verilog -formal -sv ${files.join(' ')}`,
    ...(chosen.length > 0 ? [`chparam ${chosen.join(' ')} ${top}`] : []),
    `hierarchy -check -top ${top}`,
    `rename -top ${top}`,
    'proc',
    'flatten',
    ...Object.entries(seen).map(([wire, behind]) => `connect -nounset -set ${wire} ${behind}`),
    'memory_map',
    'async2sync',
    'chformal -lower',
    'opt -fast -noff',
  ];
}

/**
 * Shows by induction that the claims of a module hold in every state that it reaches: they hold in the first `steps` clocks, and in
 * the clock after any `steps` in which they hold.
 */
export function proveInvariant(sources: Texts, module: ClaimedModule, steps = 1): Promise<Proof> {
  const sat = `sat -tempinduct -prove-asserts -set-assumes -verify -maxsteps ${steps + 1} -timeout 300 -show-all`;
  return prove(sources, [...flat(module), sat].join('\n'));
}
