import type { CheckVerdict, Findings, WayFinding } from './types.ts';

/** Sound alone needs 40 kbit/s with everything around it. Lower: people are told to call who will not be understood. */
const SOUND_BITS = 50_000;
/** The smallest picture that is worth it, and sound (low data). Higher: usable lines are complained about. */
const PICTURE_BITS = 350_000;
/** ITU-T G.114: above 400 ms one way nobody can talk; above this both ways people begin to interrupt each other. */
const FAR_MS = 500;

/**
 * The one thing to say of what was found: what makes calls impossible first, then what makes them one-sided, then what makes them
 * worse.
 */
export function judgeFindings(findings: Findings): CheckVerdict {
  return (
    findNoCall(findings) ??
    findNoSound(findings) ??
    findNoPicture(findings) ??
    findWorse(findings) ??
    (findings.camera === 'dark' ? 'dark' : waysOf(findings).includes('open') ? 'fine' : 'untested')
  );
}

const CANNOT_TALK: Partial<Record<Findings['microphone'], CheckVerdict>> = {
  asking: 'asking',
  denied: 'microphone_denied',
  missing: 'no_microphone',
  in_use: 'microphone_in_use',
};

function findNoCall(findings: Findings): CheckVerdict | null {
  const { isSecure, server, camera, microphone } = findings;
  if (!isSecure) return 'insecure_page';
  if (server === 'unreachable') return 'unreachable';
  if (microphone === 'denied' && camera === 'denied') return 'both_denied';
  if (isBlocked(waysOf(findings))) return 'no_way';
  return CANNOT_TALK[microphone] ?? null;
}

function findNoSound({ upload, download, microphone, speaker }: Findings): CheckVerdict | null {
  if (isBelow(upload, SOUND_BITS) || isBelow(download, SOUND_BITS)) return 'too_slow';
  if (microphone === 'silent') return 'microphone_silent';
  return speaker === 'missing' ? 'no_speaker' : null;
}

const CANNOT_BE_SEEN: Partial<Record<Findings['camera'], CheckVerdict>> = {
  asking: 'asking',
  denied: 'camera_denied',
  missing: 'no_camera',
  in_use: 'camera_in_use',
  no_picture: 'no_picture',
};

const findNoPicture = ({ camera }: Findings): CheckVerdict | null => CANNOT_BE_SEEN[camera] ?? null;

function findWorse(findings: Findings): CheckVerdict | null {
  const { upload, download, roundTripMs, udp, relay } = findings;
  if (isBelow(upload, PICTURE_BITS)) return 'slow_upload';
  if (isBelow(download, PICTURE_BITS)) return 'slow_download';
  if (roundTripMs !== null && roundTripMs > FAR_MS) return 'far';
  if (isBlocked([udp, relay.udp])) return 'udp_blocked';
  return isBlocked(Object.values(relay)) ? 'relay_down' : null;
}

const waysOf = ({ udp, tcp, relay }: Findings): WayFinding[] => [udp, tcp, ...Object.values(relay)];

/** Every one of them that there is was tried and is shut. */
function isBlocked(ways: readonly WayFinding[]): boolean {
  const there = ways.filter((way) => way !== 'none');
  return there.length > 0 && there.every((way) => way === 'blocked');
}

const isBelow = (bits: number | null, least: number): boolean => bits !== null && bits < least;
