import type { FixedNetwork, FixedPopulation, FixedProjection } from '../../levels/fixed/fixed.js';
import { SCALE_PARTS, type ScaleRead, scaleRead } from '../../levels/fixed/scale.js';
import type { MicroKernel, MicroProgram } from '../../levels/micro/micro.js';
import { SHARED_BITS } from '../../levels/numbers/draw.js';
import { emitKernel, isNarrow } from './integer-kernel.js';

/**
 * JavaScript for every kernel of a quantised network. The text is the body of a function of (state, coefficients, row,
 * overflow): `coefficients` maps projection and name to one integer per synapse, `row(i, projection, operation)` gives the
 * two words that the draws of a row share, `overflow(value, format)` wraps. Saturations are not counted.
 */
export function emitIntegerNetwork({ fixed, kernels }: MicroProgram): string {
  const kernelOf = (kind: MicroKernel['kind'], owner: string): MicroKernel | undefined =>
    kernels.find((k) => k.kind === kind && k.owner === owner);
  const neurons = fixed.populations.flatMap((p) => {
    const kernel = kernelOf('neuron', p.name);
    return kernel ? [emitNeurons(p, kernel)] : [];
  });
  const learn = fixed.projections.flatMap((p) => {
    const kernel = kernelOf('synapse', p.name);
    return kernel ? [emitLearn(fixed, p, kernel)] : [];
  });
  const accumulate = fixed.projections.map((p) => emitAccumulate(fixed, p));
  const tables = fixed.projections.flatMap((p) => emitTables(fixed, p));
  return `'use strict';
// ${fixed.name}: generated from its micro-operations; exact integers.
const neurons = {}, accumulate = {}, learn = {};
${DRAW}
${[...tables, ...neurons, ...accumulate, ...learn].join('\n')}
return { neurons, accumulate, learn };
`;
}

/** `drawPost` of levels/numbers/draw.ts, as text so that it is inlined; the lockstep tests compare the two, and `drawRounding`. */
const DRAW = `const post = (a, b, j) => {
  b ^= j;
  for (let n = 0; n < 6; n++) {
    a = (((a >>> 8) | (a << 24)) + b) | 0;
    a ^= 0x9e3779b9;
    b = ((b << 3) | (b >>> 29)) ^ a;
  }
  return a + b;
};`;

const quote = (text: string): string => JSON.stringify(text);

/** Field names as identifiers: numbered per kernel. */
function numbering(prefix: string): {
  readonly of: (field: string) => string;
  readonly all: Map<string, string>;
} {
  const all = new Map<string, string>();
  const of = (field: string): string => {
    const known = all.get(field) ?? `${prefix}${all.size}`;
    all.set(field, known);
    return known;
  };
  return { of, all };
}

/** One integer, in an array of its own: a part of the scale of a projection. */
const scalePart = ({ part }: ScaleRead, projection: string): string => {
  const at = SCALE_PARTS.indexOf(part);
  return `state.scales.get(${quote(projection)}).parts.subarray(${at}, ${at + 1})`;
};

function emitNeurons(population: FixedPopulation, kernel: MicroKernel): string {
  const fields = numbering('F');
  const body = emitKernel(kernel, {
    load: (field) => `${fields.of(field)}[${scaleRead(field) ? 0 : 'i'}]`,
    store: (field, value) => `${fields.of(field)}[i] = ${value}`,
    random: () => {
      throw new Error('neurons draw no random numbers');
    },
  });
  const source = (field: string): string => {
    const scale = scaleRead(field);
    return scale ? scalePart(scale, scale.projection!) : `store.get(${quote(field)})`;
  };
  return `{
  const store = state.neurons.get(${quote(population.name)});
  ${[...fields.all].map(([field, name]) => `const ${name} = ${source(field)};`).join('\n  ')}
  neurons[${quote(population.name)}] = () => {
    for (let i = 0; i < ${population.size}; i++) {
      ${body.join('\n      ')}
    }
  };
}`;
}

function isDense(projection: FixedProjection, postSize: number): boolean {
  const { rowStart, columns } = projection;
  return (
    columns.length === (rowStart.length - 1) * postSize &&
    columns.every((c, k) => c === k % postSize)
  );
}

const postSize = (fixed: FixedNetwork, { post }: FixedProjection): number =>
  fixed.populations.find((p) => p.name === post)!.size;

