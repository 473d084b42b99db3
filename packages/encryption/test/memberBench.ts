import {
  type CallIdentity,
  type Candidate,
  type MlsEngine,
  type MlsGroup,
  createDeviceKey,
  createMlsEngine,
  createCallIdentity,
} from '../src/index.ts';
import { type TestSigner, createTestSigner } from './testSigner.ts';
import { type CurrentKeys, type HeardKeys, type SaidKeys, createMember } from '../src/member/index.ts';
import type { CallKeys } from '../src/worker/index.ts';
import { type VirtualClock, createVirtualClock } from './virtualClock.ts';
import { commit, propose, text } from './mlsFixtures.ts';
import { toHex } from './vectors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;
export const CALL = 'call';
export const groupIdOf = (generation: number): Bytes => text(`${CALL} ${generation}`);

/** What a member gave to the frames, in order. */
export type Given =
  | { readonly what: 'open'; readonly epoch: bigint; readonly key: string; readonly at: number }
  | {
      readonly what: 'send';
      readonly epoch: bigint;
      readonly leaf: number;
      readonly key: string;
      readonly at: number;
    }
  | { readonly what: 'know'; readonly members: readonly string[]; readonly at: number }
  | { readonly what: 'stop'; readonly at: number };

export interface Played {
  readonly said: { readonly request: number; readonly said: SaidKeys }[];
  readonly reports: (CurrentKeys | null)[];
  readonly given: Given[];
  readonly ignored: string[];
  hear(heard: HeardKeys): void;
  close(): void;
  settled(): Promise<void>;
}

export const identityOf = async (device: string): Promise<CallIdentity> =>
  createCallIdentity({
    userId: `user of ${device}`,
    deviceId: device,
    deviceKey: await createDeviceKey(),
    confirmation: null,
  });

/** A member with its worker around it; frames take the keys as the real ones do. */
export function playMember(
  clock: VirtualClock,
  identity: CallIdentity,
  handleSaid: (request: number, said: SaidKeys) => void = () => {},
): Played {
  const said: Played['said'] = [];
  const reports: Played['reports'] = [];
  const given: Given[] = [];
  const ignored: string[] = [];
  let opened = -1n;
  let sent = -1n;
  const keys: CallKeys = {
    openWith({ epoch, baseKey }) {
      if (epoch <= opened) return Promise.reject(new RangeError('not a newer epoch'));
      opened = epoch;
      given.push({ what: 'open', epoch, key: toHex(baseKey), at: clock.now() });
      return Promise.resolve();
    },
    sendWith({ epoch, leaf, baseKey }) {
      if (epoch <= sent) return Promise.reject(new RangeError('not a newer epoch'));
      sent = epoch;
      given.push({ what: 'send', epoch, leaf, key: toHex(baseKey), at: clock.now() });
      return Promise.resolve();
    },
    talkWith: () => Promise.resolve(),
    stopSending: () => void given.push({ what: 'stop', at: clock.now() }),
    knowMembers: (members) =>
      void given.push({
        what: 'know',
        members: members.map(({ device, leaf, firstEpoch }) => `${device} ${leaf} ${firstEpoch}`),
        at: clock.now(),
      }),
  };
  const member = createMember({
    callId: CALL,
    identity,
    keys,
    timers: clock,
    say(request, message) {
      said.push({ request, said: message });
      handleSaid(request, message);
    },
    report: (current) => reports.push(current),
    ignored: (reason) => ignored.push(reason),
  });
  return {
    said,
    reports,
    given,
    ignored,
    hear: (heard) => member.hear(heard),
    close: () => member.close(),
    settled: () => member.settled(),
  };
}

/** A device that the tests move by hand, and can make do anything. */
export interface Other {
  readonly name: string;
  readonly engine: MlsEngine;
  candidate(): Promise<Candidate>;
}

export async function createOther(name: string): Promise<Other> {
  const identity = await identityOf(name);
  const engine = createMlsEngine((credential, leafKey) => identity.verify(credential, leafKey, text(CALL)));
  return {
    name,
    engine,
    async candidate() {
      const key = await engine.createLeafKey();
      return engine.createCandidate(key, await identity.certify(key.publicKey, text(CALL)));
    },
  };
}

