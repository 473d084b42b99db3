import { anonymousStatistics } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Actions, Model } from '../model/model.ts';
import { OWN_PICTURE } from '../model/backgrounds.ts';
import { hidingOf } from '../model/hiding.ts';
import { keepOwnBackground } from './background.ts';
import type { Account } from './application.ts';
import { createIdentityActions } from './identityActions.ts';
import { createGroupActions } from './groupActions.ts';
import type { Notices } from './notices.ts';
import { readNotifications, writePreferences } from './preferences.ts';
import { withMusic } from './sound.ts';

interface ActionParts {
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
  readonly account: Account;
}

/** What a person can do, carried out by whatever is open at the moment; nothing happens when nobody is signed in. */
export function createActions({ store, notices, account }: ActionParts): Actions {
  const device = () => account.current()?.device;
  const library = () => account.current()?.library;
  const capture = () => account.current()?.capture ?? account.linkPage()?.capture;
  const preview = () => account.current()?.preview ?? account.linkPage()?.preview;

  const personOf = (userId: string) => {
    const { contacts, recents } = store.getState();
    const contact =
      contacts.state === 'ready' ? contacts.value.find(({ user }) => user.userId === userId) : undefined;
    if (contact !== undefined) return contact.user;
    const entries = recents.state === 'ready' ? recents.value.entries : [];
    return entries.find(({ peer }) => peer.userId === userId)?.peer;
  };

  /** NEG5: a call that could connect in no way is not begun. */
  const lacksRelay = (): boolean => {
    if (hidingOf(store.getState()) !== 'on_without_relay') return false;
    notices.show('no_relay');
    return true;
  };

  return {
    ...createGroupActions({ store, notices, account, personOf }),
    ...createIdentityActions({ store, notices, account }),
    continueAs: (userId) => account.continueAs(userId),
    signOut: () => account.signOut(),
    useHere: () => account.useHere(),
    retry: () => account.start(),

    call(userId, callType) {
      if (lacksRelay()) return;
      const person = personOf(userId);
      if (person === undefined) return notices.show('call_failed');
      for (const { key, phase } of store.getState().calls) if (phase.name === 'ended') device()?.dismiss(key);
      device()?.dial(person, callType);
    },
    cancel: (key) => device()?.hangUp(key),
    answer(key, media, others = 'hold') {
      if (!lacksRelay()) device()?.answer(key, media, others);
    },
    decline: (key) => device()?.hangUp(key),
    end: (key) => device()?.hangUp(key),
    hold: (key) => device()?.hold(key),
    resume: (key) => device()?.resume(key),
    dismiss: (key) => device()?.dismiss(key),
    seePicture: (key) => device()?.seePicture(key),
    setMuted: (key, muted) => device()?.setMuted(key, muted),
    setCamera: (key, on) => device()?.setCamera(key, on),
    hidePictures: (key, hidden) => device()?.hidePictures(key, hidden),
    audioOnly(key) {
      device()?.setCamera(key, false);
      device()?.hidePictures(key, true);
    },

    allowDevice: (key, deviceId) => device()?.allowDevice(key, deviceId),
    openDetails: (key) => account.current()?.details.open(key),
    closeDetails: () => account.current()?.details.close(),
    copyDetails() {
      const { details, calls } = store.getState();
      if (details === null) return;
      const mark = calls.find(({ key }) => key === details.key)?.quality.mark ?? null;
      const about = { at: new Date(), browser: navigator.userAgent };
      const copy = async (): Promise<void> => {
        const [{ detailsWords }, report] = await Promise.all([
          // Loaded already: only the details offer this.
          import('../words/details.ts'),
          device()?.getStats(details.key),
        ]);
        const browserStatistics = report === undefined || report === null ? [] : anonymousStatistics(report);
        await navigator.clipboard.writeText(
          detailsWords.report({ ...details, mark, browserStatistics }, about),
        );
      };
      copy().then(
        () => notices.show('report_copied'),
        () => notices.show('copying_failed'),
      );
    },

    chooseCamera(id) {
      writePreferences(localStorage, { cameraId: id });
      capture()?.chooseCamera(id);
    },
    chooseMicrophone(id) {
      writePreferences(localStorage, { microphoneId: id });
      capture()?.chooseMicrophone(id);
    },
    chooseSpeaker(id) {
      writePreferences(localStorage, { speakerId: id });
      capture()?.chooseSpeaker(id);
    },
    testSpeaker() {
      const { speakerId } = store.getState().media;
      void import('./speakerTest.ts')
        .then(({ playOnSpeaker }) => playOnSpeaker(speakerId))
        .catch(() => false)
        .then((isPlayed) => {
          if (!isPlayed) notices.show('speaker_failed');
        });
    },
    openPreview: () => preview()?.open(),
    closePreview: () => preview()?.close(),
    openCheck: (callKey) => account.current()?.check.open(callKey),
    closeCheck: () => account.current()?.check.close(),

    lookUpPerson: (userId) => void account.current()?.standings.lookUp(userId),
    openComparison: (userId) => account.current()?.comparison.open(userId),
    closeComparison: () => account.current()?.comparison.close(),
    compareScanned: (data) => account.current()?.comparison.scanned(data),
    setVerified: (verified) => account.current()?.comparison.setVerified(verified),
    acceptIdentity: (userId) => void account.current()?.standings.accept(userId),

    loadMoreRecents: () => library()?.loadMoreRecents(),
    markRecentsSeen: () => library()?.markSeen(),
    deleteRecent: (callId) => library()?.deleteRecent(callId),
    setFavourite(userId, favourite) {
      const current = account.current();
      current?.library.changeContact(userId, { favourite }, () =>
        current.api.setFavourite(userId, favourite),
      );
    },
    setBlocked(userId, blocked) {
      const current = account.current();
      current?.library.changeContact(userId, { blocked }, () =>
        blocked ? current.api.block(userId) : current.api.unblock(userId),
      );
    },
    renameDevice(deviceId, name) {
      save(account.current()?.api.renameDevice(deviceId, name));
    },
    removeDevice(deviceId) {
      save(account.current()?.api.removeDevice(deviceId));
    },
    changeSettings(change) {
      const current = account.current();
      const before = store.getState().account;
      if (current === null || before.state !== 'signed_in') return;
      const me = { ...before.me, settings: { ...before.me.settings, ...change } };
      store.setState({ account: { state: 'signed_in', me } });
      void current.api.changeSettings(change).then((result) => {
        if (result.ok) return;
        store.setState({ account: before });
        notices.show('saving_failed');
      });
    },
    changePreferences(change) {
      writePreferences(localStorage, change);
      store.setState(({ preferences }) => ({ preferences: { ...preferences, ...change } }));
      if (change.sound !== undefined) capture()?.setSound(change.sound);
      if (change.background !== undefined) capture()?.setBackground(change.background);
      const { quality, sound } = store.getState().preferences;
      if (change.quality !== undefined || change.sound !== undefined)
        device()?.setQuality(withMusic(quality, sound));
    },
    chooseOwnBackground(file) {
      keepOwnBackground(file).then(
        () => {
          const background = { kind: 'picture', name: OWN_PICTURE } as const;
          writePreferences(localStorage, { background, ownBackground: true });
          store.setState(({ preferences }) => ({
            preferences: { ...preferences, background, ownBackground: true },
          }));
          // Another one of the same name may be there already.
          capture()?.setBackground({ kind: 'blur' });
          capture()?.setBackground(background);
        },
        () => notices.show('picture_unusable'),
      );
    },
    forgetVolumes: () => account.current()?.groups.volumes.forget(),
    allowNotifications() {
      if (typeof Notification === 'undefined') return;
      void Notification.requestPermission().then(() =>
        store.setState(({ preferences }) => ({
          preferences: { ...preferences, notifications: readNotifications() },
        })),
      );
    },
    moveHere: (callId) => account.current()?.moves.moveHere(callId),
    openMove: () => library()?.loadDevices(),
    offerMove: (...asked) => account.current()?.moves.offerMove(...asked),
    closeAskedMove: () => account.current()?.moves.closeAskedMove(),
    acceptMove: (token) => account.current()?.moves.acceptMove(token),
    declineMove: (token) => account.current()?.moves.declineMove(token),
    dismissNotice: (id) => notices.dismiss(id),
  };

  function save(saving: Promise<{ readonly ok: boolean }> | undefined): void {
    void saving?.then((result) => {
      if (!result.ok) notices.show('saving_failed');
      account.current()?.library.loadDevices();
      account.current()?.reloadMe();
    });
  }
}
