import type { Capabilities, ClientConfig, ClientState, KeyPackage, PrivateKeyPackage } from 'ts-mls';
import { createGroup } from 'ts-mls/clientState.js';
import { generateKeyPackageWithKey } from 'ts-mls/keyPackage.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { defaultLifetimeConfig } from 'ts-mls/lifetimeConfig.js';
import { defaultPaddingConfig } from 'ts-mls/paddingConfig.js';
import { equalBytes } from '../bytes.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { externalSendersExtension, readExternalSender } from './externalSenders.ts';
import { createMlsGroup } from './group.ts';
import { joinByWelcome } from './join.ts';
import { type Roster, createRoster } from './roster.ts';
import { loadSuite } from './suite.ts';
import { SUITE_NAME } from './suiteName.ts';
import type {
  AfterWelcome,
  Candidate,
  ExternalSenderKey,
  LeafKey,
  MlsEngine,
  Refused,
  VerifyLeaf,
  WelcomeRefusal,
} from './types.ts';

/** What our leaves say that they can do: what calls use, and no more. */
const CAPABILITIES: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE_NAME],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

interface CandidateSecrets {
  readonly keyPackage: KeyPackage;
  readonly privateKeys: PrivateKeyPackage;
}

/** The engine of one call, over `ts-mls` with our corrections. `verifyLeaf` is asked once for each leaf that comes. */
export function createMlsEngine(verifyLeaf: VerifyLeaf): MlsEngine {
  // Private keys hang on objects that show only the public half: they cannot be printed, copied or sent to another thread.
  const leafSecrets = new WeakMap<LeafKey, Uint8Array>();
  const candidates = new WeakMap<Candidate, CandidateSecrets>();
  const roster = createRoster(verifyLeaf);
  const config = configFor(roster);

  return {
    async createLeafKey() {
      const suite = await loadSuite();
      const { publicKey, signKey } = await suite.signature.keygen();
      const key: LeafKey = { publicKey: new Uint8Array(publicKey) };
      leafSecrets.set(key, signKey);
      return key;
    },

    async createCandidate(key, identity) {
      const signKey = leafSecrets.get(key);
      if (signKey === undefined) throw new RangeError('a leaf key of another engine');
      const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
        { credentialType: 'basic', identity },
        CAPABILITIES,
        defaultLifetime,
        [],
        { signKey, publicKey: key.publicKey },
        await loadSuite(),
      );
      const candidate: Candidate = {
        keyPackage: encodeMessage({
          version: 'mls10',
          wireformat: 'mls_key_package',
          keyPackage: publicPackage,
        }),
      };
      candidates.set(candidate, { keyPackage: publicPackage, privateKeys: privatePackage });
      return candidate;
    },

    async createGroup(candidate, groupId, sender) {
      const secrets = candidates.get(candidate);
      if (secrets === undefined) throw new RangeError('a candidate that was used, or is of another engine');
      candidates.delete(candidate);
      const { credential, signaturePublicKey } = secrets.keyPackage.leafNode;
      const isOurs =
        credential.credentialType === 'basic' &&
        (await roster.verify(credential.identity, signaturePublicKey)) !== null;
      if (!isOurs) throw new RangeError('a candidate that nobody knows');
      const suite = await loadSuite();
      const state = await createGroup(groupId, secrets.keyPackage, secrets.privateKeys, [], suite, config);
      return createMlsGroup(withSender(state, sender), suite, roster);
    },

    async join(candidate, welcome, groupId, sender): Promise<AfterWelcome> {
      const secrets = candidates.get(candidate);
      if (secrets === undefined) return refused('used_before');
      const decoded = decodeMessage(welcome);
      if (decoded.type === 'refused') return decoded;
      if (decoded.message.wireformat !== 'mls_welcome') return refused('not_a_welcome');
      const suite = await loadSuite();
      const invitation = { ...secrets, welcome: decoded.message.welcome, config };
      const joined = await joinByWelcome(invitation, suite).catch(() => refused('invalid'));
      if (joined.type === 'refused') return joined;
      const { state } = joined;
      if (!equalBytes(state.groupContext.groupId, groupId)) return refused('other_group');
      const known = readExternalSender(state.groupContext.extensions);
      if (known === null || !equalBytes(known.signaturePublicKey, sender.signatureKey))
        return refused('foreign_sender');
      const group = createMlsGroup(state, suite, roster);
      if (new Set(group.members.map(({ device }) => device)).size < group.members.length) {
        return refused('duplicate_device');
      }
      candidates.delete(candidate);
      return { type: 'joined', group };
    },

    retire: (leafKey) => roster.retire(leafKey),
  };
}

const refused = (reason: WelcomeRefusal): Refused<WelcomeRefusal> => ({ type: 'refused', reason });

/**
 * The extension is set afterwards, because the library reads it wrongly where it makes a group. At epoch 0 nothing has been
 * derived from the context yet.
 */
const withSender = (state: ClientState, { signatureKey, identity }: ExternalSenderKey): ClientState => ({
  ...state,
  groupContext: { ...state.groupContext, extensions: [externalSendersExtension(signatureKey, identity)] },
});

/** The library takes every identity unless it is told whom to ask. */
const configFor = (roster: Roster): ClientConfig => ({
  authService: {
    validateCredential: async (credential, leafKey) =>
      credential.credentialType === 'basic' && (await roster.verify(credential.identity, leafKey)) !== null,
  },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  keyRetentionConfig: { retainKeysForGenerations: 1, retainKeysForEpochs: 1, maximumForwardRatchetSteps: 1 },
  lifetimeConfig: defaultLifetimeConfig,
  paddingConfig: defaultPaddingConfig,
});
