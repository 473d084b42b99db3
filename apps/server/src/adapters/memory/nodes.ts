import type { Nodes } from '../../ports.ts';

/** A node that is the only one. */
export const createSingleNode = (): Nodes => ({
  isAlone: true,
  isCurrent: () => true,
  join: async () => async () => {},
});
