import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticBag,
  fail,
  nearestNames,
} from '../../compiler/diagnostics/diagnostic.js';
import type { Definition } from './ast.js';
import { checkDefinition } from './check.js';
import { libraryNeurons, libraryRules } from './library.js';
import type { NeuronModel, RuleModel } from './model.js';
import { parseDefinitions } from './parse.js';

/**
 * Parses and checks every neuron and rule of a text. Warnings go to `report`.
 *
 * @throws DiagnosticsError with all syntax errors, or else with all errors of names and constants (PL10xx).
 */
export function loadModels(
  text: string,
  file: string,
  report: (warning: Diagnostic) => void = () => undefined,
): readonly (NeuronModel | RuleModel)[] {
  const definitions = parseDefinitions(text, file);
  const bag = new DiagnosticBag();
  const lines = text.split(/\r?\n/);
  const models = definitions.map((d) => checkDefinition(d, lines, bag));
  const names = new Set<string>();
  for (const { kind, name, origin } of definitions) {
    const key = `${kind} ${name}`;
    if (names.has(key))
      bag.add(
        diagnostic('PL1004', `the ${key} is defined twice`, {
          span: origin,
          source: lines[origin.line - 1],
        }),
      );
    names.add(key);
  }
  for (const warning of bag.finish()) report(warning);
  return models;
}

/**
 * The neuron of a library name, or the one of a text (which begins with a keyword or a comment, or has several lines).
 *
 * @throws DiagnosticsError PL1010 when there is none or more than one, PL10xx for the faults of a text.
 */
export function neuronModel(nameOrText: string, file?: string): NeuronModel {
  return modelOf('neuron', nameOrText, file, libraryNeurons);
}

/**
 * The rule of a library name, or the one of a text (which begins with a keyword or a comment, or has several lines).
 *
 * @throws DiagnosticsError PL1010 when there is none or more than one, PL10xx for the faults of a text.
 */
export function ruleModel(nameOrText: string, file?: string): RuleModel {
  return modelOf('rule', nameOrText, file, libraryRules);
}

type Kind = Definition['kind'];
type Model<K extends Kind> = Extract<NeuronModel | RuleModel, { readonly kind: K }>;

function modelOf<K extends Kind>(
  kind: K,
  nameOrText: string,
  file: string | undefined,
  library: Readonly<Record<string, string>>,
): Model<K> {
  const isText = /[\n#]|^\s*(neuron|rule)\s/.test(nameOrText);
  const text = isText ? nameOrText : libraryText(kind, nameOrText, library);
  const place = file ?? (isText ? `${kind}.txt` : `library/${nameOrText}`);
  const found = loadModels(text, place).filter((m): m is Model<K> => m.kind === kind);
  const [model] = found;
  if (model && found.length === 1) return model;
  const names = found.map((m) => m.name).join(', ');
  const what = model ? `several ${kind}s (${names}), and one is asked for` : `no ${kind}`;
  return fail(diagnostic('PL1010', `${place} defines ${what}`));
}

function libraryText(kind: Kind, name: string, library: Readonly<Record<string, string>>): string {
  const text = Object.hasOwn(library, name) ? library[name] : undefined;
  if (text !== undefined) return text;
  const names = Object.keys(library);
  const near = nearestNames(name, names);
  const help =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : `${kind}s of the library: ${names.join(', ')}; or give a file`;
  return fail(diagnostic('PL1010', `there is no ${kind} ${JSON.stringify(name)}`, { help }));
}
