/**
 * Whether a session description is safe to pass on: size is checked before, this checks grammar (RFC 8866 §9) as far as a
 * relay needs it. Each line is `x=…` in printable characters, the first is `v=0`, there is at least one media section, and
 * every fingerprint is complete (an empty fingerprint list has killed media servers).
 *
 * @param sdp - at most {@link LIMITS.sdpLength} characters
 */
export function isAcceptableSdp(sdp: string): boolean {
  const lines = sdp.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== 'v=0') return false;
  if (!lines.every((line) => /^[a-z]=[\u0020-\u007e\u0080-\uffff]*$/.test(line))) return false;
  const media = lines.filter((line) => line.startsWith('m='));
  if (media.length === 0 || media.length > 16) return false;
  const fingerprints = lines.filter((line) => line.startsWith('a=fingerprint:'));
  return fingerprints.length > 0 && fingerprints.every((line) => FINGERPRINT.test(line));
}

/** RFC 8122 §5. */
const FINGERPRINT = /^a=fingerprint:[a-z0-9-]{3,16} [0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/;
