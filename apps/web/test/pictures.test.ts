import { expect, test } from 'vitest';
import { picturesOf } from '../src/app/pictures.ts';
import { fakeStreams, stream } from './fakeStream.ts';

fakeStreams();

test('the pictures of a stream are one stream without sound, and follow it', () => {
  const [voice, camera, other] = [{ kind: 'audio' }, { kind: 'video' }, { kind: 'video' }];
  const whole = stream('ben', [voice, camera]);
  const pictures = picturesOf(whole);
  expect(pictures.getTracks()).toEqual([camera]);
  whole.removeTrack(camera as MediaStreamTrack);
  whole.addTrack(other as MediaStreamTrack);
  expect(picturesOf(whole)).toBe(pictures);
  expect(pictures.getTracks()).toEqual([other]);
  whole.removeTrack(other as MediaStreamTrack);
  expect(picturesOf(whole).getTracks()).toEqual([]);
  expect(picturesOf(stream('cleo'))).not.toBe(pictures);
});
