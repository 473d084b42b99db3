import { hearBackground, NO_BACKGROUND, type Background } from './background.ts';
import { hearMutedTalk, NO_MUTED_TALK, type MutedTalk } from './mutedTalk.ts';
import { hearSignal, NO_SIGNAL_YET, type Signal } from './noSignal.ts';

/** What a person should be told of their microphone: they speak and it is muted; it gives no sound; it is loud around it. */
export type MicrophoneHint = 'talks_muted' | 'no_signal' | 'noisy';

/** What was heard lately of one microphone. */
export interface HeardMicrophone {
  readonly mutedTalk: MutedTalk;
  readonly signal: Signal;
  readonly background: Background;
}

export const NOTHING_HEARD: HeardMicrophone = {
  mutedTalk: NO_MUTED_TALK,
  signal: NO_SIGNAL_YET,
  background: NO_BACKGROUND,
};

/** How loud a microphone is before it is muted: 0 to 1 as people hear it, and in dB below full scale. */
export interface Loudness {
  readonly level: number;
  readonly decibels: number | null;
}

/** One look, several times a second. @param loudness - null: there is no microphone */
export function hearMicrophone(
  heard: HeardMicrophone,
  loudness: Loudness | null,
  isMuted: boolean,
  now: number,
): HeardMicrophone {
  if (loudness === null) return NOTHING_HEARD;
  const { level, decibels } = loudness;
  return {
    mutedTalk: hearMutedTalk(heard.mutedTalk, isMuted ? level : null, now),
    signal: hearSignal(heard.signal, decibels, now),
    background: hearBackground(heard.background, decibels, now),
  };
}

/** One at a time. Who is muted is not heard anyway, and has no use for the others. */
export function hintOf(
  { mutedTalk, signal, background }: HeardMicrophone,
  isMuted: boolean,
): MicrophoneHint | null {
  if (isMuted) return mutedTalk.talks ? 'talks_muted' : null;
  if (signal.isMissing) return 'no_signal';
  return background.isNoisy ? 'noisy' : null;
}
