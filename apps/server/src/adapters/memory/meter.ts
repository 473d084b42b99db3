import type { Meter } from '../../ports.ts';

/** Where nobody looks. */
export const createNoMeter = (): Meter => ({
  handleCall: () => {},
  handleMessage: () => {},
  handleError: () => {},
  handleService: () => {},
  watch: () => {},
});
