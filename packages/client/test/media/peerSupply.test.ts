import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IceServers } from '../../src/media/direct/iceServers.ts';
import { createPeerSupply as createSupply } from '../../src/media/direct/peerSupply.ts';
import { soon } from '../soon.ts';

const sealed = { createPeer: (configuration: RTCConfiguration) => new RTCPeerConnection(configuration) };
const createPeerSupply = (...[list, policy, handle]: Rest) => createSupply(sealed, list, policy, handle);
type Rest = Parameters<typeof createSupply> extends [unknown, ...infer Others] ? Others : never;

class FakePeer {
  static made: FakePeer[] = [];
  readonly configuration: RTCConfiguration;
  isClosed = false;
  constructor(configuration: RTCConfiguration) {
    if (configuration.iceServers?.some(({ urls }) => urls === 'nonsense')) throw new SyntaxError('urls');
    this.configuration = configuration;
    FakePeer.made.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
}

const OPEN = { relayOnly: false };
const HIDDEN = { relayOnly: true };
const turn: RTCIceServer[] = [{ urls: 'turn:relay.example', username: 'u', credential: 'c' }];
const servers = (list: readonly RTCIceServer[] = turn): IceServers => ({
  get: () => Promise.resolve(list),
  renew: () => Promise.resolve(list),
  hasRelay: () => true,
});

beforeEach(() => {
  FakePeer.made = [];
  vi.stubGlobal('RTCPeerConnection', FakePeer);
});
afterEach(() => vi.unstubAllGlobals());

test('NEG3 what was prepared is there at once when it is taken', async () => {
  const supply = createPeerSupply(servers(), OPEN, () => {});
  supply.prepare();
  supply.prepare();
  await soon(() => expect(FakePeer.made).toHaveLength(1));
  const taken: unknown[] = [];
  supply.take(false, (peer) => taken.push(peer));
  expect(taken).toEqual(FakePeer.made);
  expect(FakePeer.made[0]?.configuration).toEqual({
    iceServers: turn,
    iceTransportPolicy: 'all',
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
    iceCandidatePoolSize: 1,
  });
});

test('taken before it is ready, it comes as soon as it is', async () => {
  const supply = createPeerSupply(servers(), OPEN, () => {});
  supply.prepare();
  const taken: unknown[] = [];
  supply.take(false, (peer) => taken.push(peer));
  expect(taken).toEqual([]);
  await soon(() => expect(taken).toHaveLength(1));
  expect(FakePeer.made).toHaveLength(1);
});

test('NEG4 through relays only: another one than the prepared', async () => {
  const supply = createPeerSupply(servers(), OPEN, () => {});
  supply.prepare();
  await soon(() => expect(FakePeer.made).toHaveLength(1));
  const handlePeer = vi.fn();
  supply.take(true, handlePeer);
  await soon(() => expect(handlePeer).toHaveBeenCalledTimes(1));
  expect(FakePeer.made.map(({ configuration }) => configuration.iceTransportPolicy)).toEqual([
    'all',
    'relay',
  ]);
});

test('NEG5 a hidden address is hidden from the first one on', async () => {
  const supply = createPeerSupply(servers(), HIDDEN, () => {});
  supply.prepare();
  await soon(() => expect(FakePeer.made[0]?.configuration.iceTransportPolicy).toBe('relay'));
});

test('NEG5 hidden since it was prepared: another one, and what was prepared is not used', async () => {
  const policy = { relayOnly: false };
  const supply = createPeerSupply(servers(), policy, () => {});
  supply.prepare();
  await soon(() => expect(FakePeer.made).toHaveLength(1));
  policy.relayOnly = true;
  const taken: unknown[] = [];
  supply.take(false, (peer) => taken.push(peer));
  await soon(() => expect(taken).toHaveLength(1));
  expect(taken).toEqual([FakePeer.made[1]]);
  expect(FakePeer.made[1]?.configuration.iceTransportPolicy).toBe('relay');
  supply.close();
  expect(FakePeer.made[0]?.isClosed).toBe(true);
});

test('a list of servers that the browser refuses: without them', async () => {
  const supply = createPeerSupply(servers([{ urls: 'nonsense' }]), OPEN, () => {});
  const handlePeer = vi.fn();
  supply.take(false, handlePeer);
  await soon(() => expect(handlePeer).toHaveBeenCalledTimes(1));
  expect(FakePeer.made[0]?.configuration.iceServers).toEqual([]);
});

test('closed: nothing is left and nothing is made any more', async () => {
  const supply = createPeerSupply(servers(), OPEN, () => {});
  supply.prepare();
  await soon(() => expect(FakePeer.made).toHaveLength(1));
  supply.close();
  supply.prepare();
  expect(FakePeer.made.map(({ isClosed }) => isClosed)).toEqual([true]);
});

test('NEG4 an ICE restart gets credentials of its own moment, a new connection those that are known', async () => {
  const renewed: RTCIceServer[] = [{ urls: 'turn:relay.example', username: 'u', credential: 'renewed' }];
  const supply = createPeerSupply({ ...servers(), renew: () => Promise.resolve(renewed) }, OPEN, () => {});
  supply.take(false, () => {});
  await soon(() => expect(FakePeer.made).toHaveLength(1));
  expect(FakePeer.made[0]?.configuration.iceServers).toEqual(turn);
  expect(await supply.restartConfiguration(false)).toMatchObject({ iceServers: renewed });
});
