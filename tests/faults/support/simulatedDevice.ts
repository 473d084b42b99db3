import { randomUUID } from 'node:crypto';
import {
  createDevice,
  createLink,
  realTimers,
  type CaptureShare,
  type Device,
  type Link,
  type LinkHandlers,
  type SocketHandlers,
} from '@visavis/client';
import { CallDetails, SIGNALING_PATH } from '@visavis/protocol';
import { WebSocket } from 'ws';
import { noGroupMedia, openNoSeal } from '../../harness/noGroups.ts';
import { createFakeMedia } from './fakeMedia.ts';
import { createDeviceLedger, type DeviceLedger } from './ledger.ts';
import type { SeededDevice } from './population.ts';

/** The product's device over a real socket, with nothing but camera and connection played; keeps a ledger. */
export interface SimulatedDevice {
  readonly account: SeededDevice;
  readonly device: Device;
  /** Starts with an empty one for each run. */
  ledger: DeviceLedger;
  readonly isRegistered: boolean;
  close(): void;
}

/** @param url - of what stands before the nodes */
export function connectDevice(url: string, account: SeededDevice, handleChange: () => void): SimulatedDevice {
  const { user, deviceId, cookie } = account;
  const openSocket = (address: string, handlers: SocketHandlers) => {
    const socket = new WebSocket(address, { headers: { origin: url, cookie }, perMessageDeflate: false });
    socket.on('open', () => handlers.onOpen());
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
      if (text.includes('"TRY_LATER"')) self.ledger.refusals.push(Date.now());
      handlers.onText(text);
    });
    socket.on('error', () => {});
    socket.on('close', (code) => handlers.onClose(code));
    return {
      send: (text: string) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: (code?: number) => {
        if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
        else socket.close(code);
      },
    };
  };

  const openLink = (handlers: LinkHandlers): Link => {
    let session = 0;
    const link = createLink({
      url: `${url.replace('http', 'ws')}${SIGNALING_PATH}?device=${deviceId}`,
      deviceId,
      openSocket,
      timers: realTimers,
      random: Math.random,
      makeId: randomUUID,
      handlers: {
        ...handlers,
        onRegistered: (registered) => {
          if (!registered.resumed) {
            session += 1;
            self.ledger.freshStarts.push(Date.now());
          }
          handlers.onRegistered(registered);
        },
        onEvent: (event) => {
          self.ledger.events.push({ event, at: Date.now(), session });
          handlers.onEvent(event);
        },
      },
    });
    return {
      ...link,
      request: async (request) => {
        const { ledger } = self;
        const entry: DeviceLedger['requests'][number] = {
          request,
          sentAt: Date.now(),
          answer: null,
          answeredAt: null,
        };
        ledger.requests.push(entry);
        const answer = await link.request(request);
        entry.answer = answer;
        entry.answeredAt = Date.now();
        if (answer.type === 'ok') {
          const { signals = [], callId = 'callId' in request ? request.callId : '' } = answer.payload;
          for (const signal of signals) ledger.given.push({ callId, signal });
        }
        return answer;
      },
    };
  };

  const self: { ledger: DeviceLedger } = { ledger: createDeviceLedger(user.userId, deviceId) };
  const device = createDevice({
    openLink,
    createMedia: (options) =>
      createFakeMedia(options, () => {
        self.ledger.rejoins.push(Date.now());
      }),
    ...noGroupMedia,
    openSeal: openNoSeal,
    saveQuality: () => {},
    capture: { open: openNothing },
    createLevelMeter: () => ({ getLevel: () => 0, getDecibels: () => null, close: () => {} }),
    loadIceServers: async () => [],
    loadEnd: async (callId) => loadEnd(url, account, callId),
    timers: realTimers,
    makeId: randomUUID,
    policy: { relayOnly: false },
    onChange: handleChange,
    onNotice: () => {},
    onRegistered: () => {},
  });
  return {
    account,
    device,
    get ledger() {
      return self.ledger;
    },
    set ledger(ledger) {
      self.ledger = ledger;
    },
    get isRegistered() {
      return device.getView().link.name === 'registered';
    },
    close: () => device.close(),
  };
}

/** As the product asks after a long absence. */
async function loadEnd(url: string, { deviceId, cookie }: SeededDevice, callId: string) {
  try {
    const response = await fetch(`${url}/api/calls/${callId}`, {
      headers: { cookie, 'x-visavis-device': deviceId },
    });
    const { endReason, entry } = CallDetails.parse(await response.json());
    return endReason === null ? null : { reason: endReason, durationMs: entry.durationMs };
  } catch {
    return null;
  }
}

/** Neither camera nor microphone, and nothing wrong with that. */
function openNothing(): CaptureShare {
  const stream = new NoStream();
  return {
    getState: () => ({
      audio: null,
      video: null,
      heard: null,
      stream,
      muted: false,
      camera: false,
      opening: true,
      problem: null,
    }),
    subscribe: () => () => {},
    setMuted: () => {},
    setCamera: () => {},
    retry: () => {},
    close: () => {},
  };
}

class NoStream extends EventTarget implements MediaStream {
  readonly id = 'nothing';
  readonly active = false;
  readonly onaddtrack = null;
  readonly onremovetrack = null;
  readonly addTrack = (): void => {};
  readonly removeTrack = (): void => {};
  readonly getTracks = (): MediaStreamTrack[] => [];
  readonly getAudioTracks = (): MediaStreamTrack[] => [];
  readonly getVideoTracks = (): MediaStreamTrack[] => [];
  readonly getTrackById = (): null => null;
  readonly clone = (): MediaStream => new NoStream();
}
