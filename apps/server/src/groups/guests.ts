import type { CorePorts } from '../corePorts.ts';
import type { Cancel } from '../ports.ts';
import { toError } from '../toError.ts';

/** How often guests are looked for whose calls are over, and for how long those may still read how it ended. */
const ROUND_MS = 30_000;
const GRACE_MS = 60_000;

/** GRP6: a guest is here for one call, and forgotten after it. @returns what ends it */
export function forgetGuests({
  links,
  bus,
  presence,
  clock,
  log,
}: Pick<CorePorts, 'links' | 'bus' | 'presence' | 'clock' | 'log'>): {
  readonly settle: () => Promise<void>;
  readonly stop: () => Promise<void>;
} {
  let round: Promise<void> = Promise.resolve();
  let stopped = false;
  const forget = async (): Promise<void> => {
    for (const { userId, deviceId } of await links.forgetGuests(clock.now() - GRACE_MS)) {
      bus.publish(deviceId, { kind: 'signed_out' });
      await presence.forget(userId, deviceId);
    }
  };
  const loop = (): void => {
    round = forget()
      .catch((error: unknown) => {
        log.warn('guests cannot be forgotten', { error: toError(error) });
      })
      .finally(() => {
        if (!stopped) cancel = clock.schedule(ROUND_MS, loop);
      });
  };
  let cancel: Cancel = clock.schedule(ROUND_MS, loop);
  return {
    settle: async () => round,
    stop: async () => {
      stopped = true;
      cancel();
      await round;
    },
  };
}
