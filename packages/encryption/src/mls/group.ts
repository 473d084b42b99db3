import type { CiphersuiteImpl, ClientState, MLSMessage } from 'ts-mls';
import { createCommit } from 'ts-mls/createCommit.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import { processPublicMessage } from 'ts-mls/processMessages.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { processProposal } from 'ts-mls/clientState.js';
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { type Bytes, equalBytes } from '../bytes.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { readExternalSender } from './externalSenders.ts';
import type { GroupFacts, LeafFacts } from './facts.ts';
import { checkIncoming } from './profile.ts';
import type { Roster } from './roster.ts';
import type {
  AfterCommit,
  AfterProposal,
  DeviceOf,
  Member,
  MlsGroup,
  OwnCommit,
  Refusal,
  Refused,
} from './types.ts';

const EXPORTER_LABEL = 'SFrame 1.0 Base Key';
const BASE_KEY_BYTES = 16;

const states = new WeakMap<MlsGroup, ClientState>();

/** All secrets of a group. For tests that attack it with what a member had. */
export const unsafeStateOf = (group: MlsGroup): ClientState | undefined => states.get(group);

/** A group over the library's state, which is never changed in place. */
export function createMlsGroup(state: ClientState, suite: CiphersuiteImpl, roster: Roster): MlsGroup {
  const { deviceOf } = roster;
  const { groupContext, keySchedule, privatePath } = state;
  const leaves = readLeaves(state, deviceOf);
  const facts: GroupFacts = {
    groupId: groupContext.groupId,
    epoch: groupContext.epoch,
    ownLeaf: privatePath.leafIndex,
    leaves,
    pending: new Map(Object.entries(state.unappliedProposals).map(([ref, { proposal }]) => [ref, proposal])),
    deviceOf,
  };
  const next = (following: ClientState): MlsGroup => createMlsGroup(withoutHistory(following), suite, roster);

  async function handleProposal(bytes: Uint8Array): Promise<AfterProposal> {
    await verifyAdded(bytes, facts, roster);
    const checked = checkIncoming(bytes, facts);
    if (checked.type === 'refused') return checked;
    if (checked.type === 'commit') return refused('not_a_proposal');
    const sender = readExternalSender(groupContext.extensions);
    if (sender === null) return refused('proposal_not_from_server');
    const { publicMessage } = checked.message;
    const { signaturePublicKey } = sender;
    // The library would read the sender's key from an extension that it does not read as the vector that it is.
    const content = await unprotectPublicMessage(
      keySchedule.membershipKey,
      groupContext,
      state.ratchetTree,
      publicMessage,
      suite,
      signaturePublicKey,
    );
    return {
      type: 'proposed',
      group: next(await processProposal(state, content, checked.proposal, suite.hash)),
    };
  }

  async function handleCommit(bytes: Uint8Array): Promise<AfterCommit> {
    const checked = checkIncoming(bytes, facts);
    if (checked.type === 'refused') return checked;
    if (checked.type === 'proposal') return refused('not_a_commit');
    const { publicMessage } = checked.message;
    if (checked.removesUs) {
      // The library would not notice where the free leaf is given to somebody else in the same commit.
      await unprotectPublicMessage(
        keySchedule.membershipKey,
        groupContext,
        state.ratchetTree,
        publicMessage,
        suite,
      );
      return { type: 'removed' };
    }
    const { newState } = await processPublicMessage(state, publicMessage, emptyPskIndex, suite);
    return { type: 'committed', group: next(newState) };
  }

  async function commit(): Promise<OwnCommit> {
    if (facts.pending.size === 0) return refused('nothing_to_commit');
    if (
      [...facts.pending.values()].some(
        (each) => each.proposalType === 'remove' && each.remove.removed === facts.ownLeaf,
      )
    ) {
      return refused('committer_removed');
    }
    const options = { wireAsPublicMessage: true, ratchetTreeExtension: true };
    const result = await createCommit({ state, cipherSuite: suite, pskIndex: emptyPskIndex }, options);
    return {
      type: 'commit',
      message: encodeMessage(result.commit),
      welcome: result.welcome === undefined ? null : encodeMessage(welcomeMessage(result.welcome)),
      group: next(result.newState),
    };
  }

  const group: MlsGroup = {
    epoch: groupContext.epoch,
    groupId: new Uint8Array(groupContext.groupId),
    leaf: privatePath.leafIndex,
    members: [...leaves].map(([leaf, { userId, device, identity, leafKey }]): Member => ({
      leaf,
      userId,
      device,
      identity: new Uint8Array(identity),
      leafKey: new Uint8Array(leafKey),
    })),
    epochAuthenticator: new Uint8Array(keySchedule.epochAuthenticator),
    pending: facts.pending.size,
    leaving: new Set(
      [...facts.pending.values()].flatMap((each) =>
        each.proposalType === 'remove' ? [each.remove.removed] : [],
      ),
    ),
    exportBaseKey: () => exportBaseKey(state, suite),
    handleProposal: (bytes) => handleProposal(bytes).catch(() => refused('bad_signature')),
    handleCommit: (bytes) => handleCommit(bytes).catch(() => refused('invalid')),
    commit: () => commit().catch(() => refused('invalid')),
  };
  states.set(group, state);
  return group;
}

