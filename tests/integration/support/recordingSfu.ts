import { SfuRefusal, type PublishedTrack, type Sfu, type SfuEvent } from '@visavis/server';

/** An SFU without media: it writes down what it is asked, and says what a test wants. */
export interface RecordingSfu extends Sfu {
  readonly asked: string[];
  publishFor(callId: string, deviceId: string): PublishedTrack;
  say(event: SfuEvent): void;
  refuseAll(code: SfuRefusal['code'] | null): void;
}

const capabilities = { codecs: [], headerExtensions: [] };
const iceParameters = { usernameFragment: 'fragment', password: 'password', iceLite: true };
const transport = (id: string) => ({
  id,
  iceParameters,
  iceCandidates: [],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' } as const] },
});

export function createRecordingSfu(): RecordingSfu {
  const asked: string[] = [];
  const tracks = new Map<string, PublishedTrack[]>();
  const handlers = new Set<(event: SfuEvent) => void>();
  let refusal: SfuRefusal['code'] | null = null;
  const note = (...words: readonly string[]): void => {
    asked.push(words.join(' '));
    if (refusal !== null) throw new SfuRefusal(refusal);
  };
  const say = (event: SfuEvent): void => {
    for (const handle of handlers) handle(event);
  };
  const publishFor = (callId: string, deviceId: string): PublishedTrack => {
    const track = {
      trackId: crypto.randomUUID(),
      deviceId,
      source: 'microphone',
      kind: 'audio',
      paused: false,
    } as const;
    tracks.set(callId, [...(tracks.get(callId) ?? []), track]);
    say({ type: 'track_published', callId, track });
    return track;
  };
  return {
    asked,
    say,
    publishFor,
    refuseAll: (code) => {
      refusal = code;
    },
    nodes: null,
    state: () => ({ name: 'ready' }),
    load: () => 0,
    pipes: () => 0,
    countConnected: () => 0,
    open: async (callId, deviceId) => {
      note('open', callId, deviceId);
      return {
        generation: 1,
        routerRtpCapabilities: capabilities,
        send: transport('transport-send'),
        receive: transport('transport-receive'),
        received: [],
      };
    },
    connect: async (callId, deviceId, transportId) => note('connect', callId, deviceId, transportId),
    restartIce: async (callId, deviceId, transportId) => {
      note('restart', callId, deviceId, transportId);
      return iceParameters;
    },
    publish: async (callId, deviceId, { source }) => {
      note('publish', callId, deviceId, source);
      return { trackId: publishFor(callId, deviceId).trackId };
    },
    unpublish: async (callId, deviceId, trackId) => note('unpublish', callId, deviceId, trackId),
    setPaused: async (callId, deviceId, trackId) => note('pause', callId, deviceId, trackId),
    receive: async (callId, deviceId, trackIds) => {
      note('receive', callId, deviceId, ...trackIds);
      return [];
    },
    prefer: async (callId, deviceId) => note('prefer', callId, deviceId),
    leave: async (callId, deviceId) => note('leave', callId, deviceId),
    end: async (callId) => note('end', callId),
    tracks: (callId) => tracks.get(callId) ?? [],
    subscribe: (handle) => {
      handlers.add(handle);
      return () => handlers.delete(handle);
    },
    close: async () => {},
  };
}
