import { beforeEach, expect, test } from 'vitest';
import { createHomeParts, type HomeParts } from '../src/groups/homeParts.ts';
import type { KnownMediaNode } from '../src/mediaNodes.ts';
import type { PublishedTrack } from '../src/mediaPorts.ts';
import type { PartMessage, RemoteTrack } from '../src/mediaSpan.ts';

const CALL = 'call';
const node = (nodeId: string, region: string): KnownMediaNode => ({
  nodeId,
  region,
  load: 0,
  isDraining: false,
  hasPipes: true,
  silentMs: 0,
});
const NODES = [node('home', 'eu'), node('us1', 'us'), node('asia1', 'asia')];
const microphone = (deviceId: string, trackId: string): PublishedTrack => ({
  trackId,
  deviceId,
  source: 'microphone',
  kind: 'audio',
  paused: false,
});

let own: PublishedTrack[];
let remote: readonly RemoteTrack[];
let left: string[];
let said: [string, PartMessage][];
let partsLeft: [string, string | null][];
let notices: [string, string][];
let due: (() => void)[];
let parts: HomeParts;
beforeEach(() => {
  [own, remote, left, said, partsLeft, notices, due] = [[], [], [], [], [], [], []];
  parts = createHomeParts(
    {
      sfu: {
        tracks: () => [...own, ...remote],
        leave: async (_callId, deviceId) => void left.push(deviceId),
        nodes: {
          setRemote: (_callId, tracks) => {
            remote = tracks;
          },
          hear: () => {},
          hearLevels: () => {},
          drop: () => {},
          count: () => 0,
        },
      },
      bus: {
        publish: (deviceId, message) => {
          if (message.kind === 'notice')
            notices.push([deviceId, /"type":"(\w+)"/.exec(message.text)?.[1] ?? '']);
        },
      },
      clock: {
        schedule: (_delayMs, task) => {
          due.push(task);
          return () => {};
        },
      },
    },
    {
      ownId: 'home',
      say: (nodeId, _callId, message) => said.push([nodeId, message]),
      tellPartLeft: (nodeId, _callId, deviceId) => partsLeft.push([nodeId, deviceId]),
      hasGiven: () => false,
    },
  );
});

/** The ids of the tracks that a node was told of last. */
function toldOf(nodeId: string): readonly string[] {
  const message = said.filter(([to]) => to === nodeId).at(-1)?.[1];
  return message?.type === 'tracks' ? message.tracks.map(({ trackId }) => trackId) : [];
}
const assign = (deviceId: string, region: string, known = NODES): string =>
  parts.assign(CALL, deviceId, region, known);
const publish = (nodeId: string, ...tracks: readonly PublishedTrack[]): void =>
  parts.hear(CALL, nodeId, { type: 'tracks', tracks: tracks.map((track) => ({ ...track, nodeId })) });

test('MED6 a call whose devices are all at its home tells no other node of it', () => {
  expect(assign('ana', 'eu')).toBe('home');
  parts.handleEvent({ type: 'track_published', callId: CALL, track: microphone('ana', 'a') });
  expect([said, due, parts.nodes()]).toEqual([[], [], []]);
});

test('MED6 each node is told of the tracks at all others, and of none of its own', () => {
  expect([assign('ana', 'eu'), assign('ben', 'us'), assign('cem', 'asia')]).toEqual(['home', 'us1', 'asia1']);
  own.push(microphone('ana', 'a'));
  parts.handleEvent({ type: 'track_published', callId: CALL, track: microphone('ana', 'a') });
  for (const task of due.splice(0)) task();
  publish('us1', microphone('ben', 'b'));
  publish('asia1', microphone('cem', 'c'));
  expect(remote.map(({ trackId, nodeId }) => [trackId, nodeId])).toEqual([
    ['b', 'us1'],
    ['c', 'asia1'],
  ]);
  expect(toldOf('us1')).toEqual(['a', 'c']);
  expect(toldOf('asia1')).toEqual(['a', 'b']);
});

