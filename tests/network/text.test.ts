import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { parseNetwork } from '../../src/network/parse-text.js';
import { printNetwork } from '../../src/network/text.js';
import { readValue, readWords } from '../../src/network/text-values.js';
import { ECHO } from '../machines/networks.js';
import { randomNetwork } from './random-network.js';

/** A network without the places of its definitions, which are those of another text after parsing. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'origin');
  return Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)]));
}

function faults(text: string): readonly Diagnostic[] {
  try {
    parseNetwork(text, 'net.txt');
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  return [];
}

const small = (): Network =>
  new NetworkBuilder('small')
    .input('input', 2, { mean: [0.1, -0] })
    .population('out', 1, ECHO)
    .projection('input', 'out', {
      rule: 'rule hebb(per synapse lr)\n  dw = lr * x * y\n',
      parameters: { lr: [1e-7, 0.5] },
    })
    .output('out', { clip: 1 })
    .build();

describe('printNetwork', () => {
  it('prints a network that people can read', () => {
    expect(printNetwork(small())).toMatchInlineSnapshot(`
      "network small

      neuron echo
        value <- I

      rule hebb(per synapse lr)
        dw = lr * x * y

      population input[2]

      population out[1] echo

      projection input->out: input -> out
        delay = 0
        weight = arrival
        every = 1
        initial = 0
        rule = hebb
        signal x = pre.value
        signal y = post.value
        parameter lr = [1e-7, 0.5]

      input input
        mean = [0.1, -0]
        deviation = 1
        scale = 1

      output out
        variable = value
        scale = 1
        clip = 1
      "
    `);
  });

  it('is read back as the same network', () => {
    fc.assert(
      fc.property(randomNetwork, (network) => {
        const text = printNetwork(network);
        const back = parseNetwork(text, 'net.txt');
        expect(plain(back)).toEqual(plain(network));
        expect(printNetwork(back)).toBe(text);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('parseNetwork', () => {
  it('fills in what is left out', () => {
    const text = `# by hand
network by-hand
population input[2]
population out[1] echo
projection input->out: input -> out
  rule = hebb
  # the learning rate
  parameter lr = 0.5
input input
output out

neuron echo()
  value <- I

rule hebb(per synapse lr)
  dw = lr * x * y
`;
    const expected = new NetworkBuilder('by-hand')
      .input('input', 2)
      .population('out', 1, ECHO)
      .projection('input', 'out', {
        rule: 'rule hebb(per synapse lr)\n  dw = lr * x * y\n',
        parameters: { lr: 0.5 },
      })
      .output('out')
      .build();
    expect(plain(parseNetwork(text, 'net.txt'))).toEqual(plain(expected));
    expect(plain(parseNetwork(text.replaceAll('\n', '\r\n'), 'net.txt'))).toEqual(plain(expected));
  });

  it('takes neurons and rules from the library', () => {
    const text =
      'network n\npopulation i[1]\npopulation c[1] ternary_lif\nprojection p: i -> c\n  rule = pdlf\n' +
      ['lr', 'A', 'B', 'C', 'D'].map((name) => `  parameter ${name} = 1\n`).join('') +
      'input i\n';
    const network = parseNetwork(text, 'net.txt');
    expect(network.populations[1]!.neuron?.name).toBe('ternary_lif');
    expect(network.projections[0]!.rule?.name).toBe('pdlf');
  });

  it.each([
    ['an unknown heading', 'popluation x[2]', 'PL1220', 9],
    ['an unknown field', 'population x[2] echo\n  size = 3', 'PL1220', 10],
    ['a field given twice', 'output out\n  scale = 1\n  scale = 2', 'PL1220', 11],
    ['a line without =', 'output out\n  scale', 'PL1220', 10],
    ['a second network', 'network again', 'PL1220', 9],
    ['a bad number', 'output out\n  scale = 1e999', 'PL1221', 10],
    ['a bad array', 'input in2\n  mean = [1, x]', 'PL1221', 10],
    ['cut base64', 'input in2\n  mean = f64"AAAA"', 'PL1221', 10],
    ['an unused definition', 'rule idle()\n  dw = x', 'PL1222', 9],
  ])('names the line of %s', (_, extra, code, line) => {
    const text = `network n
neuron echo()
  value <- I

population input[1]
population out[1] echo
input input
# the fault
${extra}
`;
    const found = faults(text);
    expect(found.map((d) => [d.code, d.span?.file, d.span?.line])).toEqual([
      [code, 'net.txt', line],
    ]);
    expect(found[0]!.source).toBe(text.split('\n')[line - 1]);
  });

  it('places faults of a definition in the text around it', () => {
    const found = faults('network n\n\nneuron bad()\n  value <- (I\n\npopulation x[1] bad\n');
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.span).toMatchObject({ file: 'net.txt', line: 4 });
    expect(found[0]!.source).toBe('  value <- (I');
  });

  it('keeps the places of definitions in the whole text', () => {
    const network = parseNetwork(
      'network n\n\nneuron echo\n  value <- I\n\npopulation x[1] echo\n',
      'net.txt',
    );
    expect(network.populations[0]!.neuron!.updates[0]!.origin).toMatchObject({
      file: 'net.txt',
      line: 4,
    });
  });

  it('takes one definition from a block', () => {
    const text = 'network n\nneuron a\n  value <- I\n  neuron b\n  value <- I\npopulation x[1] a\n';
    expect(faults(text).map((d) => [d.code, d.span?.line])).toEqual([['PL1220', 2]]);
  });

  it('places faults of the network at the heading of the element', () => {
    const text =
      'network n\npopulation i[1]\npopulation c[1] ternary_lif\n  parameter tua = 1\ninput i\n';
    const found = faults(text);
    expect(found.map((d) => [d.code, d.span?.line])).toEqual([['PL1206', 3]]);
  });

  it('refuses a text without a network line, and an empty one', () => {
    expect(faults('').map((d) => d.code)).toContain('PL1220');
    expect(faults('  delay = 1\n').map((d) => d.code)).toEqual(['PL1220']);
  });

  it('never ends in anything but a network or diagnostics, whatever the damage', () => {
    const text = printNetwork(small());
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.nat(12),
        fc.string({ maxLength: 4 }),
        (from, cut, insert) => {
          const damaged = text.slice(0, from) + insert + text.slice(from + cut);
          const found = faults(damaged);
          for (const d of found) expect(d.code).toMatch(/^PL1/);
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });
});

describe('arrays in text', () => {
  it('accept base64 of any length and decimals of any length', () => {
    const long = Array.from({ length: 40 }, (_, i) => i / 3);
    expect(readValue(`[${long.join(', ')}]`)).toEqual(Float64Array.from(long));
    expect(readValue('f64"AAAAAAAA8D8="')).toEqual(Float64Array.of(1));
    expect(readWords('u32"AQAAAAIAAAA="')).toEqual(Uint32Array.of(1, 2));
    expect(readValue('[]')).toEqual(new Float64Array(0));
  });

  it.each(['', 'NaN', 'Infinity', '1,2', '[1', '[1,,2]', 'f64""x', 'f64"AAA"', '0x10'])(
    'refuse %j',
    (text) => {
      expect(readValue(text)).toBeUndefined();
    },
  );

  it.each(['[-1]', '[4294967296]', '[0.5]', 'u32"AAAAAAA="'])('refuse the words %j', (text) => {
    expect(readWords(text)).toBeUndefined();
  });
});
