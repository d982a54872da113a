import { existsSync } from 'node:fs';
import { libraryNeurons, libraryRules } from '../equations/library.js';
import { neuronModel, ruleModel } from '../equations/load.js';
import type { NeuronModel, RuleModel } from '../equations/model.js';
import { readBytes, readText } from '../formats/files.js';
import { importOnnx } from '../formats/onnx/import.js';
import type { Network } from '../network/network.js';

/** A model file: its bytes, and the network in it. */
export interface ModelFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly network: Network;
}

/** Reads a model. Throws the diagnostics of a file that cannot be read or is no model of ours. */
export function readModel(file: string): ModelFile {
  const bytes = readBytes(file, 'the model');
  return { file, bytes, network: importOnnx(bytes, file) };
}

/** A rule by its name in the library, or from a file of the user's own. */
export function ruleNamed(nameOrFile: string): RuleModel {
  return isFile(nameOrFile, libraryRules)
    ? ruleModel(textOf(nameOrFile, 'the rule'), nameOrFile)
    : ruleModel(nameOrFile);
}

/** A neuron by its name in the library, or from a file of the user's own. */
export function neuronNamed(nameOrFile: string): NeuronModel {
  return isFile(nameOrFile, libraryNeurons)
    ? neuronModel(textOf(nameOrFile, 'the neuron'), nameOrFile)
    : neuronModel(nameOrFile);
}

/** What the library has is a name; what looks like a path, or is there, is a file. */
function isFile(nameOrFile: string, library: Readonly<Record<string, string>>): boolean {
  if (Object.hasOwn(library, nameOrFile)) return false;
  return /[./\\]/.test(nameOrFile) || existsSync(nameOrFile);
}

/** The loader takes a text for what it is by its line break. */
const textOf = (file: string, what: string): string => `${readText(file, what)}\n`;
