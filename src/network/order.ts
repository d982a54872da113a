import { diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { fail } from '../../compiler/diagnostics/diagnostic.js';
import type { Network, Population } from './network.js';

/**
 * The phase of each population by name: the longest chain of delay-0 projections that ends on it (0 for inputs
 * and for populations that only hear delayed ones).
 *
 * @throws DiagnosticsError PL1212 when projections without a delay form a cycle.
 */
export function phases(network: Network): ReadonlyMap<string, number> {
  const cycle = findCycle(network);
  if (cycle) {
    fail(
      diagnostic('PL1212', `projections without a delay form a cycle: ${cycle.join(' -> ')}`, {
        help: 'give one of them delay 1',
      }),
    );
  }
  const phase = new Map(network.populations.map((p) => [p.name, 0]));
  const immediate = network.projections.filter((p) => p.delay === 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { pre, post } of immediate) {
      const least = phase.get(pre)! + 1;
      if (phase.get(post)! >= least) continue;
      phase.set(post, least);
      changed = true;
    }
  }
  return phase;
}

/**
 * The populations in the order in which a step runs them: by phase, then as the network lists them.
 *
 * @throws DiagnosticsError PL1212 when projections without a delay form a cycle.
 */
export function populationOrder(network: Network): readonly Population[] {
  const phase = phases(network);
  return [...network.populations].sort((a, b) => phase.get(a.name)! - phase.get(b.name)!);
}

/** The populations of one cycle of delay-0 projections, the first one repeated at the end; undefined when there is none. */
export function findCycle(network: Network): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { pre, post, delay } of network.projections) {
    if (delay === 0) next.set(pre, [...(next.get(pre) ?? []), post]);
  }
  const done = new Set<string>();
  for (const { name } of network.populations) {
    const cycle = follow([name], next, done);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Depth-first search with its own stack, so that a long chain cannot exhaust the call stack. */
function follow(
  path: string[],
  next: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): readonly string[] | undefined {
  const branch = [0];
  while (path.length > 0) {
    const name = path[path.length - 1]!;
    const index = branch[branch.length - 1]!;
    branch[branch.length - 1] = index + 1;
    const target = done.has(name) ? undefined : next.get(name)?.[index];
    if (target === undefined) {
      done.add(name);
      path.pop();
      branch.pop();
    } else if (path.includes(target)) {
      return [...path.slice(path.indexOf(target)), target];
    } else {
      path.push(target);
      branch.push(0);
    }
  }
  return undefined;
}
