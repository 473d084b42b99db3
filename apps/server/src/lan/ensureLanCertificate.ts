import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type KeyAndCertificate,
  createAuthority,
  createServerCertificate,
  isAuthorityCurrent,
  isServerCertificateCurrent,
  isWhole,
} from './certificates.ts';
import type { CertificateNames } from './extensions.ts';

export interface LanCertificateRequest extends CertificateNames {
  /** Where keys and certificates are kept, readable for their owner only. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface LanCertificate extends KeyAndCertificate {
  /** What a phone installs to trust this server. */
  readonly caCert: string;
  /** SHA-256, as phones show it before they install: `AB:CD:…`. */
  readonly caFingerprint: string;
  /** What the person who starts the server should know about what was replaced, if anything was. */
  readonly notices: readonly string[];
}

/**
 * The certificate for HTTPS on the local network, with the authority behind it. Both are made on the first start and
 * kept; the server's is renewed when an address changes or its end is near, the authority only when it must be, because
 * phones have it installed.
 *
 * @throws if the directory cannot be read or written; damaged files are replaced, with a notice
 */
export async function ensureLanCertificate(request: LanCertificateRequest): Promise<LanCertificate> {
  const { directory, now } = request;
  const names = normalizeNames(request);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);

  const notices: string[] = [];
  const kept = await readPair(directory, 'authority');
  let authority = kept;
  if (authority === 'damaged' || authority === 'absent' || !isAuthorityCurrent(authority.cert, names, now)) {
    if (kept === 'damaged') notices.push(`The certificate authority in ${directory} was damaged.`);
    else if (kept !== 'absent') notices.push('The certificate authority has expired or was for other names.');
    if (kept !== 'absent') notices.push('A new one was made: install it on your phones again.');
    authority = createAuthority(names, now);
    await writePair(directory, 'authority', authority);
  }

  let server = await readPair(directory, 'server');
  if (server === 'damaged') notices.push(`The certificate in ${directory} was damaged; a new one was made.`);
  if (
    server === 'damaged' ||
    server === 'absent' ||
    !isServerCertificateCurrent(server.cert, authority.cert, names, now)
  ) {
    server = createServerCertificate(authority, names, now);
    await writePair(directory, 'server', server);
  }

  const { fingerprint256 } = new X509Certificate(authority.cert);
  return { ...server, caCert: authority.cert, caFingerprint: fingerprint256, notices };
}

/** One order, and nothing twice: the same names give the same certificate whatever order the system lists them in. */
function normalizeNames({ addresses, hostnames }: CertificateNames): CertificateNames {
  return {
    addresses: [...new Set(addresses)].sort(),
    hostnames: [...new Set(hostnames)].filter((name) => name !== 'localhost'),
  };
}

type Role = 'authority' | 'server';

const keyPath = (directory: string, role: Role): string => join(directory, `${role}.key.pem`);
const certPath = (directory: string, role: Role): string => join(directory, `${role}.cert.pem`);

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`Cannot read ${path}.`, { cause: error });
  }
}

async function readPair(directory: string, role: Role): Promise<KeyAndCertificate | 'absent' | 'damaged'> {
  const key = await readIfThere(keyPath(directory, role));
  const cert = await readIfThere(certPath(directory, role));
  if (key === undefined && cert === undefined) return 'absent';
  if (key === undefined || cert === undefined) return 'damaged';
  const pair = { key, cert };
  return isWhole(pair) ? pair : 'damaged';
}

async function writePair(directory: string, role: Role, { key, cert }: KeyAndCertificate): Promise<void> {
  await writeWhole(keyPath(directory, role), key);
  await writeWhole(certPath(directory, role), cert);
}

/** Never leaves half a file behind. */
async function writeWhole(path: string, content: string): Promise<void> {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, content, { mode: 0o600 });
  await rename(unfinished, path);
}
