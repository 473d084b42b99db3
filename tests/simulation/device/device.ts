import type { CallDevice, DeviceRequest } from '@visavis/call';
import { KIND } from '@visavis/call/simulation';
import {
  createDevice,
  createLink,
  type Device,
  type DeviceOptions,
  type DirectMedia,
  type LinkAnswer,
  type LinkHandlers,
  type Timers,
} from '@visavis/client';
import type { ServerEvent, ServerNotice, Presence } from '@visavis/protocol';
import { noGroupMedia, openNoSeal } from '../../harness/noGroups.ts';
import { openSocket, type SimulatedSocket } from '../node/socket.ts';
import type { SimulatedNode } from '../node/node.ts';
import type { Population } from '../node/population.ts';
import { count, type World } from '../world.ts';
import { simulatedCapture } from './capture.ts';
import { createSimulatedMedia, type SimulatedMedia } from './media.ts';

/** What is watched of a device while it runs. Everything happens on the page that is open at that moment. */
export interface DeviceWatch {
  handleRegistered(page: Page, session: { readonly sessionId: string; readonly resumed: boolean }): void;
  handleEvent(page: Page, event: ServerEvent): void;
  handleAnswer(page: Page, request: DeviceRequest, answer: LinkAnswer): void;
  handleMedia(page: Page, media: DirectMedia, what: 'offer' | 'accept' | 'signal'): void;
}

/** What a device does over HTTP. */
export interface SimulatedHttp {
  loadEnd: DeviceOptions['loadEnd'];
  loadPresence(userId: string): Promise<ReadonlyMap<string, Presence>>;
}

export interface DeviceSurroundings {
  readonly world: World;
  readonly nodes: readonly SimulatedNode[];
  readonly population: Population;
  readonly watch: DeviceWatch;
  readonly http: SimulatedHttp;
  /** The media of these connections ends without a word: the page is gone. */
  readonly mediaGone: (connectionIds: readonly string[]) => void;
}

/** One window with the product's own code in it. What only memory held is gone with it. */
export interface Page {
  readonly device: CallDevice;
  readonly app: Device;
  /** The calls that the person here agreed to, and the people that they have dialed, whose calls they answer so (NEG3, RING7). */
  readonly agreed: Set<string>;
  readonly medias: Set<SimulatedMedia>;
  /** What others are, as far as it is shown here. */
  readonly presence: Map<string, Presence>;
  /** The session and the last event that was handled. */
  session: { id: string; lastSeq: number; registeredAt: number } | null;
  /** When it last heard a word of any node. */
  heardAt: number;
  waiting: number;
  socket: SimulatedSocket | null;
}

export interface SimulatedDevice {
  readonly device: CallDevice;
  /** Null while no window is open. */
  page(): Page | null;
  open(): void;
  /** Its clock is set, to another wrong time. */
  setClock(): void;
  /** Every way is dead for that long. */
  goDark(forMs: number): void;
  /** The window is closed; the next one is opened after that time, if ever. */
  reload(backAfterMs: number | null): void;
  isAlive(): boolean;
}

const MOST_SKEW_MS = 60_000;

