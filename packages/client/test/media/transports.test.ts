import { createDeviceKey, type SigningKey } from '@visavis/encryption/identity';
import type { TransportProof } from '@visavis/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/base64.ts';
import { createTransports } from '../../src/media/direct/transports.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { soon } from '../soon.ts';

const sdpOf = (fingerprint: string, ufrag: string): string =>
  ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', `a=ice-ufrag:${ufrag}`, `a=fingerprint:sha-256 ${fingerprint}`]
    .map((line) => `${line}\r\n`)
    .join('');
const bytes = (hex: string): string => Array.from({ length: 32 }, () => hex).join(':');
const OFFER = sdpOf(bytes('AB'), 'abcd');

/** One side of a call; `peer` is the device that its keys know on the other side. */
function createSide(key: SigningKey, callId = 'call 1') {
  const timers = createVirtualTimers();
  const listeners = new Set<() => void>();
  const peer: { key: string | null } = { key: null };
  const transports = createTransports({
    callId: Promise.resolve(callId),
    key: Promise.resolve(key),
    peerKey: () => peer.key,
    onPeerKey(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    timers,
  });
  const setPeer = (next: SigningKey): void => {
    peer.key = toBase64(next.publicKey);
    for (const listener of listeners) listener();
  };
  return { transports, timers, setPeer, listeners };
}

let ana: SigningKey;
let ben: SigningKey;
let proof: TransportProof;
beforeAll(async () => {
  [ana, ben] = [await createDeviceKey(), await createDeviceKey()];
  const signed = await createSide(ana).transports.sign('offer', 'caller', OFFER);
  if (signed === null) throw new Error('not signed');
  proof = signed;
});

describe('NEG6 a description', () => {
  it('of the other device is taken, before its keys are there and after', async () => {
    const { transports, setPeer } = createSide(ben);
    expect(await transports.check('offer', 'caller', OFFER, proof)).toBe(true);
    setPeer(ana);
    expect(await transports.check('offer', 'caller', OFFER, proof)).toBe(true);
  });

  it('with another fingerprint, ICE name, place or call is not, nor one that nobody signed', async () => {
    const { transports } = createSide(ben);
    const wrong = [
      transports.check('offer', 'caller', sdpOf(bytes('AC'), 'abcd'), proof),
      transports.check('offer', 'caller', sdpOf(bytes('AB'), 'abce'), proof),
      transports.check('offer', 'caller', OFFER + sdpOf(bytes('AC'), 'abcd'), proof),
      transports.check('offer', 'caller', 'v=0\r\n', proof),
      transports.check('answer', 'caller', OFFER, proof),
      transports.check('offer', 'callee', OFFER, proof),
      createSide(ben, 'call 2').transports.check('offer', 'caller', OFFER, proof),
      transports.check('offer', 'caller', OFFER, undefined),
      transports.check('offer', 'caller', OFFER, { ...proof, deviceKey: toBase64(ben.publicKey) }),
      transports.check('offer', 'caller', OFFER, { ...proof, signature: proof.deviceKey }),
      transports.check('offer', 'caller', OFFER, { ...proof, signature: '?' }),
    ];
    expect(await Promise.all(wrong)).toEqual(wrong.map(() => false));
  });

  it('that another device signed is not, where the keys of the call say which it is', async () => {
    const { transports, timers, setPeer, listeners } = createSide(ben);
    setPeer(await createDeviceKey());
    const checking = transports.check('offer', 'caller', OFFER, proof);
    await soon(() => expect(listeners.size).toBe(1));
    timers.advance(3_000);
    expect(await checking).toBe(false);
    expect(listeners.size).toBe(0);
  });

  it('of a device that came back with another key waits until the keys of the call have it', async () => {
    const { transports, timers, setPeer, listeners } = createSide(ben);
    setPeer(await createDeviceKey());
    const checking = transports.check('offer', 'caller', OFFER, proof);
    await soon(() => expect(listeners.size).toBe(1));
    timers.advance(2_900);
    setPeer(ana);
    expect(await checking).toBe(true);
    expect(listeners.size).toBe(0);
  });

  it('that does not say how it can be told is not signed', async () => {
    expect(await createSide(ana).transports.sign('offer', 'caller', 'v=0\r\n')).toBeNull();
  });
});
