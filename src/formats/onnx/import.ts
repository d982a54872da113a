import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';
import type { Network } from '../../network/network.js';
import { parseNetwork } from '../../network/parse-text.js';
import { exportOnnx, NETWORK_KEY } from './export.js';
import { onnx } from './graph.js';

/**
 * Reads a model that `exportOnnx` wrote, exactly: the network comes from the text in the metadata, and exporting it again must
 * give the same bytes.
 *
 * @throws DiagnosticsError PL4301 for what is no ONNX model, PL4302 for a model of another producer, PL4303 when the graph is not
 * that of the text; what `parseNetwork` throws for a text that does not parse.
 */
export function importOnnx(bytes: Uint8Array, file: string): Network {
  const text = networkText(bytes, file);
  const network = parseNetwork(text, file);
  // A text that asks for more state than the file holds is not its own, and need not be built to see that.
  if (stateBytes(network) > bytes.length || Buffer.compare(exportOnnx(network), bytes) !== 0) {
    fail(
      diagnostic('PL4303', `the graph of \`${file}\` is not that of the network in its metadata`, {
        help: 'the file was altered, or written by another version of plastron: train or export the model again',
      }),
    );
  }
  return network;
}

/** What the weights and delay lines of a network take in its graph: float32, tables without gaps. */
function stateBytes({ populations, projections }: Network): number {
  const size = (name: string): number => populations.find((p) => p.name === name)!.size;
  const values = projections.map(({ pre, post, delay }) => {
    const [a, b] = [size(pre), size(post)];
    return a * b + delay * Math.min(a, b);
  });
  return 4 * values.reduce((sum, n) => sum + n, 0);
}

function networkText(bytes: Uint8Array, file: string): string {
  const entries = decode(bytes, file).metadataProps;
  const text = entries.find((e) => e.key === NETWORK_KEY)?.value;
  if (text) return text;
  return fail(
    diagnostic('PL4302', `\`${file}\` is an ONNX model, but not one of plastron`, {
      help: 'plastron reads the models that `plastron train` and exportOnnx write; networks of other tools are built with NetworkBuilder',
    }),
  );
}

function decode(bytes: Uint8Array, file: string): InstanceType<typeof onnx.ModelProto> {
  try {
    const model = onnx.ModelProto.decode(bytes);
    if (model.graph) return model;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail(
      diagnostic(
        'PL4301',
        `\`${file}\` is not an ONNX model, or it is cut short (${error.message})`,
      ),
    );
  }
  return fail(diagnostic('PL4301', `\`${file}\` is not an ONNX model: it has no graph`));
}
