import type { SpeakerFinding } from './types.ts';

/** Whether there is anything to play sound on, where the browser tells: some list no outputs. */
export async function findSpeaker(): Promise<SpeakerFinding> {
  const devices = globalThis.navigator?.mediaDevices;
  if (devices === undefined || !('setSinkId' in HTMLMediaElement.prototype)) return 'unknown';
  const infos = await devices.enumerateDevices();
  if (infos.some(({ kind }) => kind === 'audiooutput')) return 'found';
  // Without a permission nothing is listed in some browsers.
  return infos.some(({ deviceId }) => deviceId !== '') ? 'missing' : 'unknown';
}
