import type { RuleModel } from '../../../src/equations/model.js';
import { diagnostic } from '../../diagnostics/catalogue.js';
import { childrenOf } from '../../levels/fixed/check.js';
import type {
  FixedExpression,
  FixedNetwork,
  FixedPopulation,
  FixedProjection,
} from '../../levels/fixed/fixed.js';
import { type Format, printFormat } from '../../levels/numbers/format.js';
import type { PlacedNetwork } from '../../levels/placed.js';
import type { PassContext } from '../../pass.js';
import { inputPort, outputPort } from './ports.js';

/** What a quantiser made of a network, whatever the arithmetic of its target. */
export interface QuantisedParts {
  readonly populations: ReadonlyMap<string, FixedPopulation>;
  readonly projections: readonly FixedProjection[];
  /** The integers that a population of inputs receives. */
  payload(population: string): Format;
  /** How a modulator is held, where a rule reads it. */
  modulator(): { readonly format: Format; readonly offset: number };
}

/** The parts as one network, in the order of its text, with the ports that lead to them. */
export function assemble({ network, groups }: PlacedNetwork, parts: QuantisedParts): FixedNetwork {
  const { populations, projections } = parts;
  const modulated = projections.some((p) => p.rule?.updates.some((u) => readsModulator(u.value)));
  return {
    kind: 'fixed',
    name: network.name,
    populations: network.populations.map((p) => populations.get(p.name)!),
    projections,
    inputs: network.inputs.map((port) => inputPort(port, parts.payload(port.population))),
    outputs: network.outputs.map((port) => outputPort(port, populations)),
    groups,
    modulator: modulated ? parts.modulator() : undefined,
  };
}

const readsModulator = (e: FixedExpression): boolean =>
  e.kind === 'read' ? e.field === 'modulator' : childrenOf(e).some(readsModulator);

/** PL2001 for every format that a rule states: `chosen` names what has formats of the target's own. */
export function refuseStated(
  projection: string,
  { name, updates }: RuleModel,
  chosen: string,
  { target: chip, report }: PassContext,
): void {
  for (const { target, stated, origin } of updates) {
    if (!stated) continue;
    const message = `${projection}: ${target} of ${name} is stated as ${printFormat(stated.format)}; ${chip} computes rules in formats of its own`;
    const help = `leave the format out: those of ${chosen} are chosen, and reported`;
    report(diagnostic('PL2001', message, { span: origin, help }));
  }
}
