import type { MediaTransport, SampleRequest } from '@visavis/protocol';
import type { SampleOutcome } from '../../src/check/line.ts';
import { runCheck, type CheckPorts } from '../../src/check/run.ts';
import type { CheckWishes, Findings, SpeakerFinding } from '../../src/check/types.ts';
import type { CaptureProblem, CaptureShareState } from '../../src/media/capture/types.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { createFakePeers, type FakeWays } from './fakePeers.ts';

export interface World extends FakeWays {
  /** One way to the server, in ms; null: it is not there. */
  readonly serverMs: number | null;
  /** Bits a second to and from the server. */
  readonly upload: number;
  readonly download: number;
  readonly relayUrls: readonly string[];
  readonly hasMediaServer: boolean;
  readonly camera: 'bright' | 'dark' | 'blank' | CaptureProblem | 'asking';
  readonly microphone: 'sound' | 'silence' | CaptureProblem | 'asking';
  readonly speaker: SpeakerFinding;
  readonly isSecure: boolean;
}

const GOOD_WORLD: World = {
  serverMs: 20,
  upload: 5_000_000,
  download: 20_000_000,
  media: { udp: 15, tcp: 15 },
  relay: { udp: 15, tcp: 15, tls: 15 },
  relayUrls: ['turn:relay?transport=udp', 'turn:relay?transport=tcp', 'turns:relay?transport=tcp'],
  hasMediaServer: true,
  camera: 'bright',
  microphone: 'sound',
  speaker: 'found',
  isSecure: true,
};

const candidate = {
  foundation: 'f',
  priority: 1,
  address: '203.0.113.10',
  port: 40_000,
  type: 'host',
} as const;
const TRANSPORTS: readonly MediaTransport[] = ['send-transport', 'receive-transport'].map((transportId) => ({
  transportId,
  iceParameters: { usernameFragment: 'fragment', password: 'password', iceLite: true },
  iceCandidates: [
    { ...candidate, protocol: 'udp' },
    { ...candidate, protocol: 'tcp', tcpType: 'passive' },
  ],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
}));

/** A check in virtual time, in a world that is made up. */
export function createCheckBench(change: Partial<World> = {}) {
  const world: World = { ...GOOD_WORLD, ...change };
  const timers = createVirtualTimers();
  const peers = createFakePeers(timers, world);
  const open = { shares: 0, meters: 0, pictures: 0 };
  const taken: SampleRequest[] = [];
  const heard: { readonly findings: Findings; readonly isOver: boolean; readonly atMs: number }[] = [];
  const startedAt = timers.now();

  const afterMs = async (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timers.after(ms, resolve);
    });
  const counted = (kind: keyof typeof open): (() => void) => {
    open[kind] += 1;
    let isClosed = false;
    return () => {
      if (!isClosed) open[kind] -= 1;
      isClosed = true;
    };
  };

  const ports: CheckPorts = {
    isSecure: world.isSecure,
    timers,
    openPeer: peers.openPeer,
    capture: {
      open: ({ audio, video }) => {
        const close = counted('shares');
        const state = stateOf(world, audio, video);
        return {
          getState: () => state,
          subscribe: () => () => {},
          setMuted: () => {},
          setCamera: () => {},
          retry: () => {},
          close,
        };
      },
    },
    createLevelMeter: () => {
      const close = counted('meters');
      return { getLevel: () => (world.microphone === 'sound' ? 0.2 : 0), getDecibels: () => null, close };
    },
    openPicture: () => {
      const close = counted('pictures');
      return {
        look: () => (world.camera === 'bright' ? 120 : world.camera === 'dark' ? 4 : null),
        close,
      };
    },
    findSpeaker: async () => world.speaker,
    async takeSample(sample): Promise<SampleOutcome> {
      taken.push(sample);
      if (world.serverMs === null) return 'failed';
      const upMs = (sample.filler.length * 8_000) / world.upload;
      const downMs = (sample.wanted * 8_000) / world.download;
      await afterMs(world.serverMs * 2 + upMs + downMs);
      return 'taken';
    },
    async openTransports() {
      if (world.serverMs === null) throw new Error('NETWORK');
      await afterMs(world.serverMs * 2);
      return world.hasMediaServer ? TRANSPORTS : null;
    },
    async loadIceServers() {
      if (world.serverMs === null) throw new Error('NETWORK');
      await afterMs(world.serverMs * 2);
      return world.relayUrls.length === 0 ? [] : [{ urls: [...world.relayUrls] }];
    },
  };

  return {
    timers,
    ports,
    open,
    peers,
    taken,
    heard,
    last: () => heard.at(-1),
    start: (wishes: Partial<CheckWishes> = {}) =>
      runCheck(ports, { camera: true, microphone: true, isGentle: false, ...wishes }, (findings, isOver) => {
        heard.push({ findings, isOver, atMs: timers.now() - startedAt });
      }),
    /** Lets time pass in small steps, and what each begins come to its end. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 5) {
        timers.advance(Math.min(5, left));
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    },
    isAllClosed: () =>
      peers.countOpen() === 0 && open.shares === 0 && open.meters === 0 && open.pictures === 0,
  };
}

const WORKING: ReadonlySet<string> = new Set(['bright', 'dark', 'blank', 'sound', 'silence']);

const track = (kind: string) => ({ kind }) as MediaStreamTrack;

function stateOf({ camera, microphone }: World, audio: boolean, video: boolean): CaptureShareState {
  const hasSound = audio && WORKING.has(microphone);
  const problemOf = (device: string): CaptureProblem | null =>
    WORKING.has(device) || device === 'asking' ? null : (device as CaptureProblem);
  return {
    audio: hasSound ? track('audio') : null,
    heard: hasSound ? track('audio') : null,
    video: video && WORKING.has(camera) ? track('video') : null,
    stream: {} as MediaStream,
    muted: false,
    camera: video,
    opening: (audio && microphone === 'asking') || (video && camera === 'asking'),
    problem: (audio ? problemOf(microphone) : null) ?? (video ? problemOf(camera) : null),
  };
}
