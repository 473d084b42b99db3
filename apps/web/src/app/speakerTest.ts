import { HANDSET } from '../sounds/phrases.ts';
import { renderPhrase } from '../sounds/render.ts';
import { toWav } from '../sounds/wav.ts';

const SAMPLE_RATE = 48_000;

/**
 * Plays the test sound where calls are heard. Through a media element, as voices are: Web Audio would play it where the system does.
 *
 * @param speakerId - null: where the system plays sound
 * @returns false where that speaker does not play
 */
export async function playOnSpeaker(speakerId: string | null): Promise<boolean> {
  const sound = new Blob([toWav(renderPhrase(HANDSET, SAMPLE_RATE), SAMPLE_RATE)], { type: 'audio/wav' });
  const url = URL.createObjectURL(sound);
  const element = new Audio(url);
  const forget = (): void => URL.revokeObjectURL(url);
  element.addEventListener('ended', forget);
  try {
    if (speakerId !== null && typeof element.setSinkId === 'function') await element.setSinkId(speakerId);
    await element.play();
    return true;
  } catch {
    forget();
    return false;
  }
}
