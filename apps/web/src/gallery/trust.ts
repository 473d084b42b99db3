import type { CallView, Comparison, ContactStatus, Model, ScanVerdict, SealView } from '../model/model.ts';
import type { SealFigures } from '../model/sealFigures.ts';
import { call, home } from './model.ts';
import { NOW, user } from './people.ts';
import { goodStatistics, points } from './statistics.ts';
import { personStream } from './streams.ts';

export const figures: SealFigures = {
  keys: { generation: 0, epoch: 4 },
  keyChanges: 3,
  sent: 48_211,
  received: 47_904,
  notSent: [],
  notShown: [
    { reason: 'epoch_gone', count: 12 },
    { reason: 'replayed', count: 1 },
  ],
  messages: [{ reason: 'not_on_roster', count: 1 }],
};

const GROUPS = '58871 47816 17401 67094 88560 52178 67910 00791 05190 12278 38056 69196'.split(' ');
const QR = Uint8Array.from({ length: 65 }, (_, at) => (at * 151 + 1) % 256);

export const comparisonWith = (
  userId: string,
  standing: ContactStatus = 'seen',
  scanned: ScanVerdict | null = null,
): Comparison => ({ userId, state: 'ready', number: { groups: GROUPS, qr: QR }, standing, scanned });

const withStandings = (standing: ContactStatus, change: Partial<Model> = {}): Model => ({
  ...home,
  standings: { [user(1).userId]: standing, [user(4).userId]: 'verified', [user(7).userId]: 'changed' },
  ...change,
});

const withDevices = (...devices: readonly (ContactStatus | 'stranger')[]): SealView => ({
  phase: 'sealed',
  held: [],
  code: ['48213', '90417', '33265', '07781', '56102', '84930'],
  devices: [
    { userId: user(0).userId, deviceId: 'mine', person: null, device: null, isThis: true, standing: null },
    ...devices.map((standing, at) => ({
      userId: user(1).userId,
      deviceId: `theirs ${String(at)}`,
      person: standing === 'stranger' ? null : user(1).name,
      device: at === 0 ? 'Laptop' : 'Phone',
      isThis: false,
      standing: standing === 'stranger' ? ('seen' as const) : standing,
    })),
  ],
});

const inCall = (seal: SealView, details = true): Model => {
  const shown: CallView = call(
    1,
    { name: 'connected', connectedAt: NOW - 185_000 },
    {
      local: {
        stream: personStream(0),
        muted: false,
        camera: true,
        paused: false,
        problem: null,
        hint: null,
      },
      remote: {
        stream: personStream(1),
        voice: null,
        muted: false,
        camera: true,
        held: false,
        checking: false,
        paused: false,
        hidesPictures: false,
        deviceName: 'Laptop',
        volume: 1,
      },
      seal,
    },
  );
  return {
    ...home,
    calls: [shown],
    details: details ? { key: 'call-1', statistics: goodStatistics, points: points(), seal: figures } : null,
  };
};

/** What is known of identities; `#/person/<user id of Ben>` for the screen of the person. */
export const TRUST: Readonly<Record<string, () => Model>> = {
  'trust-unknown': () => withStandings('unknown'),
  'trust-seen': () => withStandings('seen'),
  'trust-verified': () => withStandings('verified'),
  'trust-changed': () => withStandings('changed'),
  'trust-incoming': () =>
    withStandings('changed', { calls: [call(1, { name: 'incoming', silent: false, waiting: false })] }),
  'trust-incoming-card': () =>
    withStandings('changed', { calls: [call(1, { name: 'incoming', silent: true, waiting: false })] }),
  'trust-outgoing': () => withStandings('changed', { calls: [call(1, { name: 'ringing', progress: [] })] }),
  'trust-call-verified': () => inCall(withDevices('verified')),
  'trust-call-unconfirmed': () => inCall(withDevices('seen', 'unknown')),
  'trust-call-changed': () => inCall(withDevices('changed')),
  'trust-call-changed-mark': () => inCall(withDevices('changed'), false),
  'trust-call-unconfirmed-mark': () => inCall(withDevices('unknown'), false),
  'trust-call-stranger': () => inCall(withDevices('verified', 'stranger')),
};
