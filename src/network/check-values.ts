import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import {
  type DiagnosticBag,
  type DiagnosticPlace,
  didYouMean,
  type Span,
} from '../../compiler/diagnostics/diagnostic.js';
import type { ModelParameter } from '../equations/model.js';
import type { ParameterValue } from './network.js';

/** One element under check: its name in words (`population hidden`), where it is written, where faults go. */
export interface Subject {
  readonly name: string;
  readonly place: DiagnosticPlace;
  readonly bag: DiagnosticBag;
}

/** Lengths that a parameter's array may have, by scope; undefined where the scope takes one number only. */
export interface Lengths {
  readonly scalar: undefined;
  readonly neuron: number;
  readonly synapse: number | undefined;
}

type NetworkCode =
  | 'PL1201'
  | 'PL1202'
  | 'PL1203'
  | 'PL1204'
  | 'PL1205'
  | 'PL1206'
  | 'PL1207'
  | 'PL1208'
  | 'PL1209'
  | 'PL1210'
  | 'PL1211'
  | 'PL1213';

/** Reports a fault of a subject, `<subject>: <what>`: where the subject is written, else at `origin` in a definition. */
export function report(
  subject: Subject,
  code: NetworkCode,
  what: string,
  help?: string,
  origin?: Span,
): void {
  subject.bag.add(
    diagnostic(code, `${subject.name}: ${what}`, {
      ...(subject.place.span ? subject.place : { span: origin }),
      ...(help === undefined ? {} : { help }),
    }),
  );
}

/** PL1204 where a whole number is out of [least, most]; true when it is fine. */
export function checkWhole(
  subject: Subject,
  what: string,
  value: number,
  least: number,
  most: number,
): boolean {
  if (Number.isInteger(value) && value >= least && value <= most && !Object.is(value, -0)) {
    return true;
  }
  report(subject, 'PL1204', `${what} is ${value}, not a whole number from ${least} to ${most}`);
  return false;
}

/** PL1207 where an array has another length than `length` (undefined: no array at all), PL1208 where it is not finite. */
export function checkValue(
  subject: Subject,
  what: string,
  value: ParameterValue,
  length: number | undefined,
): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) report(subject, 'PL1208', `${what} is ${value}`);
    return;
  }
  if (length === undefined) {
    report(
      subject,
      'PL1207',
      `${what}: an array of length ${value.length}, where one number is needed`,
    );
  } else if (value.length !== length) {
    report(
      subject,
      'PL1207',
      `${what}: an array of length ${value.length}, where ${length} is needed`,
    );
  }
  const index = value.findIndex((v) => !Number.isFinite(v));
  if (index >= 0) report(subject, 'PL1208', `value ${index} of ${what} is ${value[index]}`);
}

/** PL1205 missing, PL1206 unknown, PL1207 shape and PL1208 not finite, over all parameters of one model. */
export function checkParameters(
  subject: Subject,
  model: string,
  declared: readonly ModelParameter[],
  given: Readonly<Record<string, ParameterValue>>,
  lengths: Lengths,
): void {
  const names = declared.map((p) => p.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    report(subject, 'PL1206', `${model} has no parameter \`${name}\``, didYouMean(name, names));
  }
  for (const parameter of declared) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
    if (value !== undefined) {
      checkValue(subject, `parameter \`${parameter.name}\``, value, lengths[parameter.scope]);
    } else if (parameter.default === undefined) {
      const per =
        parameter.scope === 'scalar' ? '' : ` (one number, or one per ${parameter.scope})`;
      const help = `give it a value in the network, or a default in the definition: \`${parameter.name} = 1\``;
      const what = `${model} needs the parameter \`${parameter.name}\`${per}`;
      report(subject, 'PL1205', what, help, parameter.origin);
    }
  }
}
