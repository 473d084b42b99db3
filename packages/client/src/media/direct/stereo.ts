/**
 * A description whose Opus is heard in two channels, or in one (RFC 7587 §6.1). In what this device says it is how it plays what comes: one
 * channel is played just so. In the other's, as this browser takes it, it is how this one encodes: a voice in two channels would be encoded as
 * music, with less repair. So each side says that it plays two, and reads of the other's only what it wants to send.
 */
export function withStereo(sdp: string, isStereo: boolean): string {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000\/2\r?$/gim)].map(
    ([, payload]) => payload ?? '',
  );
  return payloads.reduce((text, payload) => setStereo(text, payload, isStereo), sdp);
}

function setStereo(sdp: string, payload: string, isStereo: boolean): string {
  const added = isStereo ? ['stereo=1'] : [];
  const format = new RegExp(`^a=fmtp:${payload} ([^\r\n]*)`, 'm');
  if (!format.test(sdp)) {
    if (!isStereo) return sdp;
    const map = new RegExp(`^(a=rtpmap:${payload} [^\r\n]*)(\r?\n)`, 'm');
    return sdp.replace(map, `$1$2a=fmtp:${payload} ${added.join(';')}$2`);
  }
  return sdp.replace(format, (line: string, parameters: string) => {
    if (isStereo && /(?:^|;)\s*stereo=1\s*(?:;|$)/i.test(parameters)) return line;
    const others = parameters.split(';').filter((each) => !/^\s*stereo=/i.test(each) && each.trim() !== '');
    const all = [...others, ...added];
    // A line without parameters is none.
    return `a=fmtp:${payload} ${all.length > 0 ? all.join(';') : 'stereo=0'}`;
  });
}

/** Plays two channels from now on; where a browser takes no description but its own, it plays what it does by itself. */
export async function setLocalDescription(
  peer: Pick<RTCPeerConnection, 'setLocalDescription'>,
  { type, sdp = '' }: RTCSessionDescriptionInit,
): Promise<void> {
  const stereo = withStereo(sdp, true);
  if (stereo === sdp) return peer.setLocalDescription({ type, sdp });
  try {
    await peer.setLocalDescription({ type, sdp: stereo });
  } catch {
    await peer.setLocalDescription({ type, sdp });
  }
}
