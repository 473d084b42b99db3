/** How the own voice is heard, and what is wrong with the microphone. */
export const soundWords = {
  title: 'Sound',
  open: 'Sound settings',
  mode: 'What the others hear',
  modeChoice: { voice: 'Standard', strong: 'Voice only', music: 'Music' },
  modeHint: {
    voice: 'Your browser takes out echo and steady noise.',
    strong: 'This device takes out everything that isn’t a voice: keyboards, fans, the street.',
    music:
      'Nothing is taken out, and the sound is richer. Use headphones, or the others hear themselves come back.',
  },
  strongStarting: 'Getting ready. You’re heard as before.',
  strongFailed: 'It couldn’t start on this device, so you’re heard as in Standard.',
  strongUnsupported: 'This browser can’t take everything but your voice out.',
  tryAgain: 'Try again',
  echoCancellation: 'Echo cancellation',
  echoCancellationHint: 'Without it, use headphones, or the others hear themselves come back.',
  noiseSuppression: 'Noise suppression',
  noiseSuppressionHint: 'Takes out steady noise, such as a fan.',
  gainControl: 'Even volume',
  gainControlHint: 'Turns you up when you speak softly, and down when you’re loud.',
  volumeOf: (name: string): string => `Volume of ${name}`,
  volume: 'Volume',
  kept: 'Volumes of people',
  keptHint: (count: number): string =>
    `This device remembers how loud you hear ${count === 1 ? 'one person' : `${count} people`}.`,
  forget: 'Forget',
  hint: {
    talks_muted: 'You’re muted. Nobody hears you.',
    no_signal: 'No sound comes from your microphone. Is it switched off, or is it the wrong one?',
    noisy: 'It’s loud around you.',
  },
  hintAction: { talks_muted: 'Unmute', no_signal: 'Choose', noisy: 'Voice only' },
};
