import { toGroupCallId, type CallSnapshot, type GroupView } from '@visavis/protocol';
import { BEN, CALL, REMOTE, createDeviceBench, snapshot } from './bench.ts';

export const GROUP_ID = toGroupCallId(CALL);
export const group: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: BEN.userId,
  locked: false,
  people: [{ user: BEN, guest: false, status: 'joined' }],
  participants: [REMOTE],
};
export const GOING: CallSnapshot = snapshot({
  callId: GROUP_ID,
  state: 'connected',
  connectedAt: 1,
  group,
  mediaState: REMOTE.mediaState,
});
export const DIRECT: CallSnapshot = snapshot({
  state: 'connected',
  connectedAt: 1,
  remote: REMOTE,
  mediaState: REMOTE.mediaState,
});
export const GREW = {
  type: 'call_grew',
  callId: CALL,
  payload: { call: { ...GOING, group: { ...group, grewFrom: CALL } } },
} as const;
export const track = (kind: string) => ({ kind, enabled: true }) as unknown as MediaStreamTrack;
export const stream = { id: 'of Ben' } as unknown as MediaStream;
export const ready = {
  stream,
  hasVideo: true,
  hasAudio: true,
  quality: null,
  isReady: true,
  isCutOff: false,
};

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
export const bench = () => createDeviceBench();
export const inGroup = () => {
  const made = bench();
  made.register([GOING]);
  made.shares[0]?.change({ opening: false, audio: track('audio'), video: track('video') });
  return made;
};
export const confirms = ({ requests }: ReturnType<typeof bench>) =>
  requests.filter(({ request }) => request.type === 'confirm_move').length;
export const remoteIs = (change: object) => new Map([[REMOTE.deviceId, { ...ready, ...change }]]);
export const viewOf = ({ device }: ReturnType<typeof bench>) => device.getView().calls[0];
