import { FunctionBuilder } from './function-builder.js';
import { type Placed, VECTOR } from './layout.js';
import type { WasmFunction } from './module.js';
import { type FunctionReference, get, i32, type Local, type Node, operation } from './node.js';

/**
 * The exported function that does one network step in every lane, when inputs and modulators lie in their places. It takes
 * the seed of the draws, the step, whether rules run, the address of the step's random draws, and whether these are
 * still to be made there.
 */
export const STEP: FunctionReference = {
  name: 'step',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
  result: undefined,
};

/** Writes `STEP` part by part, in the normative order of a step. */
export class StepWriter {
  readonly seed: Local;
  readonly step: Local;
  private readonly f = new FunctionBuilder(STEP.name);
  private readonly learning: Local;
  private readonly draws: Local;
  private readonly fresh: Local;

  constructor(private readonly functions: readonly WasmFunction[]) {
    const { f } = this;
    this.seed = f.parameter('seed');
    this.step = f.parameter('step');
    this.learning = f.parameter('learning');
    this.draws = f.parameter('draws');
    this.fresh = f.parameter('fresh');
  }

  /** Calls a kernel of the module, if there is one of that name. */
  call(name: string, ...words: readonly Node[]): void {
    const callee = this.functions.find((f) => f.name === name);
    if (callee) this.f.call(callee, ...words);
  }

  /** The address of the slot of a line that is used `ahead` steps from now; slots lie one after the other. */
  slot(line: readonly Placed[], ahead: number): Node {
    const [first] = line;
    if (!first) throw new Error('a line without slots');
    const later = operation('i32.add', [get(this.step), i32(ahead)]);
    const number = operation('i32.rem_u', [later, i32(line.length)]);
    const offset = operation('i32.mul', [number, i32(first.length * first.stride)]);
    return operation('i32.add', [offset, i32(first.offset)]);
  }

  /** Copies vectors. */
  copy(from: Node, to: Node, vectors: number): void {
    const { f } = this;
    const [source, target] = [f.keep(from, 'source'), f.keep(to, 'target')];
    f.loop(vectors, () => {
      f.store(get(target), f.load(get(source), 0), 0);
      f.advance(source, VECTOR);
      f.advance(target, VECTOR);
    });
  }

  /** Where rules run and `(step + 1) mod every` is 0. */
  learn(every: number, body: () => void): void {
    const { f } = this;
    f.if(get(this.learning), () => {
      if (every === 1) return body();
      const next = operation('i32.add', [get(this.step), i32(1)]);
      f.if(operation('i32.eqz', [operation('i32.rem_u', [next, i32(every)])]), body);
    });
  }

  /** The address of a projection's draws in this step; `draw` makes them where they are not there yet. */
  drawn(offset: number, draw: (into: Node) => void): Node {
    const address = operation('i32.add', [get(this.draws), i32(offset)]);
    this.f.if(get(this.fresh), () => draw(address));
    return address;
  }

  finish(): WasmFunction {
    return this.f.finish();
  }
}
