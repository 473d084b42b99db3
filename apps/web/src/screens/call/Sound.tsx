import { useEffect, useRef } from 'react';
import { useModel } from '../../components/store.tsx';
import { useStream } from './useStream.ts';

interface SoundProps {
  readonly stream: MediaStream | null;
  readonly label?: string;
  /** 0 to 1. */
  readonly volume?: number;
  readonly muted?: boolean;
  /** The browser waits for a press before it plays. */
  readonly onRefused: (refused: boolean) => void;
  /** Counts the presses that have come since: each is a new chance to play. */
  readonly tries: number;
}

/** Somebody's voice, or the sound of a screen, on the chosen speaker. */
export function Sound({ stream, label, volume = 1, muted = false, onRefused, tries }: SoundProps) {
  const speakerId = useModel((model) => model.media.speakerId);
  const audio = useRef<HTMLAudioElement>(null);
  useStream(audio, stream, onRefused);
  useEffect(() => {
    const element = audio.current;
    if (element === null || typeof element.setSinkId !== 'function') return;
    // A speaker that is gone: the system's own takes over.
    element.setSinkId(speakerId ?? '').catch(() => {});
  }, [speakerId]);
  useEffect(() => {
    const element = audio.current;
    if (element === null) return;
    element.volume = volume;
    element.muted = muted;
  }, [volume, muted]);
  useEffect(() => {
    if (tries === 0) return;
    audio.current
      ?.play()
      .then(() => onRefused(false))
      .catch(() => {});
  }, [tries, onRefused]);
  return <audio ref={audio} aria-label={label} autoPlay />;
}
