/**
 * Lets lost packets of sound be asked for again (RTCP NACK, RFC 4585 §6.2.1), which browsers do for pictures alone. Chromium sends again
 * and asks by what it reads in the other's description; for others it is one more line. The description that goes over the wire stays
 * as it is.
 */
export const withSoundAskedAgain = (sdp: string): string =>
  sdp.replace(/^(a=rtpmap:(\d+) opus\/48000\/2)\r\n/gm, (line, map: string, payload: string) =>
    sdp.includes(`a=rtcp-fb:${payload} nack\r\n`) ? line : `${map}\r\na=rtcp-fb:${payload} nack\r\n`,
  );