test('MED6 a node is believed of its own devices only', () => {
  assign('ben', 'us');
  publish('us1', microphone('ben', 'b'), microphone('ana', 'forged'));
  expect(remote.map(({ trackId }) => trackId)).toEqual(['b']);
  publish('asia1', microphone('ben', 'forged'));
  expect(remote.map(({ trackId }) => trackId)).toEqual(['b']);
});

test('MED6 who opens anew in another region is closed where they were, and so is a part without devices', () => {
  assign('ana', 'eu');
  assign('ben', 'us');
  publish('us1', microphone('ben', 'b'));
  expect(assign('ana', 'us')).toBe('us1');
  expect(left.at(-1)).toBe('ana');
  expect(assign('ben', 'eu')).toBe('home');
  expect(partsLeft).toEqual([['us1', 'ben']]);
  expect(remote).toEqual([]);
  assign('ana', 'eu');
  expect(partsLeft).toEqual([
    ['us1', 'ben'],
    ['us1', null],
  ]);
  expect(parts.nodes()).toEqual([]);
});

test('MED4 MED6 a track of a part that is left stays until its sender publishes it elsewhere', () => {
  assign('ben', 'us');
  assign('dia', 'us');
  publish('us1', microphone('ben', 'b'), microphone('dia', 'd'));
  parts.hear(CALL, 'us1', { type: 'leaving' });
  expect(notices).toEqual([
    ['ben', 'media_moving'],
    ['dia', 'media_moving'],
  ]);
  // Whatever the list still says.
  expect(assign('ben', 'us')).toBe('home');
  expect(partsLeft).toEqual([]);
  expect(remote.map(({ trackId }) => trackId)).toEqual(['b', 'd']);
  own.push(microphone('ben', 'b2'));
  parts.handleEvent({ type: 'track_published', callId: CALL, track: microphone('ben', 'b2') });
  for (const task of due.splice(0)) task();
  expect(remote.map(({ trackId }) => trackId)).toEqual(['d']);
  // Dia is told when that node ends: she has not gone.
  parts.hear(CALL, 'us1', { type: 'lost' });
  expect(notices.slice(2)).toEqual([['dia', 'media_lost']]);
  expect(partsLeft).toEqual([['us1', null]]);
});

test('MED6 who is removed while they change their node is closed at both', () => {
  assign('ben', 'us');
  assign('dia', 'us');
  publish('us1', microphone('ben', 'b'));
  parts.hear(CALL, 'us1', { type: 'leaving' });
  assign('ben', 'us');
  parts.handleLeft(CALL, 'ben');
  expect(partsLeft).toEqual([['us1', 'ben']]);
  expect(remote).toEqual([]);
});

test('MED6 a node that does not open media in time is asked once more, and then gets no part of the call again', () => {
  expect(assign('ben', 'us')).toBe('us1');
  parts.miss(CALL, 'us1');
  expect(assign('ben', 'us')).toBe('us1');
  expect(notices).toEqual([]);
  parts.miss(CALL, 'us1');
  expect(assign('ben', 'us')).toBe('home');
  expect(partsLeft).toEqual([['us1', null]]);
});

test('MED5 MED6 of a node that is gone only its devices are told, once', () => {
  assign('ana', 'eu');
  assign('ben', 'us');
  publish('us1', microphone('ben', 'b'));
  parts.lose(CALL, 'us1');
  parts.lose(CALL, 'us1');
  parts.loseNode('us1');
  expect(notices).toEqual([['ben', 'media_lost']]);
  expect(remote).toEqual([]);
  expect(assign('ben', 'us')).toBe('us1');
});

test('MED6 when the call ends, or its home loses its worker, all parts end', () => {
  for (const end of [
    () => parts.handleLeft(CALL, null),
    () => parts.handleEvent({ type: 'call_lost', callId: CALL, generation: 1 }),
  ]) {
    partsLeft = [];
    assign('ben', 'us');
    assign('cem', 'asia');
    end();
    expect(partsLeft).toEqual([
      ['us1', null],
      ['asia1', null],
    ]);
    expect(parts.nodes()).toEqual([]);
  }
});