export function createSimulatedDevice(surroundings: DeviceSurroundings, device: CallDevice): SimulatedDevice {
  const { world, nodes, population, watch, http, mediaGone } = surroundings;
  const { clock, random } = world;
  let skewMs = random.between(-MOST_SKEW_MS, MOST_SKEW_MS);
  let page: Page | null = null;
  let isAlive = true;
  let darkUntil = 0;
  let closePage = doNothing;
  const agreed = new Set<string>();

  function open(): void {
    let isClosed = false;
    const isOpen = (): boolean => !isClosed;
    const timers: Timers = {
      now: () => clock.now() + skewMs,
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          if (isOpen()) callback();
        }),
    };
    const medias = new Set<SimulatedMedia>();
    const presence = new Map<string, Presence>();
    const told = new Set<string>();
    /** The requests that were said once. */
    const said = new Set<string>();
    let fetches = 0;
    let registeredSession = '';
    let current: Page | null = null;
    const inPage = (task: (page: Page) => void): void => {
      if (current !== null && isOpen()) task(current);
    };

    const openPageSocket: Parameters<typeof createLink>[0]['openSocket'] = (_url, handlers) => {
      const node = random.pick(nodes);
      if (node === undefined) throw new Error('there are no nodes');
      const socket = openSocket(world, node, population, device.deviceId, {
        onOpen: () => {
          if (isOpen()) handlers.onOpen();
        },
        onText: (text) => {
          if (!isOpen()) return;
          registeredSession = readSessionId(text) ?? registeredSession;
          handlers.onText(text);
          inPage((page) => {
            page.heardAt = clock.now();
          });
        },
        onClose: (code) => {
          if (isOpen()) handlers.onClose(code);
        },
      });
      if (clock.now() < darkUntil) socket.cut();
      if (current === null) firstSocket = socket;
      else current.socket = socket;
      return {
        ...socket,
        send: (text) => {
          const id = readRequestId(text);
          if (id !== null && said.has(id)) count(world, 'repeats');
          if (id !== null) said.add(id);
          socket.send(text);
        },
      };
    };
    let firstSocket: SimulatedSocket | null = null;

    const fetchPresence = (): void => {
      told.clear();
      fetches += 1;
      const fetch = fetches;
      void http.loadPresence(device.userId).then((states) => {
        inPage(() => {
          if (fetch !== fetches) return;
          for (const [userId, state] of states) if (!told.has(userId)) presence.set(userId, state);
        });
      });
    };
    const handleNotice = (notice: ServerNotice): void => {
      if (notice.type !== 'presence') return;
      told.add(notice.payload.userId);
      presence.set(notice.payload.userId, notice.payload.presence);
    };
    const openLink = (handlers: LinkHandlers) => {
      const link = createLink({
        url: '',
        deviceId: device.deviceId,
        openSocket: openPageSocket,
        timers,
        random: () => random.next(),
        makeId: () => world.makeId(KIND.request),
        handlers: {
          ...handlers,
          onRegistered: (session) => {
            inPage((page) =>
              watch.handleRegistered(page, { sessionId: registeredSession, resumed: session.resumed }),
            );
            handlers.onRegistered(session);
          },
          onEvent: (event) => {
            inPage((page) => watch.handleEvent(page, event));
            handlers.onEvent(event);
          },
        },
      });
      return {
        ...link,
        request: async (request: DeviceRequest) => {
          inPage((page) => {
            page.waiting += 1;
          });
          const answer = await link.request(request);
          inPage((page) => {
            page.waiting -= 1;
            world.note(() => `${device.name} asked ${request.type}: ${describeAnswer(answer)}`);
            watch.handleAnswer(page, request, answer);
          });
          return answer;
        },
      };
    };

    const app = createDevice({
      openLink,
      createMedia: (options) => {
        const media = createSimulatedMedia(world, timers, options, (media, what) => {
          inPage((page) => watch.handleMedia(page, media, what));
        });
        medias.add(media);
        return media;
      },
      ...noGroupMedia,
      openSeal: openNoSeal,
      saveQuality: () => {},
      capture: simulatedCapture,
      createLevelMeter: () => ({ getLevel: () => 0, getDecibels: () => null, close: () => {} }),
      loadIceServers: () => Promise.resolve([]),
      loadEnd: async (callId) => {
        const end = await http.loadEnd(callId);
        return isOpen() ? end : null;
      },
      timers,
      makeId: () => world.makeId(KIND.key),
      policy: { relayOnly: false },
      onChange: () => {},
      onNotice: handleNotice,
      onRegistered: fetchPresence,
    });
    const opened: Page = {
      device,
      app,
      agreed,
      medias,
      presence,
      session: null,
      heardAt: clock.now(),
      waiting: 0,
      socket: firstSocket,
    };
    current = opened;
    page = opened;
    closePage = () => {
      isClosed = true;
      page = null;
    };
  }

  return {
    device,
    page: () => page,
    open,
    isAlive: () => isAlive,
    setClock: () => {
      skewMs = random.between(-MOST_SKEW_MS, MOST_SKEW_MS);
      count(world, 'deviceClocksSet');
      world.note(() => `the clock of ${device.name} is ${String(skewMs)} ms ahead`);
    },
    goDark: (forMs) => {
      darkUntil = clock.now() + forMs;
      page?.socket?.cut();
    },
    reload: (backAfterMs) => {
      if (page === null) return;
      count(world, 'reloads');
      world.note(() => `${device.name} ${backAfterMs === null ? 'dies' : 'is reloaded'}`);
      page.socket?.close();
      const ids = [...page.medias].map((media) => media.connectionId());
      closePage();
      isAlive = backAfterMs !== null;
      mediaGone(ids);
      if (backAfterMs !== null) clock.after(backAfterMs, open);
    },
  };
}

function doNothing(): void {}

const REGISTERED = /^\{"type":"registered".*?"sessionId":"([^"]+)"/;
const readSessionId = (text: string): string | null => REGISTERED.exec(text)?.[1] ?? null;

const REQUEST = /"id":"([^"]+)"\}$/;
const readRequestId = (text: string): string | null => REQUEST.exec(text)?.[1] ?? null;

const describeAnswer = ({ type, payload }: LinkAnswer): string =>
  'code' in payload ? `${type} ${payload.code}` : type;
