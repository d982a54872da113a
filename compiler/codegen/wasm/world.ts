import { neuronModel } from '../../../src/equations/load.js';
import type { NeuronModel } from '../../../src/equations/model.js';
import type { World } from '../../../src/network/world.js';
import { FLOAT64_LANES, MATH } from './float-expression.js';
import { FunctionBuilder } from './function-builder.js';
import { emitUpdates } from './lanes.js';
import { Layout, type Placed, VECTOR } from './layout.js';
import type { WasmFunction, WasmModule } from './module.js';
import { f64x2, get, i32, type Local, load, type Node, operation } from './node.js';
import type { OpcodeName } from './opcodes.js';
import type { Halves, LanePorts } from './ports.js';
import { STEP } from './step.js';

/** A world as a module beside that of a network, which shares its memory and calls its `STEP`. */
export interface LaneEpisode {
  /**
   * Exports `episode(seed, learning, draws, block, made)`, which gives the steps done: the draws of step t lie `block` bytes
   * times t after `draws`, and those of the steps before `made` are there already.
   */
  readonly module: WasmModule;
  /** Bytes of memory in use, those of the network included. */
  readonly bytes: number;
  readonly constants: Placed;
  readonly table: Placed;
  /** One score per lane. */
  readonly scores: Placed;
  /** Variables in float64 lanes, with their initial values: numbers, or those of constants. */
  readonly variables: readonly {
    readonly placed: Placed;
    readonly initial: number;
    readonly constant: number | undefined;
  }[];
}

/** The two pairs of lanes of a machine. */
const HALVES = [0, 1] as const;

/** Generates the whole episode of a world around a machine of four lanes whose memory has `start` bytes in use. */
export function emitWorld(world: World, ports: LanePorts, start: number): LaneEpisode {
  return new WorldWriter(world, ports, start).write();
}

const v = (name: OpcodeName, ...operands: readonly Node[]): Node => operation(name, operands);

class WorldWriter {
  private readonly f = new FunctionBuilder('episode');
  private readonly model: NeuronModel;
  private readonly layout: Layout;
  private readonly constants: Placed;
  private readonly table: Placed;
  private readonly scores: Placed;
  private readonly variables: ReadonlyMap<string, Placed>;
  /** What each lane was shown last, and its modulator. */
  private readonly shown: Placed;
  /** The offset of the step's row of the table. */
  private readonly row: Local = { name: 'row', type: 'i32' };

  constructor(
    private readonly world: World,
    private readonly ports: LanePorts,
    start: number,
  ) {
    this.model = neuronModel(world.equations);
    const layout = new Layout(start);
    this.layout = layout;
    this.constants = layout.doubles(world.constants.length);
    this.table = layout.doubles(world.steps * world.columns.length);
    this.scores = layout.wideLanes(1);
    this.shown = layout.wideLanes(world.observation.length + 1);
    this.variables = new Map(
      this.model.variables.map(({ name }) => [name, layout.wideLanes(1)] as const),
    );
  }

  write(): LaneEpisode {
    const { f, world, layout, constants, table, scores } = this;
    const [seed, learning, draws, block, made] = ['seed', 'learning', 'draws', 'block', 'made'].map(
      (name) => f.parameter(name),
    ) as [Local, Local, Local, Local, Local];
    const step = f.keep(i32(0), 'step');
    f.set(this.row, i32(0));
    f.repeat(
      () => {
        for (const half of HALVES) this.show(half);
        this.encode();
        const fresh = operation('i32.ge_s', [get(step), get(made)]);
        f.call(STEP, get(seed), get(step), get(learning), get(draws), fresh);
        this.act();
        f.advance(step, 1);
        f.advance(draws, get(block));
        f.advance(this.row, world.columns.length * 8);
      },
      () => {
        const more = operation('i32.lt_s', [get(step), i32(world.steps)]);
        const going = v('v128.or', this.alive(0), this.alive(1));
        return operation('i32.and', [more, v('v128.any_true', going)]);
      },
    );
    const functions: readonly WasmFunction[] = [f.finish(get(step))];
    return {
      module: { imports: [STEP, ...Object.values(MATH)], functions, pages: layout.pages },
      bytes: layout.bytes,
      constants,
      table,
      scores,
      variables: this.model.variables.map(({ name, initial }) => {
        const constant = world.constants.indexOf(name);
        const placed = this.variables.get(name)!;
        return { placed, initial, constant: constant < 0 ? undefined : constant };
      }),
    };
  }