/** Whoever a proposal would add here and now is verified before the proposal is looked at. */
async function verifyAdded(bytes: Uint8Array, { groupId, epoch }: GroupFacts, roster: Roster): Promise<void> {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused' || decoded.message.wireformat !== 'mls_public_message') return;
  const { content } = decoded.message.publicMessage;
  if (content.contentType !== 'proposal' || content.proposal.proposalType !== 'add') return;
  if (!equalBytes(content.groupId, groupId) || content.epoch !== epoch) return;
  const { credential, signaturePublicKey } = content.proposal.add.keyPackage.leafNode;
  if (credential.credentialType === 'basic') await roster.verify(credential.identity, signaturePublicKey);
}

const refused = (reason: Refusal): Refused<Refusal> => ({ type: 'refused', reason });

const welcomeMessage = (
  welcome: NonNullable<Awaited<ReturnType<typeof createCommit>>['welcome']>,
): MLSMessage => ({
  version: 'mls10',
  wireformat: 'mls_welcome',
  welcome,
});

async function exportBaseKey({ keySchedule }: ClientState, suite: CiphersuiteImpl): Promise<Bytes> {
  const key = await mlsExporter(
    keySchedule.exporterSecret,
    EXPORTER_LABEL,
    new Uint8Array(),
    BASE_KEY_BYTES,
    suite,
  );
  return new Uint8Array(key);
}

/** The library keeps old epochs for application messages, of which there are none. */
const withoutHistory = (state: ClientState): ClientState => ({ ...state, historicalReceiverData: new Map() });

function readLeaves({ ratchetTree }: ClientState, deviceOf: DeviceOf): ReadonlyMap<number, LeafFacts> {
  const leaves = new Map<number, LeafFacts>();
  for (const [index, node] of ratchetTree.entries()) {
    if (node?.nodeType !== 'leaf') continue;
    const { credential, signaturePublicKey, hpkePublicKey } = node.leaf;
    const identity = credential.credentialType === 'basic' ? credential.identity : new Uint8Array();
    const known = deviceOf(identity, signaturePublicKey);
    leaves.set(index / 2, {
      userId: known?.userId ?? '',
      // Nobody is in a tree without being verified; if anybody were, nobody else could have this name.
      device: known?.deviceId ?? `unknown ${bytesToBase64(signaturePublicKey)}`,
      identity,
      leafKey: signaturePublicKey,
      encryptionKey: hpkePublicKey,
    });
  }
  return leaves;
}
