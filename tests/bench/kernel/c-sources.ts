import type { MicroProgram } from '../../../compiler/levels/micro/micro.js';
import type { CSource } from './c-program.js';
import { coefficientsOf } from './sides.js';
import { memberMicro, OBSERVATIONS, PARAMETERS, PROJECTIONS, parameterOf, WORK } from './work.js';

const bytes = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array | Int8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

const members = Array.from({ length: WORK.members }, (_, member) => member);

/** float-kernel.c with flags that let gcc vectorise the largest of floats and keep every sum in its order. */
export function floatSource(architecture = 'native'): CSource {
  const parameters = members.flatMap((member) =>
    PARAMETERS.flatMap((_, index) =>
      PROJECTIONS.map((_, projection) => bytes(parameterOf(member, projection, index))),
    ),
  );
  return {
    file: 'float-kernel.c',
    flags: [
      ...['-O3', `-march=${architecture}`, '-fno-math-errno', '-fno-trapping-math'],
      ...['-ffinite-math-only', '-fno-signed-zeros', '-ffp-contract=off'],
    ],
    constants: {},
    data: Buffer.concat([...OBSERVATIONS.map(bytes), ...parameters]),
  };
}

/** integer-kernel.c for the micro-operations of `compiledWork`. */
export function integerSource(micro: MicroProgram, architecture = 'native'): CSource {
  const words = ['m0', 'm1', 'm2', 'm3', 'e0', 'e1', 'e2', 'e3'].map(
    (word) => `w${word[1]}.${word[0]}0`,
  );
  const coefficients = members.flatMap((member) => {
    const arrays = memberMicro(micro, member).fixed.projections.map((p) => coefficientsOf(p.rule!));
    return words.flatMap((name) => arrays.map((own) => bytes(Int8Array.from(own.get(name)!))));
  });
  return {
    file: 'integer-kernel.c',
    flags: ['-O3', `-march=${architecture}`],
    constants: { FIRST_DRAW: drawOf(micro, 0), SECOND_DRAW: drawOf(micro, 1) },
    data: Buffer.concat([...OBSERVATIONS.map(bytes), ...coefficients]),
  };
}

/** The `operation` word of the one draw of a rule. */
function drawOf(micro: MicroProgram, projection: number): number {
  const { name } = PROJECTIONS[projection]!;
  const kernel = micro.kernels.find((k) => k.kind === 'synapse' && k.owner === name)!;
  const drawn = kernel.operations.flatMap((o) =>
    o.kind === 'shift' && o.rounding === 'stochastic' ? [o.operation] : [],
  );
  if (drawn.length !== 1) throw new Error(`the rule of ${name} draws ${drawn.length} times`);
  return drawn[0]!;
}
