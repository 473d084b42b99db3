import { describe, expect, test } from 'vitest';
import { isCode, listFiles, readText, withoutComments } from './sourceTree.ts';

/** What brings sound into Web Audio, or takes it out of an element. What goes that way is lost to echo cancellation. */
const INTO_WEB_AUDIO =
  /\.createMediaStream(?:Track)?Source\b|\.createMediaElementSource\b|\bMediaStreamTrackProcessor\b|\.captureStream\b|\bMediaStreamAudioSourceNode\b|\bMediaElementAudioSourceNode\b/;

/** They are given microphones of this device, never what others send. */
const OF_MICROPHONES = [
  'packages/client/src/media/denoise/graph.ts',
  'packages/client/src/media/levels/levelMeter.ts',
];

/** It is given cameras of this device. */
const OF_CAMERAS = ['packages/client/src/media/background/graph.ts'];

const sources = listFiles().filter((path) => isCode(path) && /^(packages|apps)\/[^/]+\/src\//.test(path));
const users = (pattern: RegExp, among = sources): string[] =>
  among.filter((path) => pattern.test(withoutComments(readText(path)))).toSorted();

describe('what others send is played by media elements, which echo cancellation knows of', () => {
  test('nothing but meters and noise suppression of the own microphone is in Web Audio', () => {
    const product = sources.filter((path) => !path.startsWith('apps/web/src/gallery/'));
    expect(users(INTO_WEB_AUDIO, product)).toEqual([...OF_CAMERAS, ...OF_MICROPHONES]);
  });

  test('meters and noise suppression are made for what a capture gives, and nothing else', () => {
    expect(users(/\bcreateLevelMeter\b/)).toEqual([
      'apps/web/src/app/checkWork.ts',
      'apps/web/src/app/preview.ts',
      'apps/web/src/app/signedIn.ts',
      'packages/client/src/check/devices.ts',
      'packages/client/src/device/callMedia.ts',
      'packages/client/src/device/callMediaTypes.ts',
      'packages/client/src/device/types.ts',
      'packages/client/src/media/index.ts',
      'packages/client/src/media/levels/levelMeter.ts',
    ]);
    expect(users(/\b[oO]penDenoiseGraph\b/)).toEqual([
      'apps/web/src/app/signedIn.ts',
      'packages/client/src/media/capture/capture.ts',
      'packages/client/src/media/capture/types.ts',
      'packages/client/src/media/denoise/graph.ts',
      'packages/client/src/media/denoise/strongNoise.ts',
    ]);
  });

  test('a voice of a call is given to an element with its speaker and its volume', () => {
    const sound = withoutComments(readText('apps/web/src/screens/call/Sound.tsx'));
    expect(sound).toMatch(/<audio /);
    expect(sound).toMatch(/\.setSinkId\(/);
    expect(sound).toMatch(/\.volume = volume/);
  });
});

test.each([
  'context.createMediaStreamSource(stream)',
  'context.createMediaElementSource(audio)',
  'new MediaStreamAudioSourceNode(context, { mediaStream })',
  'audio.captureStream()',
])('%s is noticed', (code) => {
  expect(INTO_WEB_AUDIO.test(code)).toBe(true);
});
