import { EXTENSION, PAYLOAD_TYPE } from '../load.ts';
import { URI } from '../capabilities.ts';
import type { Remote } from '../peers/path.ts';
import type { IceCredentials } from '../peers/stun.ts';

/** This end of a path, for a description. */
export interface LocalEnd {
  readonly address: string;
  readonly port: number;
  readonly fingerprint: string;
  readonly ice: IceCredentials;
}

const SESSION = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const join = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** This end begins with DTLS, as browsers do in their answers, so that Janus is the server of it, as mediasoup is. */
const transportLines = ({ address, port, fingerprint, ice }: LocalEnd): string[] => [
  'c=IN IP4 127.0.0.1',
  `a=ice-ufrag:${ice.usernameFragment}`,
  `a=ice-pwd:${ice.password}`,
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:active',
  'a=rtcp-mux',
  `a=candidate:1 1 udp 2130706431 ${address} ${port} typ host`,
  'a=end-of-candidates',
];

const EXTENSIONS = [
  `a=extmap:${EXTENSION.sendTime} ${URI.sendTime}`,
  `a=extmap:${EXTENSION.transportSequence} ${URI.transportSequence}`,
];

/** The offer of a device that sends its microphone and its camera in three simulcast layers. */
export function publisherOffer(
  end: LocalEnd,
  { microphone, camera }: { readonly microphone: number; readonly camera: readonly number[] },
): string {
  const { opus, vp8 } = PAYLOAD_TYPE;
  return join([
    ...SESSION,
    'a=group:BUNDLE 0 1',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${opus}`,
    ...transportLines(end),
    'a=mid:0',
    'a=sendonly',
    `a=rtpmap:${opus} opus/48000/2`,
    `a=fmtp:${opus} minptime=10;useinbandfec=1;usedtx=1`,
    `a=rtcp-fb:${opus} transport-cc`,
    `a=extmap:${EXTENSION.level} ${URI.level}`,
    ...EXTENSIONS,
    `a=ssrc:${microphone} cname:device`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${vp8}`,
    ...transportLines(end),
    'a=mid:1',
    'a=sendonly',
    `a=rtpmap:${vp8} VP8/90000`,
    ...['transport-cc', 'ccm fir', 'nack', 'nack pli'].map((feedback) => `a=rtcp-fb:${vp8} ${feedback}`),
    ...EXTENSIONS,
    `a=ssrc-group:SIM ${camera.join(' ')}`,
    ...camera.map((ssrc) => `a=ssrc:${ssrc} cname:device`),
  ]);
}

const KEPT = /^(?:m=|a=(?:mid|rtpmap|fmtp|rtcp-fb|extmap):)/;

/** The answer of a device that receives all that is offered. */
export function subscriberAnswer(offer: string, end: LocalEnd): string {
  const lines = offer.split(/\r?\n/);
  const medias = lines.flatMap((line) => {
    if (!KEPT.test(line)) return [];
    return line.startsWith('m=') ? [line, ...transportLines(end), 'a=recvonly'] : [line];
  });
  return join([...SESSION, ...lines.filter((line) => line.startsWith('a=group:BUNDLE')), ...medias]);
}

/** Where the other end of a description listens. */
export function remoteOf(description: string): Remote {
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(description)?.[1];
    if (found === undefined) throw new Error(`Janus says no ${pattern.source}`);
    return found;
  };
  return {
    usernameFragment: take(/^a=ice-ufrag:(\S+)/m),
    password: take(/^a=ice-pwd:(\S+)/m),
    address: take(/^a=candidate:\S+ 1 udp \d+ (\S+) \d+ typ host/im),
    port: Number(take(/^a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host/im)),
  };
}

/** Numbers that an offer names: of the payload of VP8, and of the extension with transport-wide sequence numbers. */
export function numberingOf(offer: string) {
  const vp8 = /^a=rtpmap:(\d+) VP8\/90000/m.exec(offer)?.[1];
  if (vp8 === undefined) throw new Error('Janus offers no VP8');
  const wide = offer
    .split(/\r?\n/)
    .find((line) => line.startsWith('a=extmap:') && line.includes(URI.transportSequence));
  const transportSequence = wide === undefined ? null : Number(/^a=extmap:(\d+)/.exec(wide)?.[1]);
  return { vp8: Number(vp8), transportSequence };
}
