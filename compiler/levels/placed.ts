import type { Network } from '../../src/network/network.js';
import type { Group } from './fixed/fixed.js';

/** A Network whose neurons have cores. The first passes of the pipeline work on it. */
export interface PlacedNetwork {
  readonly kind: 'network';
  readonly network: Network;
  /** By projection: the parameter of its rule that each synapse holds in its tag. Empty until `tag` has run. */
  readonly tags: Readonly<Record<string, string>>;
  /** Empty until `partition` has run. */
  readonly groups: readonly Group[];
}
