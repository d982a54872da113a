import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type Diagnostic,
  DiagnosticBag,
  fail,
  nearestNames,
} from '../../compiler/diagnostics/diagnostic.js';
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

/** The neuron of a library name, or the first one of a text (a text has a line break). PL1010 when there is none. */
export function neuronModel(nameOrText: string, file?: string): NeuronModel {
  return modelOf('neuron', nameOrText, file, libraryNeurons);
}

/** The rule of a library name, or the first one of a text (a text has a line break). PL1010 when there is none. */
export function ruleModel(nameOrText: string, file?: string): RuleModel {
  return modelOf('rule', nameOrText, file, libraryRules);
}

function modelOf<K extends 'neuron' | 'rule'>(
  kind: K,
  nameOrText: string,
  file: string | undefined,
  library: Readonly<Record<string, string>>,
): Extract<NeuronModel | RuleModel, { kind: K }> {
  const isText = nameOrText.includes('\n');
  const text = isText
    ? nameOrText
    : Object.hasOwn(library, nameOrText)
      ? library[nameOrText]
      : undefined;
  if (text === undefined) {
    const names = Object.keys(library);
    const near = nearestNames(nameOrText, names);
    return fail(
      diagnostic('PL1010', `there is no ${kind} ${JSON.stringify(nameOrText)}`, {
        help:
          near.length > 0
            ? `did you mean ${near.join(' or ')}?`
            : `${kind}s of the library: ${names.join(', ')}; or give a file`,
      }),
    );
  }
  const models = loadModels(text, file ?? (isText ? `${kind}.txt` : `library/${nameOrText}`));
  const found = models.find(
    (m): m is Extract<NeuronModel | RuleModel, { kind: K }> => m.kind === kind,
  );
  return found ?? fail(diagnostic('PL1010', `${file ?? 'the text'} defines no ${kind}`));
}
