import { useEffect } from 'react';
import { useModel } from '../../components/store.tsx';
import { isLive } from '../call/scene.ts';

/** While a call goes on: the screen stays on, and closing the tab asks once. */
export function useAwake(): void {
  const going = useModel((model) =>
    model.calls.some((call) => isLive(call) && call.phase.name !== 'incoming'),
  );
  useEffect(() => {
    if (!going) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [going]);

  useEffect(() => {
    if (!going || !('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      // Refused when the battery is low; the call goes on all the same.
      const taken = await navigator.wakeLock.request('screen').catch(() => null);
      if (over) await taken?.release();
      else lock = taken;
    };
    const again = (): void => void hold();
    again();
    document.addEventListener('visibilitychange', again);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', again);
      void lock?.release();
    };
  }, [going]);
}
