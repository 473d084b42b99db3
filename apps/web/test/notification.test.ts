import { describe, expect, test } from 'vitest';
import type { Preferences } from '../src/model/preferences.ts';
import type { Model } from '../src/model/model.ts';
import { notifyOf, ringingFor, type NotifyingPage } from '../src/screens/effects/notification.ts';
import { call, connected, rings } from './calls.ts';

const model = (notifications: Preferences['notifications'], ...calls: Model['calls']) => ({
  calls,
  preferences: { notifications } as Preferences,
});

describe('who rings', () => {
  test('is told to those who allow it, whatever else goes on', () => {
    const calls = [call('first', connected), call('second', rings, { callType: 'audio' })];
    expect(ringingFor(model('granted', ...calls))).toEqual({
      key: 'second',
      name: 'Ben Whitaker',
      callType: 'audio',
      avatarUrl: null,
      silent: false,
    });
    for (const refused of ['unasked', 'denied', 'unsupported'] as const)
      expect(ringingFor(model(refused, ...calls))).toBeNull();
    expect(ringingFor(model('granted', call('first', connected)))).toBeNull();
  });

  test('without a sound makes none in the system either', () => {
    const quiet = call('quiet', { name: 'incoming', silent: true, waiting: false });
    expect(ringingFor(model('granted', quiet))?.silent).toBe(true);
  });
});

/** A page with the system's notifications, which are counted. */
function createPage(refuses = false) {
  const document: EventTarget & { visibilityState: DocumentVisibilityState } = Object.assign(
    new EventTarget(),
    {
      visibilityState: 'hidden' as const,
    },
  );
  const shown: { title: string; options: NotificationOptions; closed: boolean; press: () => void }[] = [];
  let focused = 0;
  class SystemNotification extends EventTarget {
    readonly #entry;
    constructor(title: string, options: NotificationOptions) {
      super();
      if (refuses) throw new TypeError('Illegal constructor');
      this.#entry = { title, options, closed: false, press: () => this.dispatchEvent(new Event('click')) };
      shown.push(this.#entry);
    }
    close(): void {
      this.#entry.closed = true;
    }
  }
  const page: NotifyingPage = {
    document,
    Notification: SystemNotification,
    focus: () => {
      focused += 1;
    },
  };
  return {
    page,
    shown,
    open: () => shown.filter(({ closed }) => !closed).length,
    focused: () => focused,
    show: (state: DocumentVisibilityState) => {
      document.visibilityState = state;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  };
}
const ben = {
  key: 'call',
  name: 'Ben Whitaker',
  callType: 'video',
  avatarUrl: '/ben.svg',
  silent: true,
} as const;

describe('the notification of a call', () => {
  test('says who and what, stays until it is dealt with, and goes when it rings no more', () => {
    const { page, shown, open } = createPage();
    const stop = notifyOf(ben, page);
    expect(shown).toMatchObject([
      {
        title: 'Ben Whitaker',
        options: { icon: '/ben.svg', tag: 'call', requireInteraction: true, silent: true },
      },
    ]);
    expect(shown[0]?.options.body).toMatch(/video call/i);
    stop();
    expect(open()).toBe(0);
  });

  test('is there while nobody looks at the page, whenever that begins, and no longer', () => {
    const { page, shown, open, show } = createPage();
    show('visible');
    const stop = notifyOf(ben, page);
    expect(shown).toEqual([]);
    show('hidden');
    show('hidden');
    expect(shown).toHaveLength(1);
    show('visible');
    expect(open()).toBe(0);
    stop();
    show('hidden');
    expect(open()).toBe(0);
  });

  test('pressed, it leads to the page', () => {
    const { page, shown, open, focused } = createPage();
    notifyOf(ben, page);
    shown[0]?.press();
    expect([focused(), open()]).toEqual([1, 0]);
  });

  test('where the system wants none from a page, the call rings all the same', () => {
    const { page, show } = createPage(true);
    const stop = notifyOf(ben, page);
    show('visible');
    expect(stop).not.toThrow();
  });
});
