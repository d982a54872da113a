import type { Normalization } from '../../src/equations/ast.js';
import type { RuleModel } from '../../src/equations/model.js';
import { printRuleModel } from '../../src/equations/print.js';
import type { Network, Projection } from '../../src/network/network.js';
import { diagnostic } from '../diagnostics/catalogue.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { PlacedNetwork } from '../levels/placed.js';
import type { Pass } from '../pass.js';
import type { Capabilities } from '../target.js';
import { checkLimits } from './limits.js';

export const legalise: Pass<PlacedNetwork, PlacedNetwork> = {
  name: 'legalise',
  about: `Replaces what the target cannot do by what it can, and refuses the rest.
What: max and pow2 look at a whole projection, which a chip whose synapses are spread cannot; they become clip −1 1. A chip that can
does so lazily, by a scale of the projection: where the one normalisation beside decays is max or pow2, and messages are weighed as
they arrive, it stays. decay k becomes a product −k·w. Delays, traces, payloads, phases and third factors are checked against the target's limits.
Why: an error here names the equation, the limit and what to do; later ones could not.
Before: normalize max. After: normalize clip -1 1, with a warning: the change is measured by verify and won back by train --on.`,
  needs: ['folded'],
  keeps: ['folded'],
  gives: ['legal'],
  run: (level, context) => {
    const { network } = level;
    const { target } = context;
    checkLimits(network, context);
    const changed = (message: string, span: Span | undefined): void =>
      context.report(
        diagnostic('PL3001', message, {
          span,
          help: `measure the change with plastron verify, and win it back with plastron train --on ${target}`,
        }),
      );
    for (const projection of network.projections) {
      const { name, rule } = projection;
      const decay = rule && lateDecay(rule);
      if (!decay) continue;
      const does = lazily(context.capabilities, projection) ? 'normalises' : 'clips';
      changed(`${name}: ${target} ${does} weights after their decay, not before it`, decay.origin);
    }
    const replaced = (p: Projection, from: string): void =>
      changed(
        `${p.name}: ${target} cannot normalise by ${from}; weights are clipped to ±1 instead`,
        p.rule?.normalizations.find((n) => n.kind === from)?.origin,
      );
    return { ...level, network: legaliseNetwork(network, context.capabilities, replaced) };
  },
};

/** A decay that follows another normalisation: as a product of dw it comes first. */
const lateDecay = ({ normalizations }: RuleModel): Normalization | undefined =>
  normalizations.find(
    (n, i) => i > 0 && n.kind === 'decay' && normalizations[i - 1]!.kind !== 'decay',
  );

/**
 * Whether the target normalises a projection by a scale that follows the rule: nothing else may change weights after it, and what
 * was weighed when it was sent would arrive under another scale.
 */
function lazily(
  { normalizations }: Pick<Capabilities, 'normalizations'>,
  { rule, weight, delay }: Projection,
): boolean {
  const [only, ...others] = (rule?.normalizations ?? []).filter((n) => n.kind !== 'decay');
  if (!only || others.length > 0 || only.kind === 'clip') return false;
  return normalizations.includes(only.kind) && !(weight === 'send' && delay > 0);
}

/** A network with legal normalisations, decays written as products; `replaced` hears of each rule whose meaning changed. */
export function legaliseNetwork(
  network: Network,
  capabilities: Pick<Capabilities, 'normalizations'>,
  replaced: (projection: Projection, from: string) => void,
): Network {
  const legal = replaceNormalizations(network, capabilities, replaced);
  return {
    ...legal,
    projections: legal.projections.map((p) => (p.rule ? { ...p, rule: withoutDecay(p.rule) } : p)),
  };
}

/** Only the normalisations: what `train --on` starts from, so that the model means what the chip does. */
export function replaceNormalizations(
  network: Network,
  capabilities: Pick<Capabilities, 'normalizations'>,
  replaced: (projection: Projection, from: string) => void,
): Network {
  const projections = network.projections.map((p) => {
    const { rule } = p;
    if (!rule || lazily(capabilities, p)) return p;
    const legal = rule.normalizations.map((n): Normalization => {
      if (n.kind === 'clip' || n.kind === 'decay') return n;
      replaced(p, n.kind);
      return { kind: 'clip', low: -1, high: 1, origin: n.origin };
    });
    if (legal.every((n, i) => n === rule.normalizations[i])) return p;
    return { ...p, rule: withText({ ...rule, normalizations: legal }) };
  });
  return capabilities.normalizations.includes('clip') ? { ...network, projections } : network;
}

const withText = (rule: RuleModel): RuleModel => ({ ...rule, text: printRuleModel(rule) });

/** W ← W + ΔW − k·W is one more product. */
function withoutDecay(rule: RuleModel): RuleModel {
  let result = rule;
  for (const n of rule.normalizations) {
    if (n.kind !== 'decay') continue;
    const { origin } = n;
    const number = { kind: 'number', value: -n.rate, origin } as const;
    const lost = {
      kind: 'binary',
      operator: '*',
      left: number,
      right: { kind: 'name', name: 'w', origin },
      origin,
    } as const;
    const dw = result.dw
      ? ({ kind: 'binary', operator: '+', left: result.dw, right: lost, origin } as const)
      : lost;
    result = { ...result, dw, normalizations: result.normalizations.filter((m) => m !== n) };
  }
  return result === rule ? rule : withText(result);
}
