import type { StoreApi } from 'zustand/vanilla';
import type { Actions, CallView, Model } from '../model/model.ts';
import { goodStatistics } from './statistics.ts';
import { personStream } from './streams.ts';

const nothing = (): void => {};

/** Enough of the actions to feel the screens; nobody is called. */
export function createGalleryActions(store: StoreApi<Model>): Actions {
  const change = (key: string, next: (call: CallView) => CallView): void =>
    store.setState((model) => ({ calls: model.calls.map((call) => (call.key === key ? next(call) : call)) }));
  const remove = (key: string): void =>
    store.setState((model) => ({ calls: model.calls.filter((call) => call.key !== key) }));
  const finish = (
    key: string,
    reason: 'hangup' | 'cancelled' | 'declined',
    durationMs: number | null,
  ): void => change(key, (call) => ({ ...call, phase: { name: 'ended', reason, durationMs, by: null } }));

  return {
    continueAs: nothing,
    signOut: nothing,
    useHere: nothing,
    retry: nothing,
    call: nothing,
    cancel: (key) => finish(key, 'cancelled', null),
    answer: (key) =>
      change(key, (call) => ({
        ...call,
        phase: { name: 'connected', connectedAt: Date.now() },
        path: 'direct',
      })),
    decline: (key) => finish(key, 'declined', null),
    end: (key) => finish(key, 'hangup', 185_000),
    hold: (key) => change(key, (call) => ({ ...call, phase: { name: 'held', connectedAt: Date.now() } })),
    resume: (key) =>
      change(key, (call) => ({ ...call, phase: { name: 'connected', connectedAt: Date.now() } })),
    dismiss: remove,
    setMuted: (key, muted) => change(key, (call) => ({ ...call, local: { ...call.local, muted } })),
    setCamera: (key, camera) => change(key, (call) => ({ ...call, local: { ...call.local, camera } })),
    openDetails: (key) => store.setState({ details: { key, statistics: goodStatistics } }),
    closeDetails: () => store.setState({ details: null }),
    copyDetails: nothing,
    chooseCamera: (cameraId) => store.setState(({ media }) => ({ media: { ...media, cameraId } })),
    chooseMicrophone: (microphoneId) =>
      store.setState(({ media }) => ({ media: { ...media, microphoneId } })),
    chooseSpeaker: (speakerId) => store.setState(({ media }) => ({ media: { ...media, speakerId } })),
    openPreview: () => store.setState({ preview: { stream: personStream(0), level: 0.4, problem: null } }),
    closePreview: () => store.setState({ preview: null }),
    loadMoreRecents: nothing,
    markRecentsSeen: () => store.setState({ missedUnseen: 0 }),
    deleteRecent: nothing,
    setFavourite: nothing,
    setBlocked: nothing,
    renameDevice: nothing,
    removeDevice: nothing,
    changeSettings: nothing,
    changePreferences: (change) =>
      store.setState(({ preferences }) => ({ preferences: { ...preferences, ...change } })),
    allowNotifications: nothing,
    dismissNotice: (id) =>
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
}
