import type { ClientState, KeyPackage, MLSMessage, MlsPublicMessage, Proposal, PublicMessage } from 'ts-mls';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { protectExternalProposalPublic } from 'ts-mls/messageProtectionPublic.js';
import type { MlsGroup } from '../src/index.ts';
import { decodeMessage } from '../src/mls/codec.ts';
import { unsafeStateOf } from '../src/mls/group.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { type CallWorld, createCall, createCallWorld } from './mlsFixtures.ts';

/** A call of a, b and c in which b is attacked; the server has a key that the tests know. */
export interface Scene {
  readonly world: CallWorld;
  readonly a: MlsGroup;
  readonly b: MlsGroup;
  readonly c: MlsGroup;
}

export async function createScene(): Promise<Scene> {
  const world = await createCallWorld();
  const call = await createCall(world, ['a', 'b', 'c']);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => call.get(name));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no call');
  return { world, a, b, c };
}

export function stateOf(group: MlsGroup): ClientState {
  const state = unsafeStateOf(group);
  if (state === undefined) throw new Error('a group without a state');
  return state;
}

export function readMessage(bytes: Uint8Array): MLSMessage {
  const decoded = decodeMessage(bytes);
  if (decoded.type === 'refused') throw new Error(decoded.reason);
  return decoded.message;
}

export const write = (message: MLSMessage): Uint8Array => encodeMlsMessage(message);

/** A public message with something in it changed; its signature is left as it was. */
export function alter(bytes: Uint8Array, change: (message: PublicMessage) => PublicMessage): Uint8Array {
  const message = readMessage(bytes);
  if (message.wireformat !== 'mls_public_message') throw new Error('not public');
  return write({ ...message, publicMessage: change(message.publicMessage) } satisfies MLSMessage &
    MlsPublicMessage);
}

type CommitContent = PublicMessage['content'] & { contentType: 'commit' };

/** A commit with something in it changed. */
export const alterCommit = (
  bytes: Uint8Array,
  change: (content: CommitContent) => Partial<CommitContent>,
): Uint8Array =>
  alter(bytes, (message) => {
    const { content } = message;
    if (content.contentType !== 'commit') throw new Error('not a commit');
    return { ...message, content: { ...content, ...change(content) } as CommitContent };
  });

export function keyPackageOf(bytes: Uint8Array): KeyPackage {
  const message = readMessage(bytes);
  if (message.wireformat !== 'mls_key_package') throw new Error('not a key package');
  return message.keyPackage;
}

/** Whatever proposal, as if the server had made it, signed by somebody. */
export async function proposeAnything(
  group: MlsGroup,
  proposal: Proposal,
  options: { readonly senderIndex?: number; readonly authenticatedData?: Uint8Array } = {},
): Promise<Uint8Array> {
  const suite = await loadSuite();
  const { signKey } = await suite.signature.keygen();
  const { publicMessage } = await protectExternalProposalPublic(
    signKey,
    stateOf(group).groupContext,
    options.authenticatedData ?? new Uint8Array(),
    proposal,
    { senderType: 'external', senderIndex: options.senderIndex ?? 0 },
    suite,
  );
  return write({ version: 'mls10', wireformat: 'mls_public_message', publicMessage });
}
