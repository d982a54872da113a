import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticBag,
  didYouMean,
  fail,
  lineOf,
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
  return checkDefinitions(parseDefinitions(text, file), text, report);
}

/** The models of definitions, in their order; `text` is the one that they were parsed from. */
function checkDefinitions(
  definitions: readonly Definition[],
  text: string,
  report: (warning: Diagnostic) => void,
): readonly (NeuronModel | RuleModel)[] {
  const bag = new DiagnosticBag();
  const lines = text.split(/\r?\n/);
  const models = definitions.map((d) => checkDefinition(d, lines, bag));
  const names = new Set<string>();
  for (const { kind, name, origin } of definitions) {
    const key = `${kind} ${name}`;
    if (names.has(key))
      bag.add(
        diagnostic('PL1004', `the ${kind} \`${name}\` is defined twice`, {
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
 * Warnings go to `report`.
 *
 * @throws DiagnosticsError PL1010 when there is none or more than one, PL10xx for the faults of a text.
 */
export function neuronModel(
  nameOrText: string,
  file?: string,
  report?: (warning: Diagnostic) => void,
): NeuronModel {
  return modelOf('neuron', nameOrText, file, libraryNeurons, report);
}

/**
 * The rule of a library name, or the one of a text (which begins with a keyword or a comment, or has several lines).
 * Warnings go to `report`.
 *
 * @throws DiagnosticsError PL1010 when there is none or more than one, PL10xx for the faults of a text.
 */
export function ruleModel(
  nameOrText: string,
  file?: string,
  report?: (warning: Diagnostic) => void,
): RuleModel {
  return modelOf('rule', nameOrText, file, libraryRules, report);
}

type Kind = Definition['kind'];
type Model<K extends Kind> = Extract<NeuronModel | RuleModel, { readonly kind: K }>;

function modelOf<K extends Kind>(
  kind: K,
  nameOrText: string,
  file: string | undefined,
  library: Readonly<Record<string, string>>,
  report: (warning: Diagnostic) => void = () => undefined,
): Model<K> {
  const isText = /[\n#]|^\s*(neuron|rule)\s/.test(nameOrText);
  const text = isText ? nameOrText : libraryText(kind, nameOrText, library);
  const place = file ?? (isText ? `${kind}.txt` : `library/${nameOrText}`);
  const definitions = parseDefinitions(text, place);
  const models = checkDefinitions(definitions, text, report);
  const found = models.filter((m): m is Model<K> => m.kind === kind);
  const [model] = found;
  if (model && found.length === 1) return model;
  if (!model) {
    const notes = models.map((m) => `it defines the ${m.kind} \`${m.name}\``);
    const help = `a ${kind} begins with a line such as \`${FIRST_LINES[kind]}\``;
    return fail(diagnostic('PL1010', `\`${place}\` defines no ${kind}`, { notes, help }));
  }
  const names = found.map((m) => `\`${m.name}\``).join(', ');
  const [, second] = definitions.filter((d) => d.kind === kind);
  return fail(
    diagnostic('PL1010', `\`${place}\` defines several ${kind}s (${names}), and one is asked for`, {
      span: second?.origin,
      source: second && lineOf(text, second.origin),
      help: 'keep one of them in this file, and give each of the others a file of its own',
    }),
  );
}

const FIRST_LINES: Readonly<Record<Kind, string>> = {
  neuron: 'neuron my_neuron(tau = 2)',
  rule: 'rule my_rule(per synapse lr, A, B)',
};

function libraryText(kind: Kind, name: string, library: Readonly<Record<string, string>>): string {
  const text = Object.hasOwn(library, name) ? library[name] : undefined;
  if (text !== undefined) return text;
  const names = Object.keys(library);
  const help = didYouMean(name, names, `give a file, or a ${kind} of the library`);
  return fail(diagnostic('PL1010', `there is no ${kind} \`${name}\``, { help }));
}
