import {
  type CallIdentity,
  type Candidate,
  type MlsEngine,
  type MlsGroup,
  createCallIdentity,
  createDeviceKey,
  createMlsEngine,
} from '@visavis/encryption';

/*
 * Runs in a worker of a browser: a group of 32 devices, each with an engine of its own. One of them commits always, which is the
 * dearest tree there is: nobody else has ever given a path, so that its commits are encrypted to each member one by one.
 */

const MEMBERS = 32;

/** ms of each step. */
export interface GroupTimes {
  readonly commit: number[];
  readonly process: number[];
  readonly join: number[];
}

/** What the worker asks its page: the server's signature. */
export interface SignRequest {
  readonly number: number;
  readonly epoch: number;
  readonly add: Uint8Array<ArrayBuffer> | null;
  readonly remove: number | null;
}

export interface StartGroup {
  readonly rounds: number;
  readonly group: string;
  readonly senderKey: Uint8Array<ArrayBuffer>;
}

interface Device {
  readonly name: string;
  readonly engine: MlsEngine;
  readonly identity: CallIdentity;
}

const text = (value: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(value));
const CALL = text('call');
/** How many of them follow everything, so that there is something to measure. */
const FOLLOWERS = 3;

const waiting = new Map<number, (message: Uint8Array<ArrayBuffer>) => void>();
let asked = 0;

// A worker's page is the only one to hear it: there is no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const post = (message: SignRequest | GroupTimes): void => globalThis.postMessage(message);

function sign(epoch: bigint, what: Pick<SignRequest, 'add' | 'remove'>): Promise<Uint8Array<ArrayBuffer>> {
  asked += 1;
  const number = asked;
  return new Promise((resolve) => {
    waiting.set(number, resolve);
    post({ number, epoch: Number(epoch), ...what });
  });
}

async function createDevice(name: string): Promise<Device> {
  const deviceKey = await createDeviceKey();
  const options = { userId: `user of ${name}`, deviceId: name, deviceKey, confirmation: null };
  const identity = createCallIdentity(options);
  const engine = createMlsEngine((credential, leafKey) => identity.verify(credential, leafKey, CALL));
  return { name, engine, identity };
}

async function candidateOf({ engine, identity }: Device): Promise<Candidate> {
  const key = await engine.createLeafKey();
  return engine.createCandidate(key, await identity.certify(key.publicKey, CALL));
}

async function proposed(group: MlsGroup, message: Uint8Array): Promise<MlsGroup> {
  const result = await group.handleProposal(message);
  if (result.type === 'refused') throw new Error(result.reason);
  return result.group;
}

async function timed<Value>(times: number[], work: () => Promise<Value>): Promise<Value> {
  const beganAt = performance.now();
  const value = await work();
  times.push(performance.now() - beganAt);
  return value;
}

async function commitOf(group: MlsGroup, into: number[]) {
  const result = await timed(into, async () => {
    const made = await group.commit();
    if (made.type === 'commit') await made.group.exportBaseKey();
    return made;
  });
  if (result.type === 'refused') throw new Error(result.reason);
  return result;
}

async function run({ rounds, group, senderKey }: StartGroup): Promise<GroupTimes> {
  const times: GroupTimes = { commit: [], process: [], join: [] };
  const sender = { signatureKey: senderKey, identity: text('server') };
  const groupId = text(group);
  const joinBy = (device: Device, candidate: Candidate, welcome: Uint8Array | null, into: number[]) =>
    timed(into, async () => {
      if (welcome === null) throw new Error('nobody is welcome');
      const result = await device.engine.join(candidate, welcome, groupId, sender);
      if (result.type === 'refused') throw new Error(result.reason);
      await result.group.exportBaseKey();
      return result.group;
    });

  const names = Array.from({ length: MEMBERS }, (_, index) => `device ${index}`);
  const [committer, ...others] = await Promise.all(names.map(createDevice));
  if (committer === undefined) throw new Error('nobody is there');
  let own = await committer.engine.createGroup(await candidateOf(committer), groupId, sender);
  const candidates = await Promise.all(others.map(candidateOf));
  for (const { keyPackage } of candidates)
    own = await proposed(own, await sign(own.epoch, { add: keyPackage, remove: null }));
  const first = await commitOf(own, []);
  own = first.group;
  const followers: MlsGroup[] = [];
  for (let index = 0; index < FOLLOWERS; index += 1) {
    const [device, candidate] = [others[index], candidates[index]];
    if (device === undefined || candidate === undefined) throw new Error('nobody follows');
    followers.push(await joinBy(device, candidate, first.welcome, []));
  }

  const propose = async (message: Uint8Array): Promise<void> => {
    own = await proposed(own, message);
    for (const [index, group] of followers.entries()) followers[index] = await proposed(group, message);
  };
  const commitAll = async (): Promise<Uint8Array | null> => {
    const made = await commitOf(own, times.commit);
    own = made.group;
    for (const [index, group] of followers.entries()) {
      followers[index] = await timed(times.process, async () => {
        const result = await group.handleCommit(made.message);
        if (result.type !== 'committed') throw new Error(result.type);
        await result.group.exportBaseKey();
        return result.group;
      });
    }
    return made.welcome;
  };
  // One leaves, one comes, as in a call: with 32 in it both are as dear as they get.
  for (let round = 0; round < rounds; round += 1) {
    const leaf = 1 + FOLLOWERS + (round % (MEMBERS - 1 - FOLLOWERS));
    await propose(await sign(own.epoch, { add: null, remove: leaf }));
    await commitAll();
    const newcomer = await createDevice(`newcomer ${round}`);
    const candidate = await candidateOf(newcomer);
    await propose(await sign(own.epoch, { add: candidate.keyPackage, remove: null }));
    const welcome = await commitAll();
    const joined = await joinBy(newcomer, candidate, welcome, times.join);
    if (joined.epochAuthenticator.join() !== own.epochAuthenticator.join())
      throw new Error('they do not agree');
  }
  if (own.members.length !== MEMBERS) throw new Error('somebody is missing');
  return times;
}

type Message = StartGroup | { readonly number: number; readonly message: Uint8Array<ArrayBuffer> };
globalThis.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if ('rounds' in data) {
    void run(data).then(post);
    return;
  }
  waiting.get(data.number)?.(data.message);
  waiting.delete(data.number);
});
