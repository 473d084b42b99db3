import type { AuthenticationService, CiphersuiteImpl, GroupContext, Node, RatchetTree } from 'ts-mls';
import { validateLeafNodeUpdateOrCommit } from 'ts-mls/clientState.js';
import { extensionsSupportedByCapabilities } from 'ts-mls/extension.js';
import { type LeafNode, verifyLeafNodeSignature } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import {
  directPath,
  isLeaf,
  leafToNodeIndex,
  leafWidth,
  nodeToLeafIndex,
  toLeafIndex,
  toNodeIndex,
} from 'ts-mls/treemath.js';
import { equalBytes } from '../bytes.ts';

/** What is wrong with the tree of a group that a device is invited to. */
export type TreeFault =
  | 'leaf_out_of_place'
  | 'repeated_key'
  | 'bad_leaf'
  | 'unsupported_credential'
  | 'unmerged_out_of_order'
  | 'unmerged_not_below'
  | 'unmerged_not_between'
  | 'bad_parent_hash'
  | 'bad_tree_hash';

/**
 * The checks of a ratchet tree on joining (RFC 9420 §12.4.3.1), null where it is sound. This stands in for the library's own,
 * which refuses sound trees: of the leaves that a parent lists as unmerged it asks what §7.9 does not.
 */
export async function findTreeFault(
  tree: RatchetTree,
  context: GroupContext,
  authentication: AuthenticationService,
  suite: CiphersuiteImpl,
): Promise<TreeFault | null> {
  return (
    findShapeFault(tree) ??
    findUnmergedFault(tree) ??
    (await findLeafFault(tree, context, authentication, suite)) ??
    ((await verifyParentHashes(tree, suite.hash)) ? null : 'bad_parent_hash') ??
    (equalBytes(context.treeHash, await treeHashRoot(tree, suite.hash)) ? null : 'bad_tree_hash')
  );
}

function findShapeFault(tree: RatchetTree): TreeFault | null {
  const keys = new Set<string>();
  for (const [index, node] of tree.entries()) {
    if (node === undefined) continue;
    if ((node.nodeType === 'leaf') !== isLeaf(toNodeIndex(index))) return 'leaf_out_of_place';
    for (const key of keysOf(node)) {
      if (keys.has(key)) return 'repeated_key';
      keys.add(key);
    }
  }
  return null;
}

/** Encryption and signature keys, which are of different kinds and may each occur once. */
const keysOf = (node: Node): string[] =>
  node.nodeType === 'parent'
    ? [`hpke ${node.parent.hpkePublicKey.join()}`]
    : [`hpke ${node.leaf.hpkePublicKey.join()}`, `signature ${node.leaf.signaturePublicKey.join()}`];

/**
 * RFC 9420 §7.9: a listed leaf is there, and below the node that lists it; and the nodes between the two, where they are not
 * blank, list it as well.
 */
function findUnmergedFault(tree: RatchetTree): TreeFault | null {
  for (const [index, node] of tree.entries()) {
    if (node?.nodeType !== 'parent') continue;
    let before = -1;
    for (const leaf of node.parent.unmergedLeaves) {
      if (leaf <= before) return 'unmerged_out_of_order';
      before = leaf;
      const leafNode = leafToNodeIndex(toLeafIndex(leaf));
      if (leafNode >= tree.length || tree[leafNode]?.nodeType !== 'leaf') return 'unmerged_not_below';
      const path = directPath(leafNode, leafWidth(tree.length));
      const place = path.indexOf(toNodeIndex(index));
      if (place < 0) return 'unmerged_not_below';
      if (!path.slice(0, place).every((between) => isBlankOrLists(tree[between], leaf)))
        return 'unmerged_not_between';
    }
  }
  return null;
}

const isBlankOrLists = (node: Node | undefined, leaf: number): boolean =>
  node === undefined || (node.nodeType === 'parent' && node.parent.unmergedLeaves.includes(leaf));

async function findLeafFault(
  tree: RatchetTree,
  context: GroupContext,
  authentication: AuthenticationService,
  suite: CiphersuiteImpl,
): Promise<TreeFault | null> {
  const leaves = tree.flatMap((node, index) =>
    node?.nodeType === 'leaf' ? [{ leaf: node.leaf, index }] : [],
  );
  const types = new Set(leaves.map(({ leaf }) => leaf.credential.credentialType));
  for (const { leaf, index } of leaves) {
    const place = nodeToLeafIndex(toNodeIndex(index));
    if (!(await isSoundLeaf(leaf, place, context, authentication, suite))) return 'bad_leaf';
    if (![...types].every((type) => leaf.capabilities.credentials.includes(type)))
      return 'unsupported_credential';
  }
  return null;
}

/** RFC 9420 §7.3, without lifetimes: those of members who joined long ago may be over. */
async function isSoundLeaf(
  leaf: LeafNode,
  index: number,
  context: GroupContext,
  authentication: AuthenticationService,
  suite: CiphersuiteImpl,
): Promise<boolean> {
  if (leaf.leafNodeSource === 'key_package') {
    return (
      (await verifyLeafNodeSignature(leaf, context.groupId, index, suite.signature)) &&
      (await authentication.validateCredential(leaf.credential, leaf.signaturePublicKey)) &&
      extensionsSupportedByCapabilities(leaf.extensions, leaf.capabilities)
    );
  }
  return (
    (await validateLeafNodeUpdateOrCommit(leaf, index, context, authentication, suite.signature)) ===
    undefined
  );
}
