import type { Candidate } from '@visavis/protocol';

/** RFC 8839 §5.1, as far as every browser reads it. What looks otherwise must not spoil the description. */
const USUAL = /^candidate:[\w+/]{1,32} [12] (?:udp|tcp) \d{1,10} [\w.:-]+ \d{1,5} typ [a-z]+(?: [!-~]+)*$/i;

/** A description with candidates in it, and those that have to be given to the browser by themselves. */
export interface Folded {
  readonly sdp: string;
  readonly rest: readonly Candidate[];
}

/**
 * Writes candidates into the description that they are for (RFC 8839 §5.1), each at the end of its media section: the
 * browser takes them all with the description, where one by one each is a trip through its threads that the answer waits for.
 */
export function foldCandidates(sdp: string, candidates: readonly Candidate[]): Folded {
  const sections = sdp.split(/^(?=m=)/m);
  const mids = sections.slice(1).map((section) => /^a=mid:(\S+)/m.exec(section)?.[1] ?? null);
  const rest = candidates.filter((candidate) => {
    const { sdpMid, sdpMLineIndex } = candidate;
    const place = 1 + (sdpMid === null ? (sdpMLineIndex ?? -1) : mids.indexOf(sdpMid));
    const section = place === 0 ? undefined : sections[place];
    if (section === undefined || !USUAL.test(candidate.candidate)) return true;
    const end = section.endsWith('\n') ? '' : '\r\n';
    sections[place] = `${section}${end}a=${candidate.candidate}\r\n`;
    return false;
  });
  return { sdp: sections.join(''), rest };
}
