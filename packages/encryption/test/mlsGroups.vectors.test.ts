import type { ClientState, MLSMessage } from 'ts-mls';
import { makePskIndex } from 'ts-mls/clientState.js';
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js';
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { decodeGroupSecrets, encodeGroupSecrets } from 'ts-mls/groupSecrets.js';
import { acceptAll } from 'ts-mls/incomingMessageAction.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { processPrivateMessage, processPublicMessage } from 'ts-mls/processMessages.js';
import * as proposals from 'ts-mls/proposal.js';
import { decodeRatchetTree, encodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { joinByWelcome } from '../src/mls/join.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { keyPackageOf, readMessage, write } from './mlsAttacks.ts';
import { Hex, again, decodeAll, openConfig, readSuite1 } from './mlsVectors.ts';
import { describeVectors, readVectors, toHex } from './vectors.ts';

function welcomeOf(bytes: Uint8Array) {
  const message = readMessage(bytes);
  return message.wireformat === 'mls_welcome' ? message.welcome : expect.fail('no welcome');
}

describeVectors('the official vectors of MLS, suite 1: groups', async () => {
  const suite = await loadSuite();

  const Welcome = z.object({ init_priv: Hex, signer_pub: Hex, key_package: Hex, welcome: Hex });
  test.each(readSuite1('welcome.json', Welcome))('welcome', async (vector) => {
    const welcome = welcomeOf(vector.welcome);
    const reference = await makeKeyPackageRef(keyPackageOf(vector.key_package), suite.hash);
    const key = await suite.hpke.importPrivateKey(vector.init_priv);
    const secrets = await decryptGroupSecrets(key, reference, welcome, suite.hpke);
    if (secrets === undefined) return expect.fail();
    const noPsk = new Uint8Array(suite.kdf.size);
    const info = await decryptGroupInfo(welcome, secrets.joinerSecret, noPsk, suite);
    if (info === undefined) return expect.fail();
    expect(await verifyGroupInfoSignature(info, vector.signer_pub, suite.signature)).toBe(true);
    expect(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, noPsk, suite)).toBe(true);
  });

  const Passive = z.object({
    external_psks: z.array(z.object({ psk_id: Hex, psk: Hex })),
    key_package: Hex,
    signature_priv: Hex,
    encryption_priv: Hex,
    init_priv: Hex,
    welcome: Hex,
    ratchet_tree: z.union([Hex, z.null()]),
    initial_epoch_authenticator: z.string(),
    epochs: z.array(z.object({ proposals: z.array(Hex), commit: Hex, epoch_authenticator: z.string() })),
  });
  const passive = [
    'passive-client-welcome.json',
    'passive-client-handling-commit.json',
    'subset-suite1/passive-client-random.json',
  ].flatMap((file) =>
    readSuite1(file, Passive).map((vector, index) => ({ name: `${file} ${index}`, vector })),
  );

  test('are all there', () => {
    expect(passive).toHaveLength(8 + 13 + 1);
  });

  test.each(passive)('$name', { timeout: 120_000 }, async ({ vector }) => {
    const psks = Object.fromEntries(
      vector.external_psks.map(({ psk_id: id, psk }) => [bytesToBase64(id), psk]),
    );
    const joined = await joinByWelcome(
      {
        welcome: welcomeOf(vector.welcome),
        keyPackage: keyPackageOf(vector.key_package),
        privateKeys: {
          initPrivateKey: vector.init_priv,
          hpkePrivateKey: vector.encryption_priv,
          signaturePrivateKey: vector.signature_priv,
        },
        config: openConfig,
        psks: makePskIndex(undefined, psks),
        ...(vector.ratchet_tree !== null && { tree: decodeAll(decodeRatchetTree, vector.ratchet_tree) }),
      },
      suite,
    );
    if (joined.type === 'refused') return expect.fail(joined.reason);
    let { state } = joined;
    expect(toHex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
    const handle = async (before: ClientState, message: MLSMessage): Promise<ClientState> => {
      const index = makePskIndex(before, psks);
      if (message.wireformat === 'mls_public_message') {
        return (await processPublicMessage(before, message.publicMessage, index, suite, acceptAll)).newState;
      }
      if (message.wireformat !== 'mls_private_message') return expect.fail(message.wireformat);
      return (await processPrivateMessage(before, message.privateMessage, index, suite, acceptAll)).newState;
    };
    for (const epoch of vector.epochs) {
      for (const each of [...epoch.proposals, epoch.commit]) state = await handle(state, readMessage(each));
      expect(toHex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
    }
  });

  const Messages = z.record(z.string(), Hex);
  const messages = z.array(Messages).parse(readVectors('mls/subset-suite1/messages.json'));
  const spellings: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
    ratchet_tree: (bytes) => again(decodeRatchetTree, encodeRatchetTree, bytes),
    group_secrets: (bytes) => again(decodeGroupSecrets, encodeGroupSecrets, bytes),
    commit: (bytes) => again(decodeCommit, encodeCommit, bytes),
    add_proposal: (bytes) => again(proposals.decodeAdd, proposals.encodeAdd, bytes),
    update_proposal: (bytes) => again(proposals.decodeUpdate, proposals.encodeUpdate, bytes),
    remove_proposal: (bytes) => again(proposals.decodeRemove, proposals.encodeRemove, bytes),
    pre_shared_key_proposal: (bytes) => again(proposals.decodePSK, proposals.encodePSK, bytes),
    re_init_proposal: (bytes) => again(proposals.decodeReinit, proposals.encodeReinit, bytes),
    external_init_proposal: (bytes) =>
      again(proposals.decodeExternalInit, proposals.encodeExternalInit, bytes),
    group_context_extensions_proposal: (bytes) =>
      again(proposals.decodeGroupContextExtensions, proposals.encodeGroupContextExtensions, bytes),
  };
  test.each(messages.map((vector, index) => ({ index, vector })))('messages $index', ({ vector }) => {
    expect(Object.keys(vector)).toHaveLength(17);
    for (const [name, bytes] of Object.entries(vector)) {
      const spell = spellings[name] ?? ((all: Uint8Array) => toHex(write(readMessage(all))));
      expect(spell(bytes), name).toBe(toHex(bytes));
    }
  });
});