/** b, which is tested, in a group with a (leaf 0) and others behind it, moved by hand. */
export interface Bench extends Played {
  readonly clock: VirtualClock;
  readonly signer: TestSigner;
  /** The group as a sees it. */
  a: MlsGroup;
  readonly others: Map<string, MlsGroup>;
  /** The newest that b has said, of this kind. */
  last<Type extends SaidKeys['type']>(
    type: Type,
  ): { readonly request: number; readonly said: Extract<SaidKeys, { type: Type }> };
  hearAll(...heard: HeardKeys[]): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** What the server has proposed now, to a and as an event for b. */
  proposed(messages: readonly Bytes[], from?: number): Promise<HeardKeys>;
  /** a commits all that it knows; everybody else of the others follows. */
  committed(): Promise<{ readonly event: HeardKeys; readonly commit: Bytes; readonly welcome: Bytes | null }>;
  keysNow(): string;
}

export async function createBench(
  others: readonly string[] = ['c'],
  options: { readonly generation?: number } = {},
): Promise<Bench> {
  const { generation = 0 } = options;
  const clock = createVirtualClock();
  const signer = createTestSigner(text('server'));
  const played = playMember(clock, await identityOf('b'));
  await clock.run(0, () => played.settled());
  const first = await createOther('a');
  const groupId = groupIdOf(generation);
  const groups = new Map<string, MlsGroup>();
  const bench: Bench = {
    ...played,
    clock,
    signer,
    a: await first.engine.createGroup(await first.candidate(), groupId, signer.key),
    others: groups,
    last(type) {
      const found = played.said.filter(({ said }) => said.type === type).at(-1);
      if (found === undefined) throw new Error(`${type} was not said`);
      return found as never;
    },
    async hearAll(...heard) {
      for (const each of heard) played.hear(each);
      await clock.run(0, () => played.settled());
    },
    pass: (ms) => clock.run(ms, () => played.settled()),
    async proposed(messages, from = bench.a.pending) {
      const epoch = Number(bench.a.epoch);
      for (const message of messages) {
        bench.a = await propose(bench.a, message);
        for (const [name, group] of groups) groups.set(name, await propose(group, message));
      }
      return { type: 'proposed', generation, epoch, from, proposals: messages };
    },
    async committed() {
      const epoch = Number(bench.a.epoch);
      const own = await commit(bench.a);
      bench.a = own.group;
      for (const [name, group] of groups) {
        const result = await group.handleCommit(own.message);
        if (result.type === 'committed') groups.set(name, result.group);
        else groups.delete(name);
      }
      const event: HeardKeys = { type: 'committed', generation, epoch, commit: own.message };
      return { event, commit: own.message, welcome: own.welcome };
    },
    keysNow: () =>
      JSON.stringify(
        played.given.filter(({ what }) => what !== 'stop'),
        (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      ),
  };

  const { request, said } = bench.last('join_keys');
  const candidates = new Map<string, { other: Other; candidate: Candidate }>();
  for (const name of others) {
    const other = await createOther(name);
    candidates.set(name, { other, candidate: await other.candidate() });
  }
  const packages = [
    said.keyPackage,
    ...[...candidates.values()].map(({ candidate }) => candidate.keyPackage),
  ];
  for (const keyPackage of packages) bench.a = await propose(bench.a, signer.proposeAdd(bench.a, keyPackage));
  const own = await commit(bench.a);
  bench.a = own.group;
  const welcome = own.welcome ?? new Uint8Array();
  for (const [name, { other, candidate }] of candidates) {
    const joined = await other.engine.join(candidate, welcome, groupId, signer.key);
    if (joined.type === 'refused') throw new Error(joined.reason);
    groups.set(name, joined.group);
  }
  await bench.hearAll(
    { type: 'joined', request, generation, role: 'wait', senderKey: signer.key.signatureKey },
    { type: 'welcome', generation, epoch: 1, welcome },
  );
  return bench;
}
