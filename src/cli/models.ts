import { existsSync } from 'node:fs';
import { NETWORK_TEXT } from '../../compiler/compile.js';
import { libraryNeurons, libraryRules } from '../equations/library.js';
import { neuronModel, ruleModel } from '../equations/load.js';
import type { NeuronModel, RuleModel } from '../equations/model.js';
import { readBytes, readText } from '../formats/files.js';
import { importOnnx } from '../formats/onnx/import.js';
import type { Network } from '../network/network.js';
import { printNetwork } from '../network/text.js';
import type { Session } from './session.js';

/** A model file: its bytes, and the network in it. */
export interface ModelFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly network: Network;
}

/**
 * Reads a model, and keeps the text of its network: the spans of the network count the lines of that text. Throws the
 * diagnostics of a file that cannot be read or is no model of ours.
 */
export function readModel(file: string, { sources }: Session): ModelFile {
  const bytes = readBytes(file, 'the model');
  const network = importOnnx(bytes, file);
  // A compilation names the same text by its own name.
  for (const name of [file, NETWORK_TEXT]) sources.add(name, printNetwork(network));
  return { file, bytes, network };
}

/** A rule by its name in the library, or from a file of the user's own. */
export function ruleNamed(nameOrFile: string, session: Session): RuleModel {
  if (!isFile(nameOrFile, libraryRules)) return ruleModel(nameOrFile);
  return ruleModel(textOf(nameOrFile, 'the rule', session), nameOrFile, session.report);
}

/** A neuron by its name in the library, or from a file of the user's own. */
export function neuronNamed(nameOrFile: string, session: Session): NeuronModel {
  if (!isFile(nameOrFile, libraryNeurons)) return neuronModel(nameOrFile);
  return neuronModel(textOf(nameOrFile, 'the neuron', session), nameOrFile, session.report);
}

/** What the library has is a name; what looks like a path, or is there, is a file. */
function isFile(nameOrFile: string, library: Readonly<Record<string, string>>): boolean {
  if (Object.hasOwn(library, nameOrFile)) return false;
  return /[./\\]/.test(nameOrFile) || existsSync(nameOrFile);
}

/** The loader takes a text for what it is by its line break. */
function textOf(file: string, what: string, { sources }: Session): string {
  const text = `${readText(file, what)}\n`;
  sources.add(file, text);
  return text;
}
