import type { DeviceView } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Model } from '../model/model.ts';

/** What is being set up is drawn later; the element that is to show it can have it now: that draws nothing. */
export function giveStreams(store: StoreApi<Model>, { calls: live }: DeviceView): void {
  const { calls } = store.getState();
  const given = calls.map((shown) => {
    const stream = live.find(({ call }) => call.key === shown.key)?.media?.remoteStream ?? null;
    return stream === null || stream === shown.remote.stream
      ? shown
      : { ...shown, remote: { ...shown.remote, stream } };
  });
  if (given.some((shown, index) => shown !== calls[index])) store.setState({ calls: given });
}
