import { determineLength } from 'ts-mls/codec/variableLength.js';
import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js';
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js';
import { refhash } from 'ts-mls/crypto/hash.js';
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js';
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js';
import { verifyConfirmationTag } from 'ts-mls/framedContent.js';
import { encodeGroupContext } from 'ts-mls/groupContext.js';
import { initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { computePskSecret } from 'ts-mls/presharedkey.js';
import { encodeProposal } from 'ts-mls/proposal.js';
import { createSecretTree, ratchetToGeneration } from 'ts-mls/secretTree.js';
import { type ReuseGuard, expandSenderDataKey, expandSenderDataNonce } from 'ts-mls/sender.js';
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { loadSuite } from '../src/mls/suite.ts';
import { keyPackageOf, readMessage } from './mlsAttacks.ts';
import { createCallWorld, text } from './mlsFixtures.ts';
import { Hex, contextOf, decodeAll, openConfig, readSuite1 } from './mlsVectors.ts';
import { describeVectors, readVectors, toHex } from './vectors.ts';

describeVectors('the official vectors of MLS, suite 1: cryptography', async () => {
  const suite = await loadSuite();
  const { kdf, hash, hpke, signature } = suite;

  const Basics = z.object({
    ref_hash: z.object({ label: z.string(), value: Hex, out: z.string() }),
    expand_with_label: z.object({
      secret: Hex,
      label: z.string(),
      context: Hex,
      length: z.number(),
      out: z.string(),
    }),
    derive_secret: z.object({ secret: Hex, label: z.string(), out: z.string() }),
    derive_tree_secret: z.object({
      secret: Hex,
      label: z.string(),
      generation: z.number(),
      length: z.number(),
      out: z.string(),
    }),
    sign_with_label: z.object({ priv: Hex, pub: Hex, content: Hex, label: z.string(), signature: Hex }),
    encrypt_with_label: z.object({
      priv: Hex,
      pub: Hex,
      label: z.string(),
      context: Hex,
      plaintext: Hex,
      kem_output: Hex,
      ciphertext: Hex,
    }),
  });
  const basics = readSuite1('crypto-basics.json', Basics);
  test.each(basics)('crypto-basics', async (vector) => {
    expect(basics).toHaveLength(1);
    const ref = vector.ref_hash;
    expect(toHex(await refhash(ref.label, ref.value, hash))).toBe(ref.out);
    const expanded = vector.expand_with_label;
    expect(
      toHex(await expandWithLabel(expanded.secret, expanded.label, expanded.context, expanded.length, kdf)),
    ).toBe(expanded.out);
    const derived = vector.derive_secret;
    expect(toHex(await deriveSecret(derived.secret, derived.label, kdf))).toBe(derived.out);
    const tree = vector.derive_tree_secret;
    expect(toHex(await deriveTreeSecret(tree.secret, tree.label, tree.generation, tree.length, kdf))).toBe(
      tree.out,
    );

    const signed = vector.sign_with_label;
    expect(await verifyWithLabel(signed.pub, signed.label, signed.content, signed.signature, signature)).toBe(
      true,
    );
    // Ed25519 has one signature for each message.
    expect(await signWithLabel(signed.priv, signed.label, signed.content, signature)).toEqual(
      signed.signature,
    );

    const sealed = vector.encrypt_with_label;
    const [priv, pub] = [await hpke.importPrivateKey(sealed.priv), await hpke.importPublicKey(sealed.pub)];
    const open = (kemOutput: Uint8Array, ciphertext: Uint8Array) =>
      decryptWithLabel(priv, sealed.label, sealed.context, kemOutput, ciphertext, hpke);
    expect(await open(sealed.kem_output, sealed.ciphertext)).toEqual(sealed.plaintext);
    const own = await encryptWithLabel(pub, sealed.label, sealed.context, sealed.plaintext, hpke);
    expect(await open(own.enc, own.ct)).toEqual(sealed.plaintext);
  });

  const headers = z
    .array(z.object({ vlbytes_header: Hex, length: z.number() }))
    .parse(readVectors('mls/deserialization.json'));
  test.each(headers)('deserialization: a prefix of $length', ({ vlbytes_header: header, length }) => {
    expect(determineLength(header)).toEqual({ length, lengthFieldSize: header.length });
  });

  const Schedule = z.object({
    group_id: Hex,
    initial_init_secret: Hex,
    epochs: z.array(
      z.object({
        commit_secret: Hex,
        psk_secret: Hex,
        confirmed_transcript_hash: Hex,
        tree_hash: Hex,
        group_context: z.string(),
        joiner_secret: z.string(),
        welcome_secret: z.string(),
        encryption_secret: z.string(),
        sender_data_secret: z.string(),
        exporter_secret: z.string(),
        epoch_authenticator: z.string(),
        external_secret: z.string(),
        external_pub: z.string(),
        confirmation_key: z.string(),
        membership_key: z.string(),
        resumption_psk: z.string(),
        init_secret: z.string(),
        exporter: z.object({ label: z.string(), context: Hex, length: z.number(), secret: z.string() }),
      }),
    ),
  });
  const schedules = readSuite1('key-schedule.json', Schedule);
  test.each(schedules)(
    'key-schedule',
    async ({ group_id: groupId, initial_init_secret: initial, epochs }) => {
      let initSecret: Uint8Array = initial;
      for (const [index, epoch] of epochs.entries()) {
        const context = contextOf({
          groupId,
          epoch: BigInt(index),
          treeHash: epoch.tree_hash,
          confirmedTranscriptHash: epoch.confirmed_transcript_hash,
        });
        expect(toHex(encodeGroupContext(context))).toBe(epoch.group_context);
        const secrets = await initializeEpoch(
          initSecret,
          epoch.commit_secret,
          context,
          epoch.psk_secret,
          kdf,
        );
        const keys = secrets.keySchedule;
        const external = await hpke.deriveKeyPair(keys.externalSecret);
        expect({
          joiner_secret: toHex(secrets.joinerSecret),
          welcome_secret: toHex(secrets.welcomeSecret),
          encryption_secret: toHex(secrets.encryptionSecret),
          sender_data_secret: toHex(keys.senderDataSecret),
          exporter_secret: toHex(keys.exporterSecret),
          epoch_authenticator: toHex(keys.epochAuthenticator),
          external_secret: toHex(keys.externalSecret),
          external_pub: toHex(await hpke.exportPublicKey(external.publicKey)),
          confirmation_key: toHex(keys.confirmationKey),
          membership_key: toHex(keys.membershipKey),
          resumption_psk: toHex(keys.resumptionPsk),
          init_secret: toHex(keys.initSecret),
        }).toEqual(
          Object.fromEntries(
            Object.entries(epoch).filter(([name]) =>
              /^(joiner|welcome|encryption|sender_data|exporter|external|init)_secret$|^(epoch_authenticator|external_pub|confirmation_key|membership_key|resumption_psk)$/.test(
                name,
              ),
            ),
          ),
        );
        const { label, context: exported, length, secret } = epoch.exporter;
        expect(toHex(await mlsExporter(keys.exporterSecret, label, exported, length, suite))).toBe(secret);
        initSecret = keys.initSecret;
      }
      expect(epochs.length).toBeGreaterThan(1);
    },
  );

  const Psk = z.object({
    psks: z.array(z.object({ psk_id: Hex, psk: Hex, psk_nonce: Hex })),
    psk_secret: z.string(),
  });
  test.each(readSuite1('psk_secret.json', Psk))('psk_secret of $psks.length', async (vector) => {
    const list = vector.psks.map(
      ({ psk_id: pskId, psk_nonce: pskNonce, psk }): Parameters<typeof computePskSecret>[0][number] => [
        { psktype: 'external', pskId, pskNonce },
        psk,
      ],
    );
    expect(toHex(await computePskSecret(list, suite))).toBe(vector.psk_secret);
  });

  const Secrets = z.object({
    encryption_secret: Hex,
    sender_data: z.object({ sender_data_secret: Hex, ciphertext: Hex, key: z.string(), nonce: z.string() }),
    leaves: z.array(
      z.array(
        z.object({
          generation: z.number(),
          application_key: z.string(),
          application_nonce: z.string(),
          handshake_key: z.string(),
          handshake_nonce: z.string(),
        }),
      ),
    ),
  });
  test.each(readSuite1('secret-tree.json', Secrets))('secret-tree of $leaves.length', async (vector) => {
    const { sender_data_secret: secret, ciphertext, key, nonce } = vector.sender_data;
    expect(toHex(await expandSenderDataKey(suite, secret, ciphertext))).toBe(key);
    expect(toHex(await expandSenderDataNonce(suite, secret, ciphertext))).toBe(nonce);
    const tree = await createSecretTree(vector.leaves.length, vector.encryption_secret, kdf);
    const reuseGuard = new Uint8Array(4) as ReuseGuard;
    for (const [leafIndex, generations] of vector.leaves.entries()) {
      for (const each of generations) {
        const at = { leafIndex, generation: each.generation, reuseGuard };
        const data = await ratchetToGeneration(tree, at, 'application', openConfig.keyRetentionConfig, suite);
        expect([toHex(data.key), toHex(data.nonce)]).toEqual([each.application_key, each.application_nonce]);
        const handshake = await ratchetToGeneration(tree, at, 'commit', openConfig.keyRetentionConfig, suite);
        expect([toHex(handshake.key), toHex(handshake.nonce)]).toEqual([
          each.handshake_key,
          each.handshake_nonce,
        ]);
      }
    }
  });

  const Transcript = z.object({
    confirmation_key: Hex,
    authenticated_content: Hex,
    interim_transcript_hash_before: Hex,
    confirmed_transcript_hash_after: Hex,
    interim_transcript_hash_after: z.string(),
  });
  test.each(readSuite1('transcript-hashes.json', Transcript))('transcript-hashes', async (vector) => {
    const { wireformat, content, auth } = decodeAll(decodeAuthenticatedContent, vector.authenticated_content);
    if (content.contentType !== 'commit' || auth.contentType !== 'commit') return expect.fail();
    const input = { wireformat, content, signature: auth.signature };
    const confirmed = await createConfirmedHash(vector.interim_transcript_hash_before, input, hash);
    expect(confirmed).toEqual(vector.confirmed_transcript_hash_after);
    expect(await verifyConfirmationTag(vector.confirmation_key, auth.confirmationTag, confirmed, hash)).toBe(
      true,
    );
    expect(toHex(await createInterimHash(confirmed, auth.confirmationTag, hash))).toBe(
      vector.interim_transcript_hash_after,
    );
  });

  const Protection = z.object({
    group_id: Hex,
    epoch: z.number(),
    tree_hash: Hex,
    confirmed_transcript_hash: Hex,
    signature_pub: Hex,
    encryption_secret: Hex,
    sender_data_secret: Hex,
    membership_key: Hex,
    proposal: z.string(),
    proposal_priv: Hex,
    proposal_pub: Hex,
    commit: Hex,
    commit_priv: Hex,
    commit_pub: Hex,
    application: z.string(),
    application_priv: Hex,
  });
  test.each(readSuite1('message-protection.json', Protection))('message-protection', async (vector) => {
    const context = contextOf({
      groupId: vector.group_id,
      epoch: BigInt(vector.epoch),
      treeHash: vector.tree_hash,
      confirmedTranscriptHash: vector.confirmed_transcript_hash,
    });
    // The sender's leaf only has to be there; its key is the one of the vector.
    const { engine } = await createCallWorld();
    const candidate = await engine.createCandidate(await engine.createLeafKey(), text('sender'));
    const node = { nodeType: 'leaf', leaf: keyPackageOf(candidate.keyPackage).leafNode } as const;
    const tree = [node, undefined, node];
    const open = async (bytes: Uint8Array): Promise<string> => {
      const message = readMessage(bytes);
      const secrets = await createSecretTree(2, vector.encryption_secret.slice(), kdf);
      const { signature_pub: key, membership_key: membership, sender_data_secret: data } = vector;
      const { content } =
        message.wireformat === 'mls_private_message'
          ? (
              await unprotectPrivateMessage(
                data,
                message.privateMessage,
                secrets,
                tree,
                context,
                openConfig.keyRetentionConfig,
                suite,
                key,
              )
            ).content
          : message.wireformat === 'mls_public_message'
            ? await unprotectPublicMessage(membership, context, tree, message.publicMessage, suite, key)
            : expect.fail();
      expect(content.sender).toEqual({ senderType: 'member', leafIndex: 1 });
      switch (content.contentType) {
        case 'application':
          return toHex(content.applicationData);
        case 'proposal':
          return toHex(encodeProposal(content.proposal));
        case 'commit':
          return toHex(encodeCommit(content.commit));
      }
    };
    expect(toHex(encodeCommit(decodeAll(decodeCommit, vector.commit)))).toBe(toHex(vector.commit));
    for (const bytes of [vector.proposal_priv, vector.proposal_pub])
      expect(await open(bytes)).toBe(vector.proposal);
    for (const bytes of [vector.commit_priv, vector.commit_pub])
      expect(await open(bytes)).toBe(toHex(vector.commit));
    expect(await open(vector.application_priv)).toBe(vector.application);
  });
});
