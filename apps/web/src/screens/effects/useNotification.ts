import { useEffect } from 'react';
import { useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

/** The system's notification for a call that comes in while nobody looks at this page. */
export function useNotification(): void {
  const ringing = useModel((model) => {
    const call = model.calls.find((call) => call.phase.name === 'incoming');
    return call === undefined || model.preferences.notifications !== 'granted'
      ? null
      : {
          key: call.key,
          name: call.group?.title ?? call.person.name,
          callType: call.callType,
          avatarUrl: call.person.avatarUrl,
        };
  });
  useEffect(() => {
    if (ringing === null || document.visibilityState === 'visible') return undefined;
    let notification: Notification | null = null;
    try {
      notification = new Notification(ringing.name, {
        body: words.incoming.notification(ringing.callType),
        icon: ringing.avatarUrl ?? '/icon-192.png',
        tag: ringing.key,
        requireInteraction: true,
      });
      notification.addEventListener('click', () => {
        window.focus();
        notification?.close();
      });
    } catch {
      // Some phones allow notifications only from a service worker: the ringtone has to do there.
    }
    return () => notification?.close();
  }, [ringing]);
}