  private load({ offset }: Placed, half: number): Node {
    return this.f.load(i32(0), offset + half * VECTOR);
  }

  private store({ offset }: Placed, half: number, value: Node): void {
    this.f.store(i32(0), value, offset + half * VECTOR);
  }

  /** All ones where a lane goes on: a score is not NaN. */
  private alive(half: number): Node {
    return v('f64x2.eq', this.load(this.scores, half), this.load(this.scores, half));
  }

  /** A parameter or variable of the world as it is before the action. */
  private read(name: string, half: number): Node {
    const { world, constants, table, row } = this;
    const variable = this.variables.get(name);
    if (variable) return this.load(variable, half);
    const constant = world.constants.indexOf(name);
    if (constant >= 0) return load('v128.load64_splat', i32(0), constants.offset + constant * 8);
    const column = world.columns.indexOf(name);
    if (column >= 0) return load('v128.load64_splat', get(row), table.offset + column * 8);
    const parameter = this.model.parameters.find((p) => p.name === name);
    if (parameter?.default === undefined) throw new Error(`nothing gives \`${name}\` of a world`);
    return f64x2(parameter.default);
  }

  /** A lane that does not go on keeps what it was shown last. */
  private show(half: number): void {
    const { f, world } = this;
    const alive = f.keep(this.alive(half), 'alive');
    for (const [i, name] of [...world.observation, world.modulator].entries()) {
      const place = this.seen(i);
      const value = v('v128.bitselect', this.read(name, half), this.load(place, half), get(alive));
      this.store(place, half, value);
    }
  }

  private seen(index: number): Placed {
    const { offset, stride } = this.shown;
    return { offset: offset + index * stride, length: 1, stride };
  }

  private encode(): void {
    const { f, world, ports } = this;
    const halves = (index: number): Halves => [
      this.load(this.seen(index), 0),
      this.load(this.seen(index), 1),
    ];
    const { placed } = ports.input;
    for (let i = 0; i < world.observation.length; i++) {
      const lanes = ports.input.encode(halves(i), i);
      f.store(i32(0), lanes, placed.offset + i * placed.stride);
    }
    const { modulator } = ports;
    if (!modulator) return;
    const lanes = modulator.encode(halves(world.observation.length));
    f.store(i32(0), lanes, modulator.placed.offset);
  }

  /** Runs the equations where a lane goes on and its action is finite; its score becomes NaN where it is not. */
  private act(): void {
    const { f, world, ports } = this;
    const { placed, decode } = ports.output;
    const actions = world.action.map((name, i): readonly [Local, Local] => {
      const lanes = f.keep(f.load(i32(0), placed.offset + i * placed.stride), 'output');
      const [low, high] = decode(get(lanes));
      return [f.keep(low, name), f.keep(high, name)];
    });
    for (const half of HALVES)
      this.move(
        half,
        actions.map((a) => a[half]!),
      );
  }

  private move(half: number, actions: readonly Local[]): void {
    const { f, world, model } = this;
    const moves = f.keep(this.alive(half), 'moves');
    for (const action of actions) {
      const finite = v('f64x2.lt', v('f64x2.abs', get(action)), f64x2(Number.POSITIVE_INFINITY));
      f.set(moves, v('v128.and', get(moves), finite));
    }
    const names = new Map(world.action.map((name, i) => [name, actions[i]!]));
    for (const { name } of [...model.parameters, ...model.variables]) {
      if (!names.has(name)) names.set(name, f.keep(this.read(name, half), name));
    }
    emitUpdates(f, model.updates, model.variables, names, { type: FLOAT64_LANES });
    for (const [name, placed] of this.variables) {
      const next = get(names.get(name)!);
      const kept = v('v128.bitselect', next, this.load(placed, half), get(moves));
      this.store(placed, half, kept);
    }
    const value = get(names.get(model.value)!);
    const score = v('f64x2.add', this.load(this.scores, half), value);
    const next = v('v128.bitselect', score, f64x2(Number.NaN), get(moves));
    this.store(this.scores, half, next);
  }
}
