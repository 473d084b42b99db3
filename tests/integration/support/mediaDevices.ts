import { randomUUID } from 'node:crypto';
import type { RequestAnswer } from '@visavis/protocol';
import { CAPABILITIES, microphone } from '../../contracts/sfu/browser.ts';
import type { SocketDevice } from '../../harness/socketDevice.ts';
import { until } from './until.ts';

/** A group call of two, each of whom has a socket to a node. @returns its id */
export async function meet(host: SocketDevice, guest: SocketDevice): Promise<string> {
  const answer = await host.request('start_group', {
    payload: {
      idempotencyKey: randomUUID(),
      userIds: [guest.userId],
      callType: 'video',
      savedGroupId: null,
    },
  });
  const callId = answer.type === 'ok' ? answer.payload.callId : undefined;
  if (callId === undefined) throw new Error(`no call: ${JSON.stringify(answer)}`);
  await guest.event('ring', callId);
  await guest.request('answer_call', { callId, payload: { media: 'video' } });
  return callId;
}

export const askToOpen = async (device: SocketDevice, callId: string): Promise<RequestAnswer> =>
  device.request('open_media', { callId, payload: { rtpCapabilities: CAPABILITIES } });

/** Opens a device's media, as often as a real one does that is refused. @returns the address where they are, and its own way there */
export async function openMedia(device: SocketDevice, callId: string) {
  const media = await until('media are open', async () => {
    const answer = await askToOpen(device, callId);
    return answer.type === 'ok' ? answer.payload.media : null;
  });
  const [candidate] = media.send.iceCandidates;
  return { ip: candidate?.address ?? candidate?.ip ?? '', transportId: media.send.transportId };
}

/** @returns the id of the track */
export async function speak(device: SocketDevice, callId: string, transportId: string): Promise<string> {
  const answer = await device.request('publish_track', {
    callId,
    payload: {
      transportId,
      source: 'microphone',
      kind: 'audio',
      rtpParameters: microphone(),
      paused: false,
    },
  });
  const trackId = answer.type === 'ok' ? answer.payload.trackId : undefined;
  if (trackId === undefined) throw new Error(`no track: ${JSON.stringify(answer)}`);
  return trackId;
}

/** Hears a track of somebody else, once that is told to be there. */
export async function hear(device: SocketDevice, callId: string, trackId: string): Promise<void> {
  await until('the track is told of', () => {
    const told = device.mediaNotices.findLast((notice) => notice.callId === callId);
    return told?.type === 'media_tracks' && told.payload.tracks.some((track) => track.trackId === trackId);
  });
  const answer = await device.request('receive_tracks', { callId, payload: { trackIds: [trackId] } });
  if (answer.type !== 'ok' || answer.payload.received?.length !== 1)
    throw new Error(`not received: ${JSON.stringify(answer)}`);
}

const countNotices = (type: 'media_lost' | 'media_moving') => (device: SocketDevice, callId: string) =>
  device.mediaNotices.filter((notice) => notice.type === type && notice.callId === callId).length;
/** How often a device was told that the media of a call are lost. */
export const countLosses = countNotices('media_lost');
/** How often a device was told to open its media elsewhere beside what it has. */
export const countMoves = countNotices('media_moving');