/** Row starts and columns of a sparse projection, from the state: written out they would be too many arguments. */
function emitTables(fixed: FixedNetwork, projection: FixedProjection): string[] {
  if (isDense(projection, postSize(fixed, projection))) return [];
  const index = fixed.projections.indexOf(projection);
  const from = `state.fixed.projections[${index}]`;
  return [
    `const starts${index} = Int32Array.from(${from}.rowStart), columns${index} = Int32Array.from(${from}.columns);`,
  ];
}

/** Opens the loop over the synapses k of row i, each to neuron j. */
function openRow(fixed: FixedNetwork, projection: FixedProjection): string {
  const size = postSize(fixed, projection);
  if (isDense(projection, size)) return `for (let j = 0, k = i * ${size}; j < ${size}; j++, k++) {`;
  const index = fixed.projections.indexOf(projection);
  const [starts, columns] = [`starts${index}`, `columns${index}`];
  return `for (let k = ${starts}[i], last = ${starts}[i + 1]; k < last; k++) { const j = ${columns}[k];`;
}

function emitAccumulate(fixed: FixedNetwork, projection: FixedProjection): string {
  const open = openRow(fixed, projection);
  const post = fixed.populations.find((p) => p.name === projection.post)!;
  const { format } = post.fields.find((f) => f.name === projection.accumulator)!;
  const shift = 32 - format.width;
  // Two's-complement wrap: sums of 32-bit products keep their low bits through | 0.
  const wrapped = isNarrow(format)
    ? `into[j] = ((into[j] + Math.imul(weights[k], s)) << ${shift}) >> ${shift};`
    : `into[j] = overflow(into[j] + weights[k] * s, ${quote(projection.name)});`;
  return `{
  const weights = state.synapses.get(${quote(projection.name)}).get('weight');
  accumulate[${quote(projection.name)}] = (payload, into) => {
    for (let i = 0; i < payload.length; i++) {
      const s = payload[i];
      if (s === 0) continue;
      ${open} ${wrapped} }
    }
  };
}`;
}

function emitLearn(fixed: FixedNetwork, projection: FixedProjection, kernel: MicroKernel): string {
  const open = openRow(fixed, projection);
  const arrays = numbering('A');
  const operations = new Set<number>();
  const coefficients = new Set(projection.rule!.coefficients.map((c) => c.name));
  const body = emitKernel(kernel, {
    load: (field) => {
      if (field === 'modulator') return 'modulator';
      if (scaleRead(field)) return `${arrays.of(field)}[0]`;
      if (field.startsWith('pre.')) return `${arrays.of(field)}[i]`;
      return field.startsWith('post.') ? `${arrays.of(field)}[j]` : `${arrays.of(field)}[k]`;
    },
    store: (field, value) => `${arrays.of(field)}[k] = ${value}`,
    random: (operation, bits) => {
      operations.add(operation);
      const row = `a${operation}, b${operation}`;
      return bits > SHARED_BITS
        ? `post(${row}, j)`
        : `(post(${row}, j >>> 2) << (24 - 8 * (j & 3)))`;
    },
  });
  const source = (field: string): string => {
    const scale = scaleRead(field);
    if (scale) return scalePart(scale, projection.name);
    if (field.startsWith('pre.'))
      return `state.neurons.get(${quote(projection.pre)}).get(${quote(field.slice(4))})`;
    if (field.startsWith('post.'))
      return `state.neurons.get(${quote(projection.post)}).get(${quote(field.slice(5))})`;
    if (coefficients.has(field))
      return `coefficients.get(${quote(projection.name)}).get(${quote(field)})`;
    return `state.synapses.get(${quote(projection.name)}).get(${quote(field)})`;
  };
  const rows = [...operations].map(
    (o) => `row(i, ${projection.index}, ${o}, words); const a${o} = words.a, b${o} = words.b;`,
  );
  return `{
  ${[...arrays.all].map(([field, name]) => `const ${name} = ${source(field)};`).join('\n  ')}
  const words = { a: 0, b: 0 };
  learn[${quote(projection.name)}] = () => {
    const modulator = state.modulator;
    for (let i = 0; i < ${projection.rowStart.length - 1}; i++) {
      ${rows.join('\n      ')}
      ${open}
        ${body.join('\n        ')}
      }
    }
  };
}`;
}
