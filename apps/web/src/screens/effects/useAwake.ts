import { useEffect } from 'react';
import { useModel } from '../../components/store.tsx';
import type { CallView } from '../../model/model.ts';
import { isLive } from '../call/scene.ts';
import { keepAwake } from './keepAwake.ts';

const isGoing = (call: CallView): boolean => isLive(call) && call.phase.name !== 'incoming';

/** Whether there is anything to look at: a call of voices may go on behind a dark screen. */
export const hasPictures = ({ callType, local, remote, group }: CallView): boolean =>
  callType === 'video' ||
  local.camera ||
  remote.camera ||
  (group?.tiles.some((tile) => tile.hasVideo) ?? false) ||
  (group?.screens.length ?? 0) > 0;

/** While a call goes on, closing the tab asks once; while there are pictures in it, the screen stays on. */
export function useAwake(): void {
  const going = useModel((model) => model.calls.some(isGoing));
  const watched = useModel((model) => model.calls.some((call) => isGoing(call) && hasPictures(call)));
  useEffect(() => {
    if (!going) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [going]);

  useEffect(() => {
    if (!watched || !('wakeLock' in navigator)) return undefined;
    return keepAwake({ document, wakeLock: navigator.wakeLock });
  }, [watched]);
}
