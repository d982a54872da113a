import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { ChipMachine } from '../../compiler/target.js';
import type { CoreCounters } from '../../runtime/emulator/accounting.js';
import { Emulator } from '../../runtime/emulator/machine.js';
import { watched } from '../../runtime/trace/watch.js';
import type { Drive } from '../../runtime/verify/drive.js';
import { innermost } from './forwarding-machine.js';
import type { RunWatcher } from './run-watcher.js';

/** What a machine did over episodes; counters are sums over all of them. */
export interface Emulation {
  readonly steps: number;
  readonly episodes: number;
  /** Mean score of the whole episodes; null when none was whole, or the drive gives no scores. */
  readonly score: number | null;
  readonly cycles: number;
  readonly picojoules: number | null;
  /** Null where the machine does not count them. */
  readonly spikes: number | null;
  readonly saturations: number;
  /** Whether a core read a weight that is not what was written. */
  readonly isParityWrong: boolean;
  readonly perCore: readonly CoreCounters[];
}

export interface EmulationOptions {
  /** Exactly so many steps; one round of the drive when absent. */
  readonly steps?: number | undefined;
  readonly watchers?: readonly RunWatcher[];
  /** Hears of every episode that ended. */
  readonly progress?: (steps: number) => void;
}

/** Runs a machine through a drive. Throws PL5306 when more steps are asked for than the drive has. */
export function emulate(
  machine: ChipMachine,
  drive: Drive,
  { steps: wanted, watchers = [], progress }: EmulationOptions,
): Emulation {
  const driven = watched(machine, watchers);
  const totals = new Totals(machine);
  const scores: number[] = [];
  let steps = 0;
  let episode = 0;
  const more = (): boolean => (wanted === undefined ? episode < drive.episodes : steps < wanted);
  for (; more(); episode++) {
    if (episode >= drive.available) {
      fail(diagnostic('PL5306', `${drive.name} has ${steps} steps, ${wanted} were asked for`));
    }
    const run = drive.start(driven, episode);
    while (!run.done && (wanted === undefined || steps < wanted)) {
      run.step();
      steps++;
    }
    for (const watcher of watchers) watcher.ended?.();
    if (run.done && drive.scored) scores.push(run.score);
    totals.add();
    progress?.(steps);
  }
  const score = scores.length === 0 ? null : scores.reduce((a, b) => a + b, 0) / scores.length;
  return { steps, episodes: episode, score, ...totals.sums() };
}

/** Counters start anew with every episode; these are their sums. */
class Totals {
  private readonly counters = new Map<string, number>();
  private cores: readonly CoreCounters[] = [];

  constructor(private readonly machine: ChipMachine) {}

  add(): void {
    for (const name of this.machine.counters) {
      const value = this.machine.read({ kind: 'counter', name })[0] ?? 0;
      this.counters.set(name, (this.counters.get(name) ?? 0) + value);
    }
    const emulator = innermost(this.machine);
    if (!(emulator instanceof Emulator)) return;
    this.cores = emulator.accounting.cores.map((core, i) => plus(core, this.cores[i]));
  }

  sums() {
    const known = (name: string): number | null => this.counters.get(name) ?? null;
    const counter = (name: string): number => known(name) ?? 0;
    const energy = known('decipicojoules');
    return {
      cycles: counter('cycles'),
      picojoules: energy === null ? null : energy / 10,
      spikes: known('spikes'),
      saturations: counter('saturations'),
      isParityWrong: counter('parity') > 0,
      perCore: this.cores,
    };
  }
}

function plus(core: CoreCounters, before: CoreCounters | undefined): CoreCounters {
  if (!before) return { ...core };
  return {
    core: core.core,
    cycles: core.cycles + before.cycles,
    synapticOperations: core.synapticOperations + before.synapticOperations,
    neuronUpdates: core.neuronUpdates + before.neuronUpdates,
    activeNeurons: core.activeNeurons + before.activeNeurons,
    synapseUpdates: core.synapseUpdates + before.synapseUpdates,
    messages: core.messages + before.messages,
    decipicojoules: core.decipicojoules + before.decipicojoules,
  };
}
