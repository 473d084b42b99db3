import type { Proposal, RatchetTree } from 'ts-mls';
import { applyUpdatePathSecret } from 'ts-mls/createCommit.js';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { pathToRoot } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { decodeProposal } from 'ts-mls/proposal.js';
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
} from 'ts-mls/ratchetTree.js';
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js';
import {
  leafToNodeIndex,
  leafWidth,
  left,
  nodeWidth,
  parent,
  right,
  root,
  sibling,
  toLeafIndex,
  toNodeIndex,
} from 'ts-mls/treemath.js';
import { applyUpdatePath, decodeUpdatePath } from 'ts-mls/updatePath.js';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { loadSuite } from '../src/mls/suite.ts';
import { findTreeFault } from '../src/mls/tree.ts';
import { Hex, contextOf, decodeAll, openConfig, readSuite1 } from './mlsVectors.ts';
import { describeVectors, readVectors, toHex } from './vectors.ts';

/** What a function gives, or null where it says that there is nothing. */
function orNull<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function apply(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  if (proposal.proposalType === 'add') return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
  if (proposal.proposalType === 'remove') return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
  if (proposal.proposalType !== 'update') return expect.fail('a proposal that changes no tree');
  return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender));
}

describeVectors('the official vectors of MLS, suite 1: trees', async () => {
  const suite = await loadSuite();

  const Nodes = z.array(z.number().nullable());
  const Math = z.object({
    n_leaves: z.number(),
    n_nodes: z.number(),
    root: z.number(),
    left: Nodes,
    right: Nodes,
    parent: Nodes,
    sibling: Nodes,
  });
  test.each(z.array(Math).parse(readVectors('mls/tree-math.json')))('tree-math of $n_leaves', (vector) => {
    const width = vector.n_leaves;
    expect([nodeWidth(width), root(width)]).toEqual([vector.n_nodes, vector.root]);
    const nodes = Array.from({ length: vector.n_nodes }, (_, index) => toNodeIndex(index));
    expect(nodes.map((node) => orNull(() => left(node)))).toEqual(vector.left);
    expect(nodes.map((node) => orNull(() => right(node)))).toEqual(vector.right);
    expect(nodes.map((node) => orNull(() => parent(node, width)))).toEqual(vector.parent);
    expect(nodes.map((node) => orNull(() => sibling(node, width)))).toEqual(vector.sibling);
  });

  const Operation = z.object({
    tree_before: Hex,
    proposal: Hex,
    proposal_sender: z.number(),
    tree_hash_before: z.string(),
    tree_after: z.string(),
    tree_hash_after: z.string(),
  });
  const operations = readSuite1('tree-operations.json', Operation);
  test.each(operations.map((vector, index) => ({ index, vector })))(
    'tree-operations $index',
    async ({ vector }) => {
      const before = decodeAll(decodeRatchetTree, vector.tree_before);
      expect(toHex(encodeRatchetTree(before))).toBe(toHex(vector.tree_before));
      expect(toHex(await treeHashRoot(before, suite.hash))).toBe(vector.tree_hash_before);
      const after = apply(before, decodeAll(decodeProposal, vector.proposal), vector.proposal_sender);
      expect(toHex(encodeRatchetTree(after))).toBe(vector.tree_after);
      expect(toHex(await treeHashRoot(after, suite.hash))).toBe(vector.tree_hash_after);
    },
  );

  const Validation = z.object({
    tree: Hex,
    group_id: Hex,
    resolutions: z.array(z.array(z.number())),
    tree_hashes: z.array(z.string()),
  });
  const validations = readSuite1('subset-suite1/tree-validation.json', Validation);
  test.each(validations.map((vector, index) => ({ index, vector })))(
    'tree-validation $index',
    async ({ vector }) => {
      const tree = decodeAll(decodeRatchetTree, vector.tree);
      const nodes = Array.from({ length: tree.length }, (_, index) => toNodeIndex(index));
      expect(nodes.map((node) => resolution(tree, node))).toEqual(vector.resolutions);
      const hashes = await Promise.all(
        nodes.map(async (node) => toHex(await treeHash(tree, node, suite.hash))),
      );
      expect(hashes).toEqual(vector.tree_hashes);
      expect(await verifyParentHashes(tree, suite.hash)).toBe(true);
      for (const [index, node] of tree.entries()) {
        if (node?.nodeType !== 'leaf') continue;
        expect(await verifyLeafNodeSignature(node.leaf, vector.group_id, index / 2, suite.signature)).toBe(
          true,
        );
      }
      const context = contextOf({
        groupId: vector.group_id,
        epoch: 1n,
        treeHash: await treeHashRoot(tree, suite.hash),
        confirmedTranscriptHash: new Uint8Array(),
      });
      expect(await findTreeFault(tree, context, openConfig.authService, suite)).toBeNull();
    },
  );

  const Kem = z.object({
    group_id: Hex,
    epoch: z.number(),
    confirmed_transcript_hash: Hex,
    ratchet_tree: Hex,
    leaves_private: z.array(
      z.object({
        index: z.number(),
        encryption_priv: Hex,
        path_secrets: z.array(z.object({ node: z.number(), path_secret: Hex })),
      }),
    ),
    update_paths: z.array(
      z.object({
        sender: z.number(),
        update_path: Hex,
        path_secrets: z.array(z.string().nullable()),
        commit_secret: z.string(),
        tree_hash_after: Hex,
      }),
    ),
  });
  const kems = readSuite1('subset-suite1/treekem.json', Kem);
  test.each(kems.map((vector, index) => ({ index, vector })))('treekem $index', async ({ vector }) => {
    const tree = decodeAll(decodeRatchetTree, vector.ratchet_tree);
    for (const update of vector.update_paths) {
      const path = decodeAll(decodeUpdatePath, update.update_path);
      const sender = toLeafIndex(update.sender);
      const after = await applyUpdatePath(tree, sender, path, suite.hash);
      expect(await treeHashRoot(after, suite.hash)).toEqual(new Uint8Array(update.tree_hash_after));
      const context = contextOf({
        groupId: vector.group_id,
        epoch: BigInt(vector.epoch),
        treeHash: update.tree_hash_after,
        confirmedTranscriptHash: vector.confirmed_transcript_hash,
      });
      for (const { index, encryption_priv: own, path_secrets: known } of vector.leaves_private) {
        if (index === update.sender) continue;
        const secrets = Object.fromEntries(known.map(({ node, path_secret: secret }) => [node, secret]));
        const privatePath = mergePrivateKeyPaths(await toPrivateKeyPath(secrets, index, suite), {
          leafIndex: index,
          privateKeys: { [leafToNodeIndex(toLeafIndex(index))]: own },
        });
        const found = await applyUpdatePathSecret(after, privatePath, sender, context, path, [], suite);
        expect(toHex(found.pathSecret)).toBe(update.path_secrets[index]);
        const upwards = await pathToRoot(after, toNodeIndex(found.nodeIndex), found.pathSecret, suite.kdf);
        const top = upwards[root(leafWidth(after.length))] ?? expect.fail('no secret of the root');
        expect(toHex(await deriveSecret(top, 'path', suite.kdf))).toBe(update.commit_secret);
      }
    }
  });

  test('are all there', () => {
    expect([operations.length, validations.length, kems.length]).toEqual([5, 14, 11]);
  });
});
