import type { MediaRequest, PublishedTrack, RequestAnswer } from '@visavis/protocol';
import { SfuRefusal, type Sfu } from '../mediaPorts.ts';
import { refuse } from '../signaling/answers.ts';
import { fromIce, fromOpened, fromReceived, toCapabilities, toParameters } from './mediaShapes.ts';

/** GRP4: what a device of the call asks of the SFU of this process. That it is one is known before. */
export async function handleMediaRequest(
  sfu: Sfu,
  deviceId: string,
  request: MediaRequest,
): Promise<RequestAnswer> {
  try {
    return { type: 'ok', id: request.id, payload: await perform(sfu, deviceId, request) };
  } catch (error) {
    if (!(error instanceof SfuRefusal)) throw error;
    return refuse(request.id, error.code === 'NO_SUCH_TRANSPORT' ? 'NO_SUCH_TRACK' : error.code);
  }
}

type Payload = Extract<RequestAnswer, { type: 'ok' }>['payload'];

async function perform(sfu: Sfu, deviceId: string, request: MediaRequest): Promise<Payload> {
  const { callId } = request;
  switch (request.type) {
    case 'open_media': {
      const { rtpCapabilities } = request.payload;
      const opened = await sfu.open(callId, deviceId, { rtpCapabilities: toCapabilities(rtpCapabilities) });
      const media = fromOpened(opened, tracksOfOthers(sfu, callId, deviceId));
      return { media, received: fromReceived(opened.received) };
    }
    case 'connect_media': {
      const { transportId, dtlsParameters } = request.payload;
      await sfu.connect(callId, deviceId, transportId, dtlsParameters);
      return {};
    }
    case 'restart_media':
      return {
        iceParameters: fromIce(await sfu.restartIce(callId, deviceId, request.payload.transportId)),
      };
    case 'publish_track': {
      const { rtpParameters, ...track } = request.payload;
      const published = await sfu.publish(callId, deviceId, {
        ...track,
        rtpParameters: toParameters(rtpParameters),
      });
      return { trackId: published.trackId };
    }
    case 'unpublish_track':
      await sfu.unpublish(callId, deviceId, request.payload.trackId);
      return {};
    case 'pause_track':
      await sfu.setPaused(callId, deviceId, request.payload.trackId, request.payload.paused);
      return {};
    case 'list_tracks':
      return { tracks: tracksOfOthers(sfu, callId, deviceId) };
    case 'receive_tracks':
      return { received: fromReceived(await sfu.receive(callId, deviceId, request.payload.trackIds)) };
    case 'prefer_tracks':
      await sfu.prefer(callId, deviceId, request.payload.wishes);
      return {};
  }
}

/** What the others publish in a call. */
export const tracksOfOthers = (sfu: Sfu, callId: string, deviceId: string): PublishedTrack[] =>
  sfu
    .tracks(callId)
    .filter((track) => track.deviceId !== deviceId)
    .map(({ trackId, deviceId: from, source, kind, paused }) => ({
      trackId,
      deviceId: from,
      source,
      kind,
      paused,
    }));
