import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchWakeUps } from '../../src/signaling/index.ts';

class Connection extends EventTarget {
  type: string | undefined = 'wifi';
}

/** The browser's objects, as far as they are listened to. */
let page: EventTarget;
let view: EventTarget & { visibilityState: string };
let connection: Connection;
beforeEach(() => {
  page = new EventTarget();
  view = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  connection = new Connection();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', view);
  vi.stubGlobal('navigator', { connection });
});
afterEach(() => vi.unstubAllGlobals());

function watch() {
  const listener = vi.fn<() => void>();
  const stop = watchWakeUps(listener);
  return { listener, stop };
}

const fire = {
  online: () => page.dispatchEvent(new Event('online')),
  shown: () => view.dispatchEvent(new Event('visibilitychange')),
  'taken out of the cache': () =>
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
  'on another network': () => {
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
  },
} as const;

test.each(Object.entries(fire))(
  'SES4 %s: the link is looked at, until nobody wants to know',
  (_name, happen) => {
    const { listener, stop } = watch();
    happen();
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    connection.type = 'ethernet';
    happen();
    expect(listener).toHaveBeenCalledTimes(1);
  },
);

test('SES4 what says nothing of the network is no reason', () => {
  const { listener } = watch();
  // Estimates of speed change all the time.
  connection.dispatchEvent(new Event('change'));
  view.visibilityState = 'hidden';
  view.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  connection.type = 'none';
  connection.dispatchEvent(new Event('change'));
  expect(listener).not.toHaveBeenCalled();
});

test('SES4 browsers that say nothing of their network are watched all the same', () => {
  vi.stubGlobal('navigator', {});
  const { listener } = watch();
  fire.online();
  fire.shown();
  expect(listener).toHaveBeenCalledTimes(2);
});
