import type { CallView, Model } from '../../model/model.ts';
import { words } from '../../words/index.ts';

/** A call that comes in, as the system is to show it. */
export interface RingingCall {
  readonly key: string;
  readonly name: string;
  readonly callType: CallView['callType'];
  readonly avatarUrl: string | null;
  /** It rings without a sound, so the system makes none either. */
  readonly silent: boolean;
}

/** What a notification needs of the page. */
export interface NotifyingPage {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly Notification: new (title: string, options: NotificationOptions) => EventTarget & { close(): void };
  focus(): void;
}

/** Who rings, where this person has allowed notifications; else null. */
export function ringingFor({ calls, preferences }: Pick<Model, 'calls' | 'preferences'>): RingingCall | null {
  if (preferences.notifications !== 'granted') return null;
  for (const { key, phase, group, person, callType } of calls) {
    if (phase.name !== 'incoming') continue;
    const { avatarUrl } = person;
    return { key, name: group?.title ?? person.name, callType, avatarUrl, silent: phase.silent };
  }
  return null;
}

/** Shows the call by a notification of the system for as long as nobody looks at the page. @returns ends that */
export function notifyOf(ringing: RingingCall, page: NotifyingPage): () => void {
  let notification: ReturnType<typeof open> = null;
  const open = () => {
    try {
      const opened = new page.Notification(ringing.name, {
        body: words.incoming.notification(ringing.callType),
        icon: ringing.avatarUrl ?? '/icon-192.png',
        tag: ringing.key,
        requireInteraction: true,
        silent: ringing.silent,
      });
      opened.addEventListener('click', () => {
        page.focus();
        opened.close();
      });
      return opened;
    } catch {
      // Some phones allow notifications only from a service worker: the ringtone has to do there.
      return null;
    }
  };
  const handleVisibility = (): void => {
    if (page.document.visibilityState === 'hidden') {
      notification ??= open();
    } else {
      notification?.close();
      notification = null;
    }
  };
  page.document.addEventListener('visibilitychange', handleVisibility);
  handleVisibility();
  return () => {
    page.document.removeEventListener('visibilitychange', handleVisibility);
    notification?.close();
  };
}
