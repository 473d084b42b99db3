import type { DeviceStanding } from '@visavis/client';
import type { SealView } from './model.ts';

/**
 * What the lock of a call says, worst first. `failed`: nothing passes any more. `held`: nothing is sent before the person has decided. `changed`: a device has another identity of its user than
 * before. `stranger`: a device is of nobody in this call. `unconfirmed`: nobody stands behind a device, so that it may be anybody's.
 * `preparing`: nothing passes yet. `sealed`: all is as ever, or is still being looked up. `verified`: everybody else in it has been
 * compared.
 */
export type Trust =
  | 'failed'
  | 'held'
  | 'changed'
  | 'stranger'
  | 'unconfirmed'
  | 'preparing'
  | 'sealed'
  | 'verified';

export function trustOf({ phase, devices }: SealView): Trust {
  if (phase !== 'sealed') return phase;
  const others = devices.filter(({ isThis }) => !isThis);
  const has = (standing: DeviceStanding | null): boolean => others.some((each) => each.standing === standing);
  if (has('changed')) return 'changed';
  if (others.some(({ person }) => person === null)) return 'stranger';
  if (has('unknown')) return 'unconfirmed';
  if (has(null)) return 'sealed';
  return others.length > 0 && others.every(({ standing }) => standing === 'verified') ? 'verified' : 'sealed';
}

/** Somebody in a call who can be compared with. */
export interface ComparablePerson {
  readonly userId: string;
  readonly name: string;
  /** The worst of what is known of their devices that have an identity. */
  readonly standing: 'seen' | 'verified' | 'changed';
}

const WORST_FIRST = ['changed', 'seen', 'verified'] as const;

/** Everybody else in a call who has an identity, in the order of their devices. */
export function comparablePeople(
  { devices }: SealView,
  ownUserId: string | null,
): readonly ComparablePerson[] {
  const people = new Map<string, ComparablePerson>();
  for (const { userId, person, standing, isThis } of devices) {
    if (isThis || person === null || userId === ownUserId) continue;
    if (standing === null || standing === 'unknown' || standing === 'guest') continue;
    const known = people.get(userId)?.standing ?? standing;
    const worst = WORST_FIRST.find((each) => each === known || each === standing) ?? standing;
    people.set(userId, { userId, name: person, standing: worst });
  }
  return [...people.values()];
}
