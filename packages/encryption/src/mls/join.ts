import type {
  CiphersuiteImpl,
  ClientConfig,
  ClientState,
  GroupInfo,
  KeyPackage,
  PrivateKeyPackage,
  RatchetTree,
  Welcome,
} from 'ts-mls';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { encodeRatchetTree, findLeafIndex } from 'ts-mls/ratchetTree.js';
import { extensionsSupportedByCapabilities } from 'ts-mls/extension.js';
import {
  ratchetTreeFromExtension,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule } from 'ts-mls/keySchedule.js';
import { type PathSecrets, pathToRoot } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { type PskIndex, accumulatePskSecret, emptyPskIndex } from 'ts-mls/pskIndex.js';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { leafToNodeIndex, leafWidth, toLeafIndex } from 'ts-mls/treemath.js';
import { firstCommonAncestor } from 'ts-mls/updatePath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { equalBytes } from '../bytes.ts';
import { type TreeFault, findTreeFault } from './tree.ts';

/** Why an invitation was not followed. */
export type WelcomeFault =
  | 'not_for_us'
  | 'unreadable'
  | 'wrong_suite'
  | 'unsupported_extension'
  | 'no_tree'
  | 'unknown_signer'
  | 'bad_signature'
  | 'not_in_tree'
  | 'wrong_path_secret'
  | 'bad_confirmation'
  | TreeFault;

export type Joined =
  | { readonly type: 'joined'; readonly state: ClientState }
  | { readonly type: 'refused'; readonly reason: WelcomeFault };

export interface Invitation {
  readonly welcome: Welcome;
  readonly keyPackage: KeyPackage;
  readonly privateKeys: PrivateKeyPackage;
  readonly config: ClientConfig;
  /** Where the Welcome does not bring it. */
  readonly tree?: RatchetTree;
  readonly psks?: PskIndex;
}

/**
 * Joins by a Welcome, step by step as RFC 9420 §12.4.3.1 has it. The library's own function cannot be used because it refuses sound
 * trees; this one is built of its parts. Rejects where decryption fails.
 */
export async function joinByWelcome(invitation: Invitation, suite: CiphersuiteImpl): Promise<Joined> {
  const { welcome, keyPackage, privateKeys, config, psks = emptyPskIndex } = invitation;
  const reference = await makeKeyPackageRef(keyPackage, suite.hash);
  if (welcome.cipherSuite !== keyPackage.cipherSuite) return refused('wrong_suite');
  if (!welcome.secrets.some(({ newMember }) => equalBytes(newMember, reference)))
    return refused('not_for_us');

  const initKey = await suite.hpke.importPrivateKey(privateKeys.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, reference, welcome, suite.hpke);
  if (secrets === undefined) return refused('unreadable');
  const [pskSecret] = await accumulatePskSecret(secrets.psks, psks, suite, new Uint8Array(suite.kdf.size));
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, pskSecret, suite);
  if (info === undefined) return refused('unreadable');

  const tree = readTree(info) ?? invitation.tree;
  if (tree === undefined) return refused('no_tree');
  const fault = await findInfoFault(info, tree, keyPackage, config, suite);
  if (fault !== null) return refused(fault);

  const leafIndex = findLeafIndex(tree, keyPackage.leafNode);
  if (leafIndex === undefined) return refused('not_in_tree');
  const ownPath = { leafIndex, privateKeys: { [leafToNodeIndex(leafIndex)]: privateKeys.hpkePrivateKey } };
  const path =
    secrets.pathSecret === undefined ? {} : await pathOf(info, tree, leafIndex, secrets.pathSecret, suite);
  if (!(await isPathOf(tree, path, suite))) return refused('wrong_path_secret');

  const { groupContext, confirmationTag } = info;
  const [keySchedule, encryptionSecret] = await deriveKeySchedule(
    secrets.joinerSecret,
    pskSecret,
    groupContext,
    suite.kdf,
  );
  if (!(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, pskSecret, suite))) {
    return refused('bad_confirmation');
  }
  const secretTree = await createSecretTree(leafWidth(tree.length), encryptionSecret, suite.kdf);
  encryptionSecret.fill(0);
  secrets.joinerSecret.fill(0);
  return {
    type: 'joined',
    state: {
      groupContext,
      ratchetTree: tree,
      privatePath: mergePrivateKeyPaths(await toPrivateKeyPath(path, leafIndex, suite), ownPath),
      signaturePrivateKey: privateKeys.signaturePrivateKey,
      confirmationTag,
      unappliedProposals: {},
      keySchedule,
      secretTree,
      historicalReceiverData: new Map(),
      groupActiveState: { kind: 'active' },
      clientConfig: config,
    },
  };
}

const refused = (reason: WelcomeFault): Joined => ({ type: 'refused', reason });

/** The tree of the Welcome, in the only spelling that it has. */
function readTree(info: GroupInfo): RatchetTree | undefined {
  const tree = ratchetTreeFromExtension(info);
  if (tree === undefined) return undefined;
  const extension = info.extensions.find(({ extensionType }) => extensionType === 'ratchet_tree');
  const again = encodeRatchetTree(tree);
  return extension !== undefined && equalBytes(again, extension.extensionData) ? tree : undefined;
}

async function findInfoFault(
  info: GroupInfo,
  tree: RatchetTree,
  keyPackage: KeyPackage,
  config: ClientConfig,
  suite: CiphersuiteImpl,
): Promise<WelcomeFault | null> {
  const { groupContext } = info;
  if (groupContext.cipherSuite !== keyPackage.cipherSuite) return 'wrong_suite';
  if (!extensionsSupportedByCapabilities(groupContext.extensions, keyPackage.leafNode.capabilities)) {
    return 'unsupported_extension';
  }
  const signer = tree[leafToNodeIndex(toLeafIndex(info.signer))];
  if (signer?.nodeType !== 'leaf') return 'unknown_signer';
  const isSigned = await verifyGroupInfoSignature(info, signer.leaf.signaturePublicKey, suite.signature);
  if (!isSigned) return 'bad_signature';
  return findTreeFault(tree, groupContext, config.authService, suite);
}

/** The secrets from the lowest node that the newcomer shares with the committer up to the root. */
async function pathOf(
  info: GroupInfo,
  tree: RatchetTree,
  leafIndex: number,
  secret: Uint8Array,
  suite: CiphersuiteImpl,
): Promise<PathSecrets> {
  const shared = firstCommonAncestor(tree, toLeafIndex(leafIndex), toLeafIndex(info.signer));
  return pathToRoot(tree, shared, secret, suite.kdf);
}

/** Whether the secrets give the keys that the tree shows; the library does not ask. */
async function isPathOf(tree: RatchetTree, path: PathSecrets, suite: CiphersuiteImpl): Promise<boolean> {
  for (const [index, secret] of Object.entries(path)) {
    const node = tree[Number(index)];
    const { publicKey } = await suite.hpke.deriveKeyPair(await deriveSecret(secret, 'node', suite.kdf));
    const key = await suite.hpke.exportPublicKey(publicKey);
    if (node?.nodeType !== 'parent' || !equalBytes(key, node.parent.hpkePublicKey)) return false;
  }
  return true;
}
