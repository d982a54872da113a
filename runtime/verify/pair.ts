import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { DiagnosticBag } from '../../compiler/diagnostics/diagnostic.js';
import type { Format } from '../../compiler/levels/numbers/format.js';
import type {
  Inputs,
  Machine,
  MachineShape,
  Outputs,
  Probe,
  ProbeShape,
} from '../../src/network/machine.js';
import { describeProbe } from '../../src/network/probes.js';

/** A probe that both machines offer. */
export interface SharedProbe {
  readonly probe: Probe;
  /** `weight of a->b`. */
  readonly place: string;
  readonly length: number;
  readonly leftFormat: Format | undefined;
  readonly rightFormat: Format | undefined;
  /** Whether the left machine's can be written. */
  readonly writable: boolean;
}

/** What two machines have in common, and what only one of them shows. */
export interface SharedShape {
  readonly probes: readonly SharedProbe[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

/**
 * The probes that both machines offer: populations as the left one lists them, currents before the variables that they
 * move, then the synapses, so that the first difference is close to its cause.
 *
 * @throws DiagnosticsError PL5305 where ports or lengths differ, or no state is shared: all reasons at once.
 */
export function sharedShape(left: MachineShape, right: MachineShape): SharedShape {
  const bag = new DiagnosticBag();
  comparePorts('inputs', left, right, bag);
  comparePorts('outputs', left, right, bag);
  const rightByKey = new Map(right.probes.map((p) => [keyOf(p.probe), p]));
  const probes: SharedProbe[] = [];
  for (const shape of left.probes) {
    const other = rightByKey.get(keyOf(shape.probe));
    if (!other) continue;
    if (other.length !== shape.length) {
      const lengths = `${shape.length} values on ${left.machine}, ${other.length} on ${right.machine}`;
      bag.add(diagnostic('PL5305', `${describeProbe(shape.probe)} has ${lengths}`));
    }
    probes.push(share(shape, other));
  }
  if (probes.length === 0) {
    bag.add(diagnostic('PL5305', `${left.machine} and ${right.machine} show no state in common`));
  }
  bag.finish();
  const shared = new Set(probes.map((p) => keyOf(p.probe)));
  const rest = (shape: MachineShape): string[] =>
    shape.probes.filter((p) => !shared.has(keyOf(p.probe))).map((p) => describeProbe(p.probe));
  return { probes: inCausalOrder(probes), onlyLeft: rest(left), onlyRight: rest(right) };
}

const keyOf = (probe: Probe): string => `${probe.kind} ${describeProbe(probe)}`;

function share(left: ProbeShape, right: ProbeShape): SharedProbe {
  return {
    probe: left.probe,
    place: describeProbe(left.probe),
    length: left.length,
    leftFormat: left.format,
    rightFormat: right.format,
    writable: left.writable,
  };
}

function comparePorts(
  side: 'inputs' | 'outputs',
  left: MachineShape,
  right: MachineShape,
  bag: DiagnosticBag,
): void {
  const print = (shape: MachineShape): string =>
    shape[side].map((p) => `${p.name}[${p.size}]`).join(', ') || 'none';
  if (print(left) === print(right)) return;
  bag.add(
    diagnostic('PL5305', `the machines have different ${side}`, {
      notes: [`${left.machine}: ${print(left)}`, `${right.machine}: ${print(right)}`],
    }),
  );
}

/** Weights that a scale multiplies come after what they are made of. */
const SYNAPSE_ORDER: readonly Probe['kind'][] = ['synapse', 'stored', 'scale', 'weight', 'counter'];

/** Neurons run before rules; within a population the current comes first. Stable otherwise. */
function inCausalOrder(probes: readonly SharedProbe[]): SharedProbe[] {
  const populations = [
    ...new Set(probes.flatMap(({ probe }) => ('population' in probe ? [probe.population] : []))),
  ];
  const rank = ({ probe }: SharedProbe): number => {
    if ('population' in probe) {
      return 2 * populations.indexOf(probe.population) + (probe.kind === 'current' ? 0 : 1);
    }
    return 2 * populations.length + SYNAPSE_ORDER.indexOf(probe.kind);
  };
  return [...probes].sort((a, b) => rank(a) - rank(b));
}

/** What to do around a step of both machines. */
export interface PairHooks {
  readonly before?: (inputs: Inputs) => void;
  readonly after: (inputs: Inputs, left: Outputs, right: Outputs) => void;
}

/**
 * Two machines as one: both get the inputs, the outputs are those of `left`. A write changes on the right what it
 * changes on the left and nothing else, so that an injury hits both and hides no difference.
 */
export function pairMachines(left: Machine, right: Machine, hooks: PairHooks): Machine {
  return new PairedMachine(left, right, hooks);
}

class PairedMachine implements Machine {
  readonly shape: MachineShape;

  constructor(
    private readonly left: Machine,
    private readonly right: Machine,
    private readonly hooks: PairHooks,
  ) {
    this.shape = { ...left.shape, machine: `${left.shape.machine} and ${right.shape.machine}` };
  }

  get learning(): boolean {
    return this.left.learning;
  }

  set learning(learning: boolean) {
    this.left.learning = learning;
    this.right.learning = learning;
  }

  reset(options: { readonly seed: number }): void {
    this.left.reset(options);
    this.right.reset(options);
  }

  step(inputs: Inputs): Outputs {
    this.hooks.before?.(inputs);
    const left = this.left.step(inputs);
    const right = this.right.step(inputs);
    this.hooks.after(inputs, left, right);
    return left;
  }

  read(probe: Probe): Float64Array {
    return this.left.read(probe);
  }

  write(probe: Probe, values: ArrayLike<number>): void {
    const before = this.left.read(probe);
    this.left.write(probe, values);
    const changed = this.right.read(probe);
    for (let i = 0; i < changed.length; i++) {
      if (values[i] !== before[i]) changed[i] = values[i]!;
    }
    this.right.write(probe, changed);
  }
}
