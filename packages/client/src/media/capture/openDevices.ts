import { failureOf, type CaptureKind, type KindFailure } from './problems.ts';
import type { SoundProcessing } from './sound.ts';

/** What is asked for: a device id, or null for whichever the browser likes. Kinds left out are not asked for. */
export type Wanted = Partial<Record<CaptureKind, string | null>>;
export type Opened = Partial<Record<CaptureKind, MediaStreamTrack | KindFailure>>;

type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

/**
 * Opens camera and microphone with one question to the person. If that fails they are tried apart, first the wanted device,
 * then any: the call goes on with what there is.
 *
 * @param getUserMedia - null on a page that is not secure
 */
export async function openDevices(
  wanted: Wanted,
  processing: SoundProcessing,
  getUserMedia: GetUserMedia | null,
): Promise<Opened> {
  const kinds = (['audio', 'video'] as const).filter((kind) => wanted[kind] !== undefined);
  if (getUserMedia === null) return Object.fromEntries(kinds.map((kind) => [kind, 'insecure' as const]));
  if (kinds.length > 1) {
    try {
      const stream = await getUserMedia({
        audio: microphone(wanted.audio ?? null, processing),
        video: camera(wanted.video ?? null),
      });
      return pick(stream, kinds);
    } catch {
      // Which of the two it was is seen by asking for each.
    }
  }
  const opened: Opened = {};
  for (const kind of kinds)
    opened[kind] = await openOne(kind, wanted[kind] ?? null, processing, getUserMedia);
  return opened;
}

async function openOne(
  kind: CaptureKind,
  id: string | null,
  processing: SoundProcessing,
  getUserMedia: GetUserMedia,
): Promise<MediaStreamTrack | KindFailure> {
  try {
    const stream = await getUserMedia(
      kind === 'audio' ? { audio: microphone(id, processing) } : { video: camera(id) },
    );
    return pick(stream, [kind])[kind] ?? 'missing';
  } catch (error) {
    const failure = failureOf(error);
    return id === null || failure === 'denied' ? failure : openOne(kind, null, processing, getUserMedia);
  }
}

function pick(stream: MediaStream, kinds: readonly CaptureKind[]): Opened {
  const tracks = stream.getTracks();
  return Object.fromEntries(
    kinds.map((kind) => [kind, tracks.find((track) => track.kind === kind) ?? 'missing']),
  );
}

/** As wishes, not as conditions: where a browser cannot do one of them, it opens the microphone all the same. */
const microphone = (id: string | null, processing: SoundProcessing): MediaTrackConstraints => ({
  ...chosen(id),
  ...processing,
});

const camera = (id: string | null): MediaTrackConstraints => ({
  ...chosen(id),
  width: { ideal: 1_280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
  ...(id === null ? { facingMode: { ideal: 'user' } } : {}),
});

const chosen = (id: string | null): MediaTrackConstraints => (id === null ? {} : { deviceId: { exact: id } });
