const made = new WeakMap<MediaStream, MediaStream>();

/**
 * The pictures of a stream without its sound, in one stream that stays the same: an element opens a way to the speaker for sound that
 * it is to play silently, too, which takes about a hundredth of a processor each. Brought up to date by each call, for tracks change in
 * streams without a word.
 */
export function picturesOf(stream: MediaStream): MediaStream {
  const pictures = made.get(stream) ?? new MediaStream();
  made.set(stream, pictures);
  const wanted = stream.getVideoTracks();
  for (const track of pictures.getTracks()) if (!wanted.includes(track)) pictures.removeTrack(track);
  // One that it has already is not added again.
  for (const track of wanted) pictures.addTrack(track);
  return pictures;
}
