import type { Signal } from '@visavis/protocol';

/*
 * NEG5. With `iceTransportPolicy: 'relay'` browsers gather nothing else; this holds it whatever they do, and takes out what a
 * description says of addresses beside its candidates (RFC 8839 §4.2: connection, port and `rtcp` lines, related addresses).
 */

/** A signal that names no address but the relay's; null when nothing of it is left to send. */
export function withoutOwnAddresses(signal: Signal): Signal | null {
  if (signal.type !== 'ice_candidate') {
    return { ...signal, payload: { ...signal.payload, sdp: hideInSdp(signal.payload.sdp) } };
  }
  const candidate = hideInCandidate(signal.payload.candidate);
  return candidate === null ? null : { ...signal, payload: { ...signal.payload, candidate } };
}

const NO_ADDRESS = 'IN IP4 0.0.0.0';
/** The port of a media line that waits for candidates (RFC 8840 §4.1.3); 0 would refuse the line. */
const NO_PORT = '9';

function hideInSdp(sdp: string): string {
  return sdp
    .split(/(?<=\n)/)
    .map((line) => hideInLine(line))
    .join('');
}

function hideInLine(line: string): string {
  const end = /\r?\n?$/.exec(line)?.[0] ?? '';
  const text = line.slice(0, line.length - end.length);
  if (text.startsWith('a=candidate:')) {
    const candidate = hideInCandidate(text.slice('a='.length));
    return candidate === null ? '' : `a=${candidate}${end}`;
  }
  if (text.startsWith('c=')) return `c=${NO_ADDRESS}${end}`;
  if (text.startsWith('o=')) return `${text.replace(/IN IP[46] \S+$/, NO_ADDRESS)}${end}`;
  if (text.startsWith('a=rtcp:')) return `a=rtcp:${NO_PORT} ${NO_ADDRESS}${end}`;
  if (text.startsWith('m=')) {
    return `${text.replace(/^(m=\S+) (\d+)/, (_, kind: string, port: string) => `${kind} ${port === '0' ? port : NO_PORT}`)}${end}`;
  }
  return line;
}

/** RFC 8839 §5.1: `candidate:… typ <type> [raddr <address>] [rport <port>] …`. An empty one says that there are no more. */
function hideInCandidate(candidate: string): string | null {
  if (candidate === '') return candidate;
  if (/ typ (\S+)/.exec(candidate)?.[1] !== 'relay') return null;
  return candidate.replace(/ raddr \S+/, ' raddr 0.0.0.0').replace(/ rport \d+/, ' rport 0');
}
