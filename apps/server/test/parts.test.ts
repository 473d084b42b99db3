import { beforeEach, expect, test } from 'vitest';
import { SILENT_MS } from '../src/groups/chooseMediaNode.ts';
import { createParts, type Parts } from '../src/groups/parts.ts';
import { partKey } from '../src/groups/partKey.ts';
import type { KnownMediaNode } from '../src/mediaNodes.ts';
import { SfuRefusal, type PublishedTrack, type Sfu, type SfuEvent } from '../src/mediaPorts.ts';
import type { RemoteTrack } from '../src/mediaSpan.ts';

const CALL = 'call';
const AT_PART = partKey(CALL, 'home');
const LONG = 60_000;
const node = (nodeId: string, silentMs = 0): KnownMediaNode => ({
  nodeId,
  region: nodeId,
  load: 0,
  isDraining: false,
  hasPipes: true,
  silentMs,
});
const microphone = (deviceId: string): PublishedTrack => ({
  trackId: `of ${deviceId}`,
  deviceId,
  source: 'microphone',
  kind: 'audio',
  paused: false,
});
const refuse = async (): Promise<never> => {
  throw new SfuRefusal('MEDIA_UNAVAILABLE');
};

/** A node whose SFU writes down what it hears; everything that nodes say arrives at once. */
interface Node {
  readonly parts: Parts;
  readonly heard: string[];
  emit(event: SfuEvent): void;
  remote(key: string): readonly RemoteTrack[];
}

let nodes: Map<string, Node>;
let now: number;

function startNode(ownId: string): void {
  const handlers = new Set<(event: SfuEvent) => void>();
  const remote = new Map<string, readonly RemoteTrack[]>();
  const own = new Map<string, readonly PublishedTrack[]>();
  const heard: string[] = [];
  const sfu: Sfu = {
    nodes: {
      setRemote: (key, tracks) => void remote.set(key, tracks),
      hear: (key, from, message) => heard.push(`${message.type} of ${from} for ${key}`),
      hearLevels: (key, from, volumes) =>
        heard.push(`${String(volumes.length)} voices of ${from} for ${key}`),
      drop: (nodeId) => heard.push(`drop ${nodeId}`),
      count: () => 0,
    },
    state: () => ({ name: 'ready' }),
    load: () => 0,
    pipes: () => 0,
    countConnected: () => 0,
    open: refuse,
    connect: refuse,
    restartIce: refuse,
    publish: refuse,
    unpublish: refuse,
    setPaused: refuse,
    receive: refuse,
    prefer: refuse,
    leave: async () => {},
    end: async (key) => void heard.push(`end ${key}`),
    tracks: (key) => [...(own.get(key) ?? []), ...(remote.get(key) ?? [])],
    subscribe: (handle) => {
      handlers.add(handle);
      return () => handlers.delete(handle);
    },
    close: async () => {},
  };
  const parts = createParts(
    {
      sfu,
      bus: {
        publish: () => {},
        subscribe: () => ({ ready: Promise.resolve(), cancel: () => {} }),
        broadcast: () => {},
        listen: () => () => {},
      },
      clock: {
        now: () => now,
        schedule: (_delayMs, task) => {
          task();
          return () => {};
        },
      },
    },
    { ownId },
    {
      say: (to, callId, home, said) => nodes.get(to)?.parts.hear(callId, home, ownId, said),
      tellPartLeft: (to, callId, deviceId) =>
        void nodes.get(to)?.parts.own.handleLeft(partKey(callId, ownId), deviceId),
    },
    () => false,
  );
  nodes.set(ownId, {
    parts,
    heard,
    emit: (event) => {
      if (event.type === 'track_published')
        own.set(event.callId, [...(own.get(event.callId) ?? []), event.track]);
      for (const handle of handlers) handle(event);
    },
    remote: (key) => remote.get(key) ?? [],
  });
}
function at(nodeId: string): Node {
  const found = nodes.get(nodeId);
  if (found === undefined) throw new Error(nodeId);
  return found;
}

beforeEach(() => {
  now = 0;
  nodes = new Map();
  for (const nodeId of ['home', 'east', 'west']) startNode(nodeId);
  const known = ['home', 'east', 'west'].map((nodeId) => node(nodeId));
  for (const nodeId of ['east', 'west']) {
    expect(at('home').parts.home.assign(CALL, `at ${nodeId}`, nodeId, known)).toBe(nodeId);
    at(nodeId).parts.own.begin(AT_PART);
  }
  at('east').emit({ type: 'track_published', callId: AT_PART, track: microphone('at east') });
});

test('MED6 a track at one part is known at the home and at the other part, and goes from the one to the other straight', () => {
  const track = { ...microphone('at east'), nodeId: 'east' };
  expect(at('home').remote(CALL)).toEqual([track]);
  expect(at('west').remote(AT_PART)).toEqual([track]);
  expect(at('east').remote(AT_PART)).toEqual([]);
  const { trackId } = track;
  at('west').emit({ type: 'pipe', callId: AT_PART, nodeId: 'east', message: { type: 'ask', trackId } });
  at('home').emit({ type: 'pipe', callId: CALL, nodeId: 'east', message: { type: 'ask', trackId } });
  expect(at('east').heard).toEqual([`ask of west for ${AT_PART}`, `ask of home for ${AT_PART}`]);
  at('east').emit({ type: 'pipe', callId: AT_PART, nodeId: 'home', message: { type: 'refused', trackId } });
  expect(at('home').heard).toEqual([`refused of east for ${CALL}`]);
});

test('MED6 who is loud at a part is heard of at the home', () => {
  at('west').emit({ type: 'levels', callId: AT_PART, volumes: [{ deviceId: 'at west', volume: -30 }] });
  expect(at('home').heard).toEqual([`1 voices of west for ${CALL}`]);
});

test('MED5 MED6 the parts of a call end when its home is gone, and nothing goes to a part that is gone', () => {
  const all = [node('home'), node('east'), node('west')];
  for (const nodeId of ['home', 'east', 'west']) at(nodeId).parts.handleLook(all, LONG);
  now = SILENT_MS;
  at('west').parts.handleLook([node('home', SILENT_MS), node('east')], LONG);
  expect(at('west').heard).toContain(`end ${AT_PART}`);
  at('home').parts.handleLook([node('home'), node('east', SILENT_MS), node('west')], LONG);
  expect(at('home').heard).toContain('drop east');
  expect(at('home').remote(CALL)).toEqual([]);
  expect(at('home').parts.home.placeOf(CALL, 'at east')).toBe('home');
  expect(at('home').parts.home.placeOf(CALL, 'at west')).toBe('west');
});
