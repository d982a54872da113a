import { readFileSync } from 'node:fs';
import { packageFile } from '../../../runtime/package-file.js';
import { buildFailed } from '../tools/failures.js';
import { textIn } from '../tools/run.js';
import { type Texts, verilogSources } from '../tools/sources.js';
import { runYosys } from '../tools/yosys.js';

/** What came of a proof. */
export interface Proof {
  /** Whether every claim of the script holds. */
  readonly holds: boolean;
  /** Where one does not: the values of signals that contradict it, as Yosys prints them. */
  readonly counterexample: readonly string[];
}

/** The Verilog of the core with that of a proof. */
export function sourcesWith(names: readonly string[]): Texts {
  const own = names.map((name) => [
    name,
    readFileSync(packageFile(`targets/fpga/formal/${name}`), 'utf8'),
  ]);
  return { ...verilogSources(), ...Object.fromEntries(own) };
}

/** What `sat` of Yosys says. */
const PROVED = /(?:SAT proof finished - no model found|Induction step proven): SUCCESS!/;
const REFUTED = /proof did fail|SAT proof finished - model found: FAIL!/;

/**
 * Runs a script of Yosys that ends in `sat`, and in which each `sat` must prove what it claims.
 *
 * @throws DiagnosticsError PL5501 without Yosys, PL5502 where the script itself fails or a proof takes too long.
 */
export async function prove(files: Texts, script: string): Promise<Proof> {
  const claims = script.split('\n').filter((line) => /^sat /.test(line)).length;
  const { status, log } = await runYosys({
    files,
    script,
    needed: ['yosys'],
    onLine: () => undefined,
  });
  const lines = log.split('\n');
  const proved = lines.filter((line) => PROVED.test(line)).length;
  if (status === 0 && proved === claims) return { holds: true, counterexample: [] };
  if (!REFUTED.test(log)) return buildFailed('yosys', log);
  // Lines of the table: name, decimal, hexadecimal, binary.
  const counterexample = lines.filter((line) => /^ +(?:\d+|init)? +\\\S+ .*[01x]$/.test(line));
  return { holds: false, counterexample };
}

/** A file that a script of Yosys leaves. */
export async function made(files: Texts, script: string, name: string): Promise<string> {
  const { status, files: left, log } = await runYosys({ files, script, needed: ['yosys'] });
  return status === 0 ? textIn(left, name) : buildFailed('yosys', log);
}
