import { isIPv6 } from 'node:net';

import { renderUnicodeCompact } from 'uqr';

export interface LanBanner {
  /** As `listLanAddresses` gives them. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly caFingerprint: string;
}

/** Where the server offers its authority's certificate, as `application/x-x509-ca-cert`. */
export const CA_CERTIFICATE_PATH = '/visavis-ca.crt';

/** A QR code in half blocks, two rows to a line, dark on light whatever the terminal's colours. */
export function formatQr(url: string): string {
  const code = renderUnicodeCompact(url, { border: 2, invert: true });
  return code
    .split('\n')
    .map((line) => `\u001B[30;107m${line}\u001B[0m`)
    .join('\n');
}

function formatUrl(address: string, port: number): string {
  const host = isIPv6(address) ? `[${address}]` : address;
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}

/** What `npm start -- --lan` prints, without a line break at the end. */
export function formatLanBanner({ addresses, port, caFingerprint }: LanBanner): string {
  const urls = addresses.map((address) => formatUrl(address, port));
  const [first] = urls;
  const here = formatUrl('localhost', port);
  if (first === undefined) {
    return `This machine has no address on a local network. Here it is ${here}`;
  }
  return [
    'On this network:',
    ...urls.map((url) => `  ${url}`),
    '',
    formatQr(first),
    '',
    'A phone warns about the certificate once. Go on past the warning ("Advanced", "Show details"),',
    `or install the certificate first and never see it: ${first}${CA_CERTIFICATE_PATH}`,
    '  iPhone:  open it, then Settings › General › VPN & Device Management › install; then',
    '           Settings › General › About › Certificate Trust Settings › switch it on',
    '  Android: Settings › Security › Encryption & credentials › Install a certificate › CA certificate',
    '  Its SHA-256 fingerprint, which the phone shows:',
    ...formatFingerprint(caFingerprint).map((line) => `    ${line}`),
    'It can vouch for this machine and for local addresses only, not for sites on the internet.',
  ].join('\n');
}

/** Two halves, as narrow as a phone shows them. */
function formatFingerprint(fingerprint: string): string[] {
  const half = Math.ceil(fingerprint.length / 2);
  return [fingerprint.slice(0, half), fingerprint.slice(half)];
}
