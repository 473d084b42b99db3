import {
  createCallIdentity,
  createDeviceKey,
  createMlsEngine,
  verifyCredential,
  type Candidate,
  type MlsEngine,
  type MlsGroup,
} from '@visavis/encryption';
import type { JoinedKeys, RequestAnswer, ServerEvent, ServerMessage } from '@visavis/protocol';
import { codeOf, type TestDevice } from './device.ts';
import { until } from './until.ts';

type KeyEvent = Extract<ServerEvent, { type: `keys_${string}` }>;
type CommitRequest = { generation: number; epoch: number; commit: string; welcome: string | null };

const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

/** A device as a member of the real MLS group of a call. */
export class KeyMember {
  readonly device: TestDevice;
  readonly callId: string;
  group: MlsGroup | null = null;
  generation = 0;
  senderKey = '';
  readonly #engine: MlsEngine;
  #candidate: Candidate | null = null;
  #own: { readonly epoch: bigint; readonly group: MlsGroup } | null = null;
  #next = 0;

  /** @param before - this member, with the socket that it had before */
  constructor(device: TestDevice, callId: string, before: KeyMember | null = null) {
    this.device = device;
    this.callId = callId;
    this.#engine = createMlsEngine((credential, leafKey) =>
      verifyCredential(credential, leafKey, utf8(callId)),
    );
    this.#next = device.heard.length;
    if (before === null) return;
    const { group, generation, senderKey } = before;
    Object.assign(this, { group, generation, senderKey });
  }

  get #sender() {
    return { signatureKey: new Uint8Array(Buffer.from(this.senderKey, 'base64')), identity: utf8('server') };
  }

  get #groupId() {
    return utf8(`${this.callId} ${String(this.generation)}`);
  }

  async makeKeyPackage(): Promise<string> {
    const { userId, deviceId } = this.device;
    const identity = createCallIdentity({
      userId,
      deviceId,
      deviceKey: await createDeviceKey(),
      confirmation: null,
    });
    const key = await this.#engine.createLeafKey();
    const credential = await identity.certify(key.publicKey, utf8(this.callId));
    this.#candidate = await this.#engine.createCandidate(key, credential);
    return toText(this.#candidate.keyPackage);
  }

  /** Asks to be a member, and makes the group where it is the first. */
  async join(): Promise<JoinedKeys['role']> {
    const keyPackage = await this.makeKeyPackage();
    this.group = null;
    this.#own = null;
    const answer = await this.ask('join_keys', { keyPackage });
    if (answer.type !== 'ok' || answer.payload.keys === undefined)
      throw new Error(`no keys: ${JSON.stringify(answer)}`);
    const { generation, role, senderKey } = answer.payload.keys;
    this.generation = generation;
    this.senderKey = senderKey;
    const candidate = this.#candidate;
    if (role === 'create' && candidate !== null)
      this.group = await this.#engine.createGroup(candidate, this.#groupId, this.#sender);
    return role;
  }

  async ask(type: string, payload: unknown, id?: string): Promise<RequestAnswer> {
    return this.device.request(type, { callId: this.callId, payload, ...(id === undefined ? {} : { id }) });
  }

  /** Whether the call is where this member is. */
  async refresh(): Promise<string> {
    const { generation } = this;
    return codeOf(await this.ask('refresh_keys', { generation, epoch: Number(this.current().epoch) }));
  }

  current(): MlsGroup {
    if (this.group === null) throw new Error(`${this.device.device.name} is no member`);
    return this.group;
  }

  /** What it makes of all that was proposed; nothing is sent. */
  async makeCommit(group = this.current()): Promise<CommitRequest> {
    const made = await group.commit();
    if (made.type === 'refused') throw new Error(made.reason);
    this.#own = { epoch: group.epoch, group: made.group };
    return {
      generation: this.generation,
      epoch: Number(group.epoch),
      commit: toText(made.message),
      welcome: made.welcome === null ? null : toText(made.welcome),
    };
  }

  /** Commits what was proposed, if it may. @returns the answer's code; null: there was nothing to do */
  async commit(): Promise<string | null> {
    if (this.group === null || this.group.pending === 0 || this.#own?.epoch === this.group.epoch) return null;
    const made = await this.group.commit();
    if (made.type === 'refused') return null;
    return codeOf(await this.ask('commit_keys', await this.makeCommit()));
  }

  /** Takes everything that it was told since. */
  async hear(): Promise<void> {
    for (; this.#next < this.device.heard.length; this.#next += 1) {
      const message = this.device.heard[this.#next];
      if (message !== undefined && isOfKeys(message) && message.callId === this.callId)
        await this.#handle(message);
    }
  }

  async #handle(event: KeyEvent): Promise<void> {
    switch (event.type) {
      case 'keys_proposed': {
        if (!this.#follows(event.payload)) return;
        // Said again from the first, it is known already.
        const known = this.current().pending - event.payload.from;
        for (const proposal of event.payload.proposals.slice(known)) {
          const after = await this.current().handleProposal(toBytes(proposal));
          if (after.type === 'refused') throw new Error(`a proposal: ${after.reason}`);
          this.group = after.group;
        }
        return;
      }
      case 'keys_committed': {
        if (!this.#follows(event.payload)) return;
        if (event.payload.by === this.device.deviceId && this.#own !== null) {
          this.group = this.#own.group;
          return;
        }
        const after = await this.current().handleCommit(toBytes(event.payload.commit));
        if (after.type === 'refused') throw new Error(`a commit: ${after.reason}`);
        this.group = after.type === 'removed' ? null : after.group;
        return;
      }
      case 'keys_welcome': {
        const { generation, welcome } = event.payload;
        if (this.#candidate === null || this.group !== null || generation !== this.generation) return;
        const joined = await this.#engine.join(
          this.#candidate,
          toBytes(welcome),
          this.#groupId,
          this.#sender,
        );
        if (joined.type === 'refused') throw new Error(`a welcome: ${joined.reason}`);
        this.group = joined.group;
        return;
      }
      case 'keys_reset':
        if (event.payload.generation > this.generation) await this.join();
    }
  }

  readonly #follows = ({ generation, epoch }: { generation: number; epoch: number }): boolean =>
    this.group !== null && generation === this.generation && BigInt(epoch) === this.group.epoch;
}

const isOfKeys = (message: ServerMessage): message is KeyEvent =>
  'seq' in message && message.type.startsWith('keys_');

/** Waits until all of these, and nobody else, have the same keys, each committing what it may. @returns the epoch */
export async function agree(...members: readonly KeyMember[]): Promise<bigint> {
  await until('everybody has the same keys', async () => {
    for (const member of members) {
      await member.hear();
      await member.commit();
      await member.hear();
    }
    return haveSameKeys(members);
  });
  return members[0]?.current().epoch ?? 0n;
}

function haveSameKeys(members: readonly KeyMember[]): boolean {
  const views = members.map(({ group, generation }) =>
    group === null || group.pending > 0
      ? null
      : `${String(generation)} ${toText(group.epochAuthenticator)} ${group.members
          .map(({ device, leaf }) => `${String(leaf)} ${device}`)
          .join()}`,
  );
  const all = members.map(({ device }) => device.deviceId).toSorted();
  const inIt = members[0]?.group?.members.map(({ device }) => device).toSorted();
  return views[0] !== null && views.every((view) => view === views[0]) && all.join() === inIt?.join();
}
