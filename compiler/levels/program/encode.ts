import type { PortCodec } from '../numbers/codec.js';
import { type Format, printFormat } from '../numbers/format.js';
import type { Program, ProgramPort } from './program.js';
import { PROGRAM_MAGIC, programType } from './schema.js';

const list = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value] : value;
const text = (format: Format | undefined): string => (format ? printFormat(format) : '');

function port({
  population,
  field,
  format,
  mean,
  deviation,
  scale,
  clip,
}: ProgramPort & PortCodec): object {
  return {
    population,
    field,
    format: printFormat(format),
    mean: list(mean),
    deviation: list(deviation),
    scale,
    clipped: clip !== null,
    clip: clip ?? 0,
  };
}

/** A Program as bytes; the same Program gives the same bytes. */
export function encodeProgram(program: Program): Uint8Array {
  const { modulator } = program;
  const message = {
    ...program,
    magic: PROGRAM_MAGIC,
    populations: program.populations.map((p) => ({
      ...p,
      payloadFormat: text(p.payloadFormat),
      traces: p.traces.map((t) => ({ ...t, format: text(t.format) })),
    })),
    inputs: program.inputs.map(port),
    outputs: program.outputs.map(port),
    ...(modulator ? { modulator: { ...modulator, format: text(modulator.format) } } : {}),
    cores: program.cores.map((core) => ({
      ...core,
      groups: core.groups.map((g) => ({
        ...g,
        fields: g.fields.map((f) => ({ ...f, format: text(f.format) })),
      })),
      blocks: core.blocks.map((b) => ({
        ...b,
        weightFormat: text(b.weightFormat),
        tagFormat: text(b.tagFormat),
      })),
    })),
    symbols: program.symbols.map((s) => ({ ...s, format: text(s.format) })),
  };
  return programType.encode(message).finish();
}
