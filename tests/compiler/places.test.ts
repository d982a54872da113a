import { describe, expect, it } from 'vitest';
import { NO_CALIBRATION } from '../../compiler/analysis/calibration.js';
import { compile, NETWORK_TEXT } from '../../compiler/compile.js';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { ruleModel } from '../../src/equations/load.js';
import { exportOnnx } from '../../src/formats/onnx/export.js';
import { importOnnx } from '../../src/formats/onnx/import.js';
import { NetworkBuilder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { targetNamed } from '../../targets/index.js';

/** A network whose rule comes from a file with comments and a layout of its own. */
function network(dw: string): Network {
  const text = `# my rule\n\nrule own(\n  per synapse lr,\n  A = 1/2)\n\n  e <- (e / 2) + x * y\n  dw = ${dw}\n  normalize max\n`;
  return new NetworkBuilder('net')
    .input('input', 2)
    .population('hidden', 3, 'ternary_lif')
    .projection('input', 'hidden', { rule: ruleModel(text, 'own.rule'), parameters: { lr: 0.5 } })
    .output('hidden')
    .build();
}

const loihi2 = targetNamed('loihi2');
const bytesOf = (n: Network): Uint8Array => compile(n, loihi2, NO_CALIBRATION).bytes;

function diagnosticsOf(n: Network): readonly Diagnostic[] {
  try {
    return compile(n, loihi2, NO_CALIBRATION).diagnostics;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics;
  }
}

const placesOf = (n: Network): string[] =>
  diagnosticsOf(n).map(
    ({ code, span }) => `${code} ${span?.file}:${span?.line}:${span?.column}+${span?.length}`,
  );

describe('a compilation', () => {
  const own = network('lr * A * e');
  const model = exportOnnx(own);

  it('gives the same bytes wherever its network was read from', () => {
    const bytes = bytesOf(own);
    expect(bytesOf(importOnnx(model, 'model.onnx'))).toEqual(bytes);
    expect(bytesOf(importOnnx(model, '/elsewhere/model.onnx'))).toEqual(bytes);
  });

  it('names places of its Program in the text that the Program carries', () => {
    const { program } = compile(own, loihi2, NO_CALIBRATION);
    expect(new Set(program.sources.map((s) => s.file))).toEqual(new Set([NETWORK_TEXT]));
  });

  it('tells the user the places that the user knows', () => {
    expect(placesOf(own)).toEqual(['PL3001 own.rule:9:13+3']);
    expect(placesOf(importOnnx(model, 'model.onnx'))).toEqual(['PL3001 model.onnx:12:13+3']);
    expect(placesOf(network('lr * tanh( x ) * e'))).toContain('PL3003 own.rule:8:13+9');
  });

  it('keeps the warnings before an error', () => {
    expect(diagnosticsOf(network('lr * tanh(x) * e')).map((d) => d.code)).toEqual([
      'PL3001',
      'PL3003',
    ]);
  });
});
