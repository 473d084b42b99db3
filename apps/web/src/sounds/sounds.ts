import { CAME, ENDED, JOINED, RINGBACK, RINGTONE, WAITING, WENT, type Phrase } from './phrases.ts';

/** Silences at once whatever it was given for. Calling it again does nothing. */
export type Stop = () => void;

export interface Sounds {
  /** The ringtone, over and over. */
  ring(): Stop;
  /** What a caller hears while it rings at the other end, over and over. */
  ringback(): Stop;
  /** A second call, while one is going on: quiet, over and over. */
  waiting(): Stop;
  /** `came` and `went` are other people of a group call. */
  play(name: 'joined' | 'ended' | 'came' | 'went'): void;
}

const FADE_S = 0.03;
const AHEAD_MS = 120;
/** An open context keeps the sound device awake, and takes a twentieth of a processor, for silence. */
const ASLEEP_AFTER_MS = 1_000;

/** Sounds made on the spot by Web Audio: nothing to load. Silent until the browser lets the page make sound. */
export function createSounds(): Sounds {
  let context: AudioContext | null = null;
  let playing = 0;
  let falling: ReturnType<typeof setTimeout> | undefined;

  const open = (): AudioContext | null => {
    clearTimeout(falling);
    context ??= typeof AudioContext === 'undefined' ? null : new AudioContext({ latencyHint: 'interactive' });
    // Refused until the person has pressed something on this page; the next sound tries again.
    if (context?.state === 'suspended') context.resume().catch(() => {});
    if (context !== null) playing += 1;
    return context;
  };

  const close = (out: AudioNode): void => {
    out.disconnect();
    playing -= 1;
    if (playing > 0) return;
    falling = setTimeout(() => context?.suspend().catch(() => {}), ASLEEP_AFTER_MS);
  };

  const loop = (phrase: Phrase): Stop => {
    const audio = open();
    if (audio === null) return () => {};
    const out = audio.createGain();
    out.gain.value = phrase.volume;
    out.connect(audio.destination);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const round = (): void => {
      if (stopped) return;
      // While the browser still refuses, ask again soon rather than lose a whole round.
      if (audio.state !== 'running') {
        audio.resume().catch(() => {});
        timer = setTimeout(round, 100);
        return;
      }
      sing(audio, out, phrase, audio.currentTime + AHEAD_MS / 1000);
      timer = setTimeout(round, phrase.everyMs);
    };
    round();
    return () => {
      if (stopped) return;
      stopped = true;
      clearTimeout(timer);
      out.gain.setTargetAtTime(0, audio.currentTime, FADE_S / 3);
      setTimeout(() => close(out), FADE_S * 4_000);
    };
  };

  const once = (phrase: Phrase): void => {
    const audio = open();
    if (audio === null) return;
    const out = audio.createGain();
    out.gain.value = phrase.volume;
    out.connect(audio.destination);
    sing(audio, out, phrase, audio.currentTime + 0.02);
    setTimeout(() => close(out), phrase.everyMs);
  };

  return {
    ring: () => loop(RINGTONE),
    ringback: () => loop(RINGBACK),
    waiting: () => loop(WAITING),
    play: (name) => once({ joined: JOINED, ended: ENDED, came: CAME, went: WENT }[name]),
  };
}

/** One round of a phrase: each note a sine with two quiet overtones, struck and left to ring out. */
function sing(audio: AudioContext, out: AudioNode, phrase: Phrase, from: number): void {
  for (const note of phrase.notes) {
    const start = from + note.atMs / 1000;
    const end = start + note.lengthMs / 1000;
    phrase.partials.forEach((partial, index) => {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = note.hertz * (index + 1) * (index === 0 ? 1 : 1.002);
      const peak = (note.loud ?? 1) * partial;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(peak, start + phrase.attackMs / 1000);
      // Overtones die away sooner, as in anything that is struck.
      gain.gain.setTargetAtTime(0, start + phrase.attackMs / 1000, (end - start) / (3 + index * 2));
      tone.connect(gain).connect(out);
      tone.start(start);
      tone.stop(end + 0.25);
    });
  }
}
