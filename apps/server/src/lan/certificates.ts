import {
  type KeyObject,
  X509Certificate,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';

import { bits, integer, objectId, sequence, set, tagged, time, utf8 } from './der.ts';
import {
  type CertificateNames,
  alternativeNames,
  authorityBasics,
  authorityKeyId,
  nameConstraints,
  serverBasics,
  subjectKeyId,
} from './extensions.ts';

/** A certificate and its private key, both as PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Ten years: installing it anew on every phone is the dearest part of it. */
const AUTHORITY_LIFE_MS = 3650 * DAY_MS;
/** Browsers refuse server certificates with longer lives. */
const SERVER_LIFE_MS = 397 * DAY_MS;
/** A phone's clock may be behind; the life includes this day. */
const CLOCK_SKEW_MS = DAY_MS;
/** A server that runs for a month without a restart does not run into the end of its certificate. */
const RENEWAL_MARGIN_MS = 30 * DAY_MS;

/** RFC 5758, 3.2. */
const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));

const ORGANIZATION = 'Visavis';

/** A distinguished name. */
const formatName = (commonName: string): Buffer =>
  sequence(
    set(sequence(objectId('2.5.4.10'), utf8(ORGANIZATION))),
    set(sequence(objectId('2.5.4.3'), utf8(commonName))),
  );

interface CertificateContent {
  readonly issuer: string;
  readonly subject: string;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly lifeMs: number;
  readonly now: number;
  readonly extensions: readonly Uint8Array[];
}

/** A certificate of version 3, signed (RFC 5280, 4.1), as PEM. */
function createCertificate(content: CertificateContent): string {
  const notBefore = content.now - CLOCK_SKEW_MS;
  const version3 = tagged(0, integer(Uint8Array.of(2)));
  const body = sequence(
    version3,
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    formatName(content.issuer),
    // Both ends belong to the life.
    sequence(time(notBefore), time(notBefore + content.lifeMs - 1000)),
    formatName(content.subject),
    content.subjectKey.export({ format: 'der', type: 'spki' }),
    tagged(3, sequence(...content.extensions)),
  );
  const signature = sign('sha256', body, content.issuerKey);
  return new X509Certificate(sequence(body, ECDSA_WITH_SHA256, bits(signature))).toString();
}

const generateKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

const toPem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

/** The point itself: the last part of every P-256 public key, 65 bytes long (RFC 5480, 2.2). */
const publicPoint = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-65);

/** Makes a certificate authority that may vouch for these names and for local addresses. `now` in ms since 1970. */
export function createAuthority(names: CertificateNames, now: number): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeys();
  const name = `Visavis on ${names.hostnames[0] ?? 'this computer'}`;
  const cert = createCertificate({
    issuer: name,
    subject: name,
    subjectKey: publicKey,
    issuerKey: privateKey,
    lifeMs: AUTHORITY_LIFE_MS,
    now,
    extensions: [...authorityBasics(), nameConstraints(names), subjectKeyId(publicPoint(publicKey))],
  });
  return { key: toPem(privateKey), cert };
}

/** Makes a certificate for a server with these names, signed by the authority. `now` in ms since 1970. */
export function createServerCertificate(
  authority: KeyAndCertificate,
  names: CertificateNames,
  now: number,
): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeys();
  const issuer = new X509Certificate(authority.cert);
  const cert = createCertificate({
    issuer: /^CN=(.*)$/m.exec(issuer.subject)?.[1] ?? '',
    subject: names.hostnames[0] ?? 'localhost',
    subjectKey: publicKey,
    issuerKey: createPrivateKey(authority.key),
    lifeMs: SERVER_LIFE_MS,
    now,
    extensions: [
      ...serverBasics(),
      alternativeNames(names),
      authorityKeyId(publicPoint(issuer.publicKey)),
      subjectKeyId(publicPoint(publicKey)),
    ],
  });
  return { key: toPem(privateKey), cert };
}

/** Whether the text is a certificate with its private key. */
export function isWhole({ key, cert }: KeyAndCertificate): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function isValidFor({ validFromDate, validToDate }: X509Certificate, now: number, marginMs: number): boolean {
  return validFromDate.getTime() <= now && now + marginMs < validToDate.getTime();
}

/** Whether an authority can still sign a certificate for these names that lives its whole life. */
export function isAuthorityCurrent(cert: string, names: CertificateNames, now: number): boolean {
  const authority = new X509Certificate(cert);
  return isValidFor(authority, now, SERVER_LIFE_MS) && authority.raw.includes(nameConstraints(names));
}

/** Whether a server certificate is this authority's, for exactly these names, and not near its end. */
export function isServerCertificateCurrent(
  cert: string,
  authorityCert: string,
  names: CertificateNames,
  now: number,
): boolean {
  const server = new X509Certificate(cert);
  const authority = new X509Certificate(authorityCert);
  return (
    server.checkIssued(authority) &&
    server.verify(authority.publicKey) &&
    isValidFor(server, now, RENEWAL_MARGIN_MS) &&
    server.raw.includes(alternativeNames(names))
  );
}
