import { useEffect } from 'react';
import { useModel } from '../../components/store.tsx';
import { notifyOf, ringingFor } from './notification.ts';

/** The system's notification for a call that comes in while nobody looks at this page. */
export function useNotification(): void {
  const ringing = useModel(ringingFor);
  useEffect(() => (ringing === null ? undefined : notifyOf(ringing, window)), [ringing]);
}
