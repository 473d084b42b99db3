import { readTransport, signTransport, type SigningKey, verifyTransport } from '@visavis/encryption/identity';
import type { TransportProof } from '@visavis/protocol';
import { readBase64, toBase64 } from '../../base64.ts';
import type { Timers } from '../../timers.ts';

/** Whose words a description is: this device says its own under its role, and hears the other's under the other role. */
export type CallRole = 'caller' | 'callee';

/** What tells the connection of the other device from one that somebody put in between (NEG6). */
export interface Transports {
  /** Signs a description of this device; null where it does not say what is signed. */
  sign(type: 'offer' | 'answer', role: CallRole, sdp: string): Promise<TransportProof | null>;
  /** Whether the other device says that this description is its own. To be asked before the browser gets it. Never rejects. */
  check(
    type: 'offer' | 'answer',
    role: CallRole,
    sdp: string,
    proof: TransportProof | undefined,
  ): Promise<boolean>;
}

export interface TransportsOptions {
  readonly callId: Promise<string>;
  readonly key: Promise<SigningKey>;
  /** The device key of the other device in the keys of the call, in base64; null while it is not there. */
  readonly peerKey: () => string | null;
  /** Calls back whenever that may have changed. */
  readonly onPeerKey: (listener: () => void) => () => void;
  readonly timers: Pick<Timers, 'after'>;
}

/**
 * A device that came back may sign with another key than the one that is still in the call's keys: then it is about to be there. In ms:
 * what it takes to be removed and added again. Shorter: it is refused; longer: a false one is refused later.
 */
const NEW_KEY_MS = 3_000;

/** Keys and descriptions come in any order: what is there of the one when the other comes has to agree with it. */
export function createTransports({ callId, key, peerKey, onPeerKey, timers }: TransportsOptions): Transports {
  /** Resolves to whether the other device has this key, or nobody has any. */
  function isPeerKey(deviceKey: string): Promise<boolean> {
    const agrees = (): boolean => (peerKey() ?? deviceKey) === deviceKey;
    if (agrees()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (agreed: boolean): void => {
        cancel();
        unsubscribe();
        resolve(agreed);
      };
      const unsubscribe = onPeerKey(() => {
        if (agrees()) end(true);
      });
      const cancel = timers.after(NEW_KEY_MS, () => end(agrees()));
    });
  }

  return {
    async sign(type, role, sdp) {
      const transport = readTransport(sdp);
      if (transport === null) return null;
      const own = await key;
      const signature = await signTransport(own, { callId: await callId, type, role }, transport);
      return { deviceKey: toBase64(own.publicKey), signature: toBase64(signature) };
    },
    async check(type, role, sdp, proof) {
      const transport = readTransport(sdp);
      if (transport === null || proof === undefined) return false;
      const [deviceKey, signature] = [readBase64(proof.deviceKey), readBase64(proof.signature)];
      if (deviceKey === null || signature === null) return false;
      const place = { callId: await callId, type, role };
      if (!(await verifyTransport(deviceKey, signature, place, transport))) return false;
      return isPeerKey(proof.deviceKey);
    },
  };
}
