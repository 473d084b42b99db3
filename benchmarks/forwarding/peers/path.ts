import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
// Its main entry names a file that it has not.
import {
  CipherContext,
  DtlsClient,
  HashAlgorithm,
  NamedCurveAlgorithm,
  SignatureAlgorithm,
} from 'werift-dtls/lib/dtls/src/index.js';
import * as z from 'zod';
import { bindingRequest, bindingResponse, isBindingRequest, type IceCredentials } from './stun.ts';
import { deriveKeys, KEY_BYTES, SALT_BYTES, type SrtpKeys } from './srtp.ts';

/** Where the forwarding unit listens, and what it calls itself there. */
export interface Remote extends IceCredentials {
  readonly address: string;
  readonly port: number;
}

/** A connected way to the forwarding unit, as a browser has it: ICE and DTLS are done, its packets go by SRTP. */
export interface Path {
  readonly outgoing: SrtpKeys;
  readonly incoming: SrtpKeys;
  send(packet: Buffer): void;
  /** SRTP and SRTCP as they come in. */
  onMedia: (packet: Buffer) => void;
  close(): void;
}

/** RFC 7714 §14.2. */
const AEAD_AES_128_GCM = 0x0007;
/** Its types say nothing of them. */
const Bytes = z.instanceof(Buffer);
const SessionKeys = z.object({ localKey: Bytes, localSalt: Bytes, remoteKey: Bytes, remoteSalt: Bytes });
const CONNECT_MS = 10_000;
const CHECK_AGAIN_MS = 50;
/** Consent ends after 30 s without (RFC 7675). */
const CONSENT_MS = 4_000;
/** As much as Linux gives without being root; the load comes in bursts. */
const BUFFER_BYTES = 4_000_000;

const ignore = (): void => {};

let certificate: ReturnType<typeof CipherContext.createSelfSignedCertificateWithKey> | undefined;
/** One for all paths of this process. */
const ownCertificate = async () =>
  (certificate ??= CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  ));

/** SHA-256 of this process's certificate, as descriptions write it. */
export async function ownFingerprint(): Promise<string> {
  return new X509Certificate((await ownCertificate()).certPem).fingerprint256;
}

/** A socket for a path, before it is known where that leads. */
export async function openSocket(address: string): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: BUFFER_BYTES,
    sendBufferSize: BUFFER_BYTES,
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

/** Connects to a forwarding unit that is ICE-lite and the server of DTLS. */
export async function connectPath(socket: Socket, local: IceCredentials, remote: Remote): Promise<Path> {
  const { certPem, keyPem, signatureHash } = await ownCertificate();
  socket.connect(remote.port, remote.address);
  await once(socket, 'connect');
  let handleDtls: (packet: Buffer) => void = ignore;
  let handleAnswer: () => void = ignore;
  let onMedia: (packet: Buffer) => void = ignore;
  // RFC 7983: by the first byte.
  socket.on('message', (packet: Buffer) => {
    const first = packet[0] ?? 0;
    if (first >= 128 && first < 192) onMedia(packet);
    else if (first >= 20 && first < 64) handleDtls(packet);
    else if (first >= 4) return;
    else if (isBindingRequest(packet)) socket.send(bindingResponse(packet, local, remote));
    else handleAnswer();
  });
  // What is refused now is sent again by ICE or DTLS, or counted as lost.
  socket.on('error', ignore);
  const check = (): void => socket.send(bindingRequest(local, remote));
  const answered = new Promise<void>((resolve) => {
    handleAnswer = resolve;
  });
  const again = setInterval(check, CHECK_AGAIN_MS);
  check();
  await within(answered, 'ICE').finally(() => clearInterval(again));
  const consent = setInterval(check, CONSENT_MS);

  const dtls = new DtlsClient({
    cert: certPem,
    key: keyPem,
    signatureHash,
    srtpProfiles: [AEAD_AES_128_GCM],
    extendedMasterSecret: true,
    transport: {
      type: 'udp',
      address: socket.address(),
      closed: false,
      set onData(handle: (packet: Buffer, from: readonly [string, number]) => void) {
        handleDtls = (packet) => handle(packet, [remote.address, remote.port]);
      },
      get onData() {
        return handleDtls;
      },
      send: async (packet) => socket.send(packet),
      close: async () => {},
    },
  });
  const connected = new Promise<void>((resolve, reject) => {
    dtls.onConnect.once(() => resolve());
    dtls.onError.once(reject);
  });
  // Goes on until it gives up sending again, long after it has connected.
  dtls.connect().catch(ignore);
  await within(connected, 'DTLS');
  const { localKey, localSalt, remoteKey, remoteSalt } = SessionKeys.parse(
    dtls.extractSessionKeys(KEY_BYTES, SALT_BYTES),
  );
  return {
    outgoing: deriveKeys({ key: localKey, salt: localSalt }),
    incoming: deriveKeys({ key: remoteKey, salt: remoteSalt }),
    send: (packet) => socket.send(packet),
    set onMedia(handle: (packet: Buffer) => void) {
      onMedia = handle;
    },
    get onMedia() {
      return onMedia;
    },
    close() {
      clearInterval(consent);
      socket.close();
    },
  };
}

/** Keys that both ends of a direct path know: there is nobody between them to agree with. */
const DIRECT_KEYS = deriveKeys({ key: Buffer.alloc(KEY_BYTES, 1), salt: Buffer.alloc(SALT_BYTES, 2) });

/** A path with nothing in between, to compare with. `port`: where to send to; null: this end only receives. */
export async function openDirectPath(socket: Socket, address: string, port: number | null): Promise<Path> {
  if (port !== null) {
    socket.connect(port, address);
    await once(socket, 'connect');
  }
  let onMedia: (packet: Buffer) => void = ignore;
  socket.on('message', (packet: Buffer) => onMedia(packet));
  socket.on('error', ignore);
  return {
    outgoing: DIRECT_KEYS,
    incoming: DIRECT_KEYS,
    send: (packet) => {
      if (port !== null) socket.send(packet);
    },
    set onMedia(handle: (packet: Buffer) => void) {
      onMedia = handle;
    },
    get onMedia() {
      return onMedia;
    },
    close: () => socket.close(),
  };
}

async function within(work: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not connect`)), CONNECT_MS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
