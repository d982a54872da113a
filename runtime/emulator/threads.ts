import { Worker } from 'node:worker_threads';
import { type Kernel, kernelsOf } from '../host/packed-memory.js';
import { workerFile } from '../worker-file.js';
import type { Accounting } from './accounting.js';
import { Core } from './core.js';
import { type Crew, OneThread } from './crew.js';
import { GeneratedCore, type GeneratedShared } from './generated-core.js';
import type { ChipState, CoreState } from './state.js';
import { Tally, tallyWords } from './tally.js';

/** Words of the memory by which threads are told what to do. */
export const CONTROL = {
  /** Counts orders: a new value is a new order. */
  order: 0,
  /** Workers that have not carried it out. */
  missing: 1,
  /** Set by a worker that failed. */
  failed: 2,
  /** A phase, or one of FINISH, FINISH_FROZEN and STOP. */
  what: 3,
  seed: 4,
  step: 5,
  edits: 6,
  modulator: 7,
} as const;
export const FINISH = -1;
export const FINISH_FROZEN = -2;
export const STOP = -3;

/** What a worker is given: memory that all share, and which cores are its own. */
export interface ThreadContext {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly chip: ChipState;
  readonly shared: GeneratedShared;
  /** By core: products of the rule at an entry. */
  readonly products: readonly ReadonlyMap<number, number>[];
  readonly control: Int32Array;
  readonly tallies: readonly Float64Array[];
  readonly own: readonly number[];
}

/** A chip of shared memory as its threads see it. */
export type SharedChip = Pick<ThreadContext, 'module' | 'memory' | 'chip' | 'shared' | 'products'>;

/** Looks this often before it sleeps: a barrier comes within microseconds. */
const SPINS = 20_000;
/** No group runs at the end of a step. */
const NO_PHASE = -1;
/** Milliseconds without an answer after which a thread is given up. */
const DEADLINE = 60_000;

/** The cores of a part of a chip, at work on kernels of their own instance. */
export function coresOf(
  { chip, shared, products, tallies }: Omit<ThreadContext, 'control' | 'own'>,
  own: readonly number[],
  kernel: (name: string) => Kernel,
): Core[] {
  return own.map((c) => {
    const state = chip.cores[c]!;
    const tally = new Tally(tallies[c]!, state);
    const kernels = new GeneratedCore(state, c, chip, kernel, shared, (n) => tally.limited(n));
    return new Core(state, kernels, (entry) => products[c]!.get(entry)!, chip, tally);
  });
}

/**
 * The order after one that was carried out, as soon as there is one. A notice of an old order
 * may come late, when its sender was interrupted before it: being woken is not being told.
 * The main thread has no other way to reach a worker: it waits without an end, and ends with
 * the process.
 */
export function nextOrder(control: Int32Array, last: number): number {
  for (let spin = 0; spin < SPINS && Atomics.load(control, CONTROL.order) === last; spin++);
  for (;;) {
    const order = Atomics.load(control, CONTROL.order);
    if (order !== last) return order;
    Atomics.wait(control, CONTROL.order, last);
  }
}

/** Cores dealt to this thread and to workers, which wait in shared memory between phases. */
export class Threads implements Crew {
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CONTROL).length));
  private readonly chip: ChipState;
  private closed = false;
  private readonly workers: readonly Worker[];
  private readonly own: OneThread;
  private readonly tallies: readonly Tally[];

  /** Throws DiagnosticsError PL5108 when the compiled worker is missing. */
  constructor(
    given: SharedChip,
    count: number,
    private readonly accounting: Accounting,
  ) {
    const { cores } = given.chip;
    const words = cores.map(
      (state) => new Float64Array(new SharedArrayBuffer(8 * tallyWords(state))),
    );
    this.tallies = cores.map((state, c) => new Tally(words[c]!, state));
    const shares = dealt(cores, count);
    const context = { ...given, chip: withoutProgram(given.chip), tallies: words };
    this.chip = given.chip;
    this.own = new OneThread(
      coresOf({ ...given, tallies: words }, shares[0]!, kernelsOf(given.module, given.memory)),
    );
    const file = workerFile(import.meta.url, 'runtime/emulator', 'core-worker.js');
    this.workers = shares.slice(1).map((own) => {
      const workerData: ThreadContext = { ...context, control: this.control, own };
      const worker = new Worker(file, { workerData });
      worker.unref();
      return worker;
    });
  }

  runPhase(phase: number): void {
    this.together(phase, phase, () => this.own.runPhase(phase));
  }

  finish(learning: boolean): void {
    const what = learning ? FINISH : FINISH_FROZEN;
    this.together(what, NO_PHASE, () => this.own.finish(learning));
  }

  close(): void {
    if (!this.closed) this.order(STOP);
    this.closed = true;
  }

  /** Has all threads do their part, and ends when all have. */
  private together(what: number, phase: number, own: () => void): void {
    if (this.closed) throw new Error('the threads of this emulator were ended');
    this.order(what);
    try {
      own();
    } finally {
      this.gather(phase);
    }
  }

  private order(what: number): void {
    const { control, chip } = this;
    control[CONTROL.what] = what;
    control[CONTROL.seed] = chip.seed;
    control[CONTROL.step] = chip.step;
    control[CONTROL.edits] = chip.edits;
    control[CONTROL.modulator] = chip.modulator;
    Atomics.store(control, CONTROL.missing, this.workers.length);
    Atomics.add(control, CONTROL.order, 1);
    Atomics.notify(control, CONTROL.order);
  }

  /** Waits for all workers, then hands what the cores did to the accounting, in their order. */
  private gather(phase: number): void {
    const { control } = this;
    for (let spin = 0; spin < SPINS && Atomics.load(control, CONTROL.missing) > 0; spin++);
    for (;;) {
      const missing = Atomics.load(control, CONTROL.missing);
      if (missing === 0) break;
      if (Atomics.wait(control, CONTROL.missing, missing, DEADLINE) === 'timed-out') {
        throw new Error(`${missing} threads of the emulator gave no answer in ${DEADLINE} ms`);
      }
    }
    if (control[CONTROL.failed]) throw new Error('a thread of the emulator failed');
    for (const tally of this.tallies) tally.drain(phase, this.accounting);
  }
}

/** Shares of cores, each about as much work: the largest first, to who has least. */
function dealt(cores: readonly CoreState[], count: number): readonly (readonly number[])[] {
  const work = ({ blocks }: CoreState): number =>
    blocks.reduce((sum, { weights }) => sum + weights.length, 1);
  const shares = Array.from({ length: count }, () => ({ work: 0, cores: [] as number[] }));
  const order = [...cores.keys()].sort((a, b) => work(cores[b]!) - work(cores[a]!) || a - b);
  for (const c of order) {
    const least = shares.reduce((best, share) => (share.work < best.work ? share : best));
    least.cores.push(c);
    least.work += work(cores[c]!);
  }
  return shares.map((share) => share.cores.sort((a, b) => a - b));
}

/** A chip whose arrays are shared, without what no core reads while it works. */
function withoutProgram(chip: ChipState): ChipState {
  const none = new Uint32Array(0);
  return {
    ...chip,
    program: { ...chip.program, cores: [], sources: [], symbols: [] },
    cores: chip.cores.map(({ core, groups, blocks }) => ({
      core: { ...core, groups: [], blocks: [], neuronCode: [], learningCode: [], tables: [] },
      groups,
      blocks: blocks.map((state) => ({
        ...state,
        block: {
          ...state.block,
          rowStart: none,
          columns: none,
          weights: none,
          tags: none,
          profiles: none,
          coefficients: none,
        },
      })),
    })),
  };
}
