/** What is behind oneself in a picture. */
export const backgroundWords = {
  title: 'Background',
  open: 'Background',
  label: 'What the others see behind you',
  none: 'My room',
  blur: 'Blur',
  picture: { room: 'Living room', hills: 'Hills', evening: 'Evening', own: 'My picture' },
  add: 'Choose a picture',
  change: 'Choose another picture',
  addHint: 'It stays in this browser; the others see it behind you.',
  hint: {
    off: 'It’s done on this device. If the device can’t keep up, your room is shown again, and you’re told.',
    starting: 'Getting ready. Until then your picture isn’t sent.',
    on: 'It’s done on this device. Edges aren’t perfect: don’t rely on it for what must not be seen.',
    failed: 'It couldn’t start on this device, so your room is shown.',
    too_slow: 'This device couldn’t keep up, so your room is shown.',
    unsupported: 'This browser can’t change what’s behind you. Chrome and Edge can.',
  },
  tryAgain: 'Try again',
};
