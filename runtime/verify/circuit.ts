import type { ChipTwin, CycleWindow, WriteDifference } from '../../compiler/target.js';
import type { Probe } from '../../src/network/machine.js';
import { describeProbe } from '../../src/network/probes.js';
import type { Comparison, Difference, SideValue } from './comparison.js';
import { type Drive, runDrive } from './drive.js';
import type { Explain } from './lockstep.js';
import { pairMachines, sharedShape } from './pair.js';

/** When steps began, in cycles of the run. */
interface Began {
  readonly episode: number;
  readonly step: number;
  readonly cycle: number;
}

/**
 * Runs a circuit and its emulator through a drive and compares every write that either makes, with its cycle: by a hash of every
 * window of cycles. Where one differs, the run is repeated and the window's writes are compared one by one. Nothing is read on the
 * way but outputs, so that the circuit works as it does without a witness; at the end every state is compared.
 */
export function emulatorToCircuit(
  twin: ChipTwin,
  drive: Drive,
  steps: number,
  explain: Explain,
): Comparison {
  const run = traced(twin, drive, steps);
  const window = twin.differingWindow();
  const found = window ? repeated(twin, drive, steps, window, explain) : stateDifference(run);
  const { onlyLeft, onlyRight } = sharedShape(twin.emulator.shape, twin.circuit.shape);
  return {
    left: 'emulator',
    right: 'rtl',
    kind: 'exact',
    steps: run.steps,
    compared: run.writes + run.states.reduce((sum, { left }) => sum + left.length, 0),
    cycles: run.cycles,
    differences: found ? 1 : 0,
    firstDifference: found ?? null,
    onlyLeft: [...onlyLeft],
    onlyRight: [...onlyRight],
    ruleError: null,
    score: null,
    broken: [],
  };
}

interface Run {
  readonly steps: number;
  readonly writes: number;
  readonly cycles: number;
  readonly began: readonly Began[];
  readonly states: readonly State[];
}

/** Values that both show once all has run. */
interface State {
  readonly place: string;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** One run of both, traced: hashes of everything, or the writes in a window. */
function traced(twin: ChipTwin, drive: Drive, steps: number, window?: CycleWindow): Run {
  const began: Began[] = [];
  let episode = 0;
  let step = 0;
  twin.begin(window);
  const pair = pairMachines(twin.emulator, twin.circuit, {
    before: () => began.push({ episode, step: step++, cycle: twin.cycles }),
    after: () => undefined,
  });
  const ran = runDrive(drive, pair, {
    steps,
    began: (number) => {
      episode = number;
      step = 0;
    },
  });
  // What learning is pending is done before any state is read, and is part of the trace.
  const states = statesOf(twin);
  return { steps: ran.steps, writes: twin.writes, cycles: twin.cycles, began, states };
}

function statesOf({ emulator, circuit }: ChipTwin): readonly State[] {
  const counters = emulator.counters.map((name): Probe => ({ kind: 'counter', name }));
  const shared = sharedShape(emulator.shape, circuit.shape).probes.map(({ probe }) => probe);
  return [...shared, ...counters].map((probe) => ({
    place: describeProbe(probe),
    left: emulator.read(probe),
    right: circuit.read(probe),
  }));
}

/** The first value that differs at the end of a run. */
function stateDifference({ states, began }: Run): Difference | undefined {
  for (const { place, left, right } of states) {
    const index = left.findIndex((value, i) => value !== right[i]);
    if (index < 0) continue;
    const side = (real: number): SideValue => ({ real, integer: null });
    return {
      ...at(began.at(-1)!),
      place,
      index,
      left: side(left[index]!),
      right: side(right[index]!),
      format: null,
      cause: 'found at the end of the run',
      span: null,
      also: [],
    };
  }
  return undefined;
}

/** Runs again, keeping the writes of a window: the first that differs. */
function repeated(
  twin: ChipTwin,
  drive: Drive,
  steps: number,
  window: CycleWindow,
  explain: Explain,
): Difference {
  const { began } = traced(twin, drive, steps, window);
  const found = twin.differingWrite();
  if (!found) throw new Error('a trace differs in a window whose writes are equal');
  return writeDifference(found, began, explain);
}

function writeDifference(
  { cycle, place, index, probe, emulator, circuit }: WriteDifference,
  began: readonly Began[],
  explain: Explain,
): Difference {
  const { instruction, span } = (probe && explain(probe, index)) ?? {};
  const source = span && `${span.file}:${span.line}:${span.column}`;
  const parts = [`cycle ${cycle}`, instruction, source].filter((part) => part !== undefined);
  const side = (integer: number | undefined): SideValue =>
    integer === undefined ? { real: 'no write', integer: null } : { real: integer, integer };
  return {
    ...at(began.findLast((b) => b.cycle <= cycle) ?? began[0]!),
    place,
    index,
    left: side(emulator),
    right: side(circuit),
    format: null,
    cause: parts.join(', '),
    span: span ?? null,
    also: [],
  };
}

const at = ({ episode, step }: Began): Pick<Difference, 'episode' | 'step'> => ({ episode, step });
