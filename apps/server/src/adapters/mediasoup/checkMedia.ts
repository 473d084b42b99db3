import { SfuRefusal, type DtlsParameters, type RtpEncoding, type RtpParameters } from '../../mediaPorts.ts';

/** Three simulcast layers, and one to spare. */
const MOST_ENCODINGS = 4;
/** Three, and what repairs each of them. */
const MOST_CODECS = 16;
const MOST_EXTENSIONS = 16;
/** Longer ones do not fit the header of a packet. */
const LONGEST_ID = 16;
const MOST_SSRC = 2 ** 32 - 1;

const isSsrc = (ssrc: number | undefined): boolean =>
  ssrc === undefined || (Number.isInteger(ssrc) && ssrc > 0 && ssrc <= MOST_SSRC);
const isId = (id: string | undefined): boolean =>
  id === undefined || (id.length > 0 && id.length <= LONGEST_ID);
const areDifferent = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/**
 * Refuses what mediasoup would take although it makes no sense: it expects a client of its own.
 *
 * @throws {@link SfuRefusal}
 */
export function checkRtpParameters({ mid, codecs, headerExtensions, encodings, rtcp }: RtpParameters): void {
  const isSensible =
    isId(mid) &&
    (rtcp?.cname ?? '').length <= 256 &&
    codecs.length <= MOST_CODECS &&
    headerExtensions.length <= MOST_EXTENSIONS &&
    areDifferent(headerExtensions.map(({ id }) => id)) &&
    checkEncodings(encodings);
  if (!isSensible) throw new SfuRefusal('BAD_MEDIA');
}

function checkEncodings(encodings: readonly RtpEncoding[]): boolean {
  const rids = encodings.flatMap(({ rid }) => rid ?? []);
  const ssrcs = encodings.flatMap(({ ssrc, rtx }) => [ssrc ?? [], rtx?.ssrc ?? []].flat());
  return (
    encodings.length > 0 &&
    encodings.length <= MOST_ENCODINGS &&
    encodings.every(({ rid, ssrc, rtx }) => isId(rid) && isSsrc(ssrc) && isSsrc(rtx?.ssrc)) &&
    // A single stream may be told by the track's own id; several need names.
    (encodings.length === 1 || encodings.every(({ rid, ssrc }) => rid !== undefined || ssrc !== undefined)) &&
    areDifferent(rids) &&
    areDifferent(ssrcs)
  );
}

/** The bytes of each kind of fingerprint. */
const DIGEST_BYTES = { 'sha-1': 20, 'sha-224': 28, 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const;

/** Refuses fingerprints that can be nobody's. @throws {@link SfuRefusal} */
export function checkDtlsParameters({ fingerprints }: DtlsParameters): void {
  const isSensible =
    fingerprints.length > 0 &&
    fingerprints.length <= 8 &&
    fingerprints.every(
      ({ algorithm, value }) =>
        /^[\da-f]{2}(:[\da-f]{2})*$/i.test(value) && value.split(':').length === DIGEST_BYTES[algorithm],
    );
  if (!isSensible) throw new SfuRefusal('BAD_MEDIA');
}
