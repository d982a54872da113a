import type { Texts } from '../tools/sources.js';
import { withClaims } from './induct.js';
import { type Proof, prove, sourcesWith } from './prove.js';

/** Wires of core_claims.v, and what is behind them once the core is one module. */
const SEEN: Readonly<Record<string, string>> = {
  fetch_rank: 'fetcher.rank',
  finishes: 'finishing.some.line',
  scale_compared: 'all_scales.scaling.compared',
  scale_dividing: 'all_scales.scaling.dividing',
  scale_left: 'all_scales.scaling.left',
};

/** The same, with the wires of the rows: of the queue, or where nothing overlaps of the words themselves. */
const seenOf = (overlap: boolean): Readonly<Record<string, string>> => {
  const rows = overlap ? 'queued.row_walk' : 'direct.row_walk';
  return {
    [`${rows}.given_rows`]: `${rows}.giving.given`,
    rows_rank: `${rows}.rank`,
    rows_active: `${rows}.active`,
    ...SEEN,
  };
};

/** What computes and holds data: what comes out of it may be anything, in every clock. */
const DATA = ['memory', 'single_port_memory', 'lanes', 'draws', 'code', 'readback', 'registers'];

/** Files in which the rows of a sweep, with a queue or without, have their claims. */
export function withRowClaims(files: Texts, module: 'rows' | 'rows_direct'): Texts {
  const shared = withClaims(files, `${module}.v`, 'sweep_claims.v');
  return withClaims(shared, `${module}.v`, `${module}_claims.v`);
}

/** Files of the core with its claims, and those of the modules that it rests on. */
export function sequencerSources(): Texts {
  const rows = withRowClaims(withRowClaims(sourcesWith([]), 'rows'), 'rows_direct');
  const commands = withClaims(rows, 'commands.v', 'commands_claims.v');
  return withClaims(commands, 'plastron_core.v', 'core_claims.v');
}

/** Shows by induction that a run ends when its commands do, whatever words the memories give. */
export function proveSequencer(
  files: Texts,
  parameters: Readonly<Record<string, number>>,
): Promise<Proof> {
  const chosen = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
  const names = Object.keys(files).filter((name) => name.endsWith('.v'));
  const script = [
    `read_verilog -formal -sv ${names.join(' ')}`,
    `chparam ${chosen.join(' ')} plastron_core`,
    'hierarchy -check -top plastron_core',
    'rename -top plastron_core',
    ...DATA.map((type) => `delete plastron_core/t:*\\${type}`),
    'proc',
    'flatten',
    ...Object.entries(seenOf(parameters['OVERLAP'] !== 0)).map(
      ([wire, behind]) => `connect -nounset -set ${wire} ${behind}`,
    ),
    'memory_map',
    'async2sync',
    'chformal -lower',
    // What rows.v takes for granted is what the core has to show.
    'select -set granted t:$assume c:*row_walk* %i',
    'select -assert-min 3 @granted',
    'chformal -assume2assert @granted',
    'select -set claims t:$assert t:$assume %u %ci*',
    'delete t:$* @claims %d',
    'opt -fast -noff',
    'stat',
    'sat -tempinduct -prove-asserts -set-assumes -verify -maxsteps 2 -timeout 300 -show-all',
  ];
  return prove(files, script.join('\n'));
}
