import type { IdentityView } from '../model/identity.ts';
import type { Model } from '../model/model.ts';
import { home } from './model.ts';

const PHONE = '10000000-0000-4000-8000-000000000001';
const scan = Uint8Array.from({ length: 158 }, (_, index) => (index * 89) % 256);
const withIdentity = (
  change: Partial<IdentityView>,
  ownIdentity: Model['ownIdentity'] = 'confirmed',
): Model => ({
  ...home,
  ownIdentity,
  identity: { ...home.identity, ...change },
});
const fresh = (change: Partial<IdentityView> = {}): Model => withIdentity(change, 'not_confirmed');
const recovery = (change: Partial<IdentityView['recovery']>): Partial<IdentityView> => ({
  recovery: { ...home.identity.recovery, ...change },
});
const GROUPS = ['7K3M', 'QX9D', '0TWF', 'A4RH', '6ZPN', 'E81C', 'VB5S', 'J2YG', 'M7KD'];

/** Devices that are confirmed or ask to be, and recovery codes. */
export const IDENTITY_SCREENS: Readonly<Record<string, () => Model>> = {
  'identity-new': () => fresh(),
  'identity-asking': () =>
    fresh({
      asking: {
        phase: 'asking',
        scan,
        devices: [{ deviceId: PHONE, name: 'Ana’s phone', online: true, confirmed: true }],
      },
    }),
  'identity-asking-alone': () => fresh({ asking: { phase: 'asking', scan, devices: [] } }),
  'identity-digits': () => fresh({ asking: { phase: 'comparing', scan, code: '48201937', by: PHONE } }),
  'identity-granted': () => fresh({ asking: { phase: 'granted', by: PHONE } }),
  'identity-done': () => withIdentity({ asking: { phase: 'done', by: PHONE } }),
  'identity-wrong': () => fresh({ asking: { phase: 'failed', reason: 'wrong_code' } }),
  'identity-asked': () => withIdentity({ answering: { asks: [PHONE], answer: null } }),
  'identity-typing': () =>
    withIdentity({ answering: { asks: [], answer: { phase: 'typing', deviceId: PHONE } } }),
  'identity-recovery': () => withIdentity(recovery({ made: { state: 'shown', groups: GROUPS } })),
  'identity-mistyped': () =>
    fresh(recovery({ tried: { state: 'typing', letters: 36, problem: 'mistyped' } })),
};
