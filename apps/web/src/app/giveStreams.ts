import type { DeviceView } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Model } from '../model/model.ts';
import { picturesOf } from './pictures.ts';

/** What is being set up is drawn later; the element that is to show it can have it now: that draws nothing. */
export function giveStreams(store: StoreApi<Model>, { calls: live }: DeviceView): void {
  const { calls } = store.getState();
  const given = calls.map((shown) => {
    const voice = live.find(({ call }) => call.key === shown.key)?.media?.remoteStream ?? null;
    return voice === null || voice === shown.remote.voice
      ? shown
      : { ...shown, remote: { ...shown.remote, stream: picturesOf(voice), voice } };
  });
  if (given.some((shown, index) => shown !== calls[index])) store.setState({ calls: given });
}
