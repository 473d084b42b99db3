import {
  createApi,
  createCapture,
  createDevice,
  canShareScreen,
  denoiseGraphs,
  createDirectMedia,
  openSeal,
  createForwardedMedia,
  createLevelMeter,
  createLink,
  loadCallMedia,
  openBrowserSocket,
  openScreen,
  prepareForwardedMedia,
  realTimers,
  signalingUrl,
  watchWakeUps,
  type Api,
  type Capture,
  type Device,
  type DeviceView,
  type Guest,
} from '@visavis/client';
import type { Me } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import { isRelayOnly } from '../model/hiding.ts';
import type { Model } from '../model/model.ts';
import { endsQuietly, toCallViews } from './callView.ts';
import { backgroundOptions } from './background.ts';
import { createCheck, type CheckControl } from './check.ts';
import { createComparison, type ComparisonControl } from './comparison.ts';
import { createCallLinks, type CallLinks } from './callLinks.ts';
import { createDetails, type DetailsControl } from './details.ts';
import { giveStreams } from './giveStreams.ts';
import { createGroupCalls, type GroupCalls } from './groupCalls.ts';
import { isHintDismissed } from './identityActions.ts';
import { createIdentityTasks, type IdentityTasks } from './identityTasks.ts';
import { createLibrary, type Library } from './library.ts';
import type { Notices } from './notices.ts';
import { nameGuest } from './linkStore.ts';
import { readPreferences } from './preferences.ts';
import { createMoves, type Moves } from './moves.ts';
import { nextTask } from './nextTask.ts';
import { createOwnIdentity } from './ownIdentity.ts';
import { createPreview, type PreviewControl } from './preview.ts';
import { createStandings, type Standings } from './standings.ts';
import { DENOISE_FILES, withMusic } from './sound.ts';
import { createWindowMemory } from './windowMemory.ts';

/** Levels and breaks in the connection are looked at this often during a call. */
const WATCH_MS = 120;

/**
 * Drawing waits for a call's first picture no longer than this. Longer: over a slow network nothing seems to happen;
 * shorter: on a slow machine the screen is drawn while the first picture is being encoded and decoded.
 */
const DRAW_WITHIN_MS = 800;
const LOOK_AGAIN_MS = 20;
/** Several changes of the history in this time are one look at it. */
const REFRESH_AFTER_MS = 700;

const isSettingUp = ({ settingUpSinceAt }: DeviceView): boolean =>
  settingUpSinceAt !== null && Date.now() - settingUpSinceAt < DRAW_WITHIN_MS;

/** Everything that exists between signing in and signing out. */
export interface SignedIn {
  readonly api: Api;
  readonly device: Device;
  readonly capture: Capture;
  readonly library: Library;
  readonly preview: PreviewControl;
  readonly check: CheckControl;
  readonly details: DetailsControl;
  readonly standings: Standings;
  readonly comparison: ComparisonControl;
  readonly groups: GroupCalls;
  readonly identityTasks: IdentityTasks;
  readonly links: CallLinks;
  readonly moves: Moves;
  reloadMe(): void;
  close(): void;
}

export interface SignedInOptions {
  readonly me: Me;
  /** What a guest came with; null: it is none, or that is not known any more. */
  readonly guest: Guest | null;
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
  /** The server does not know this device any more, or another window has it. */
  readonly onGone: (reason: 'unauthenticated' | 'replaced') => void;
}

export function openSignedIn(options: SignedInOptions): SignedIn {
  const { me, guest, store, notices } = options;
  const { deviceId } = me.device;
  const api = createApi({ fetch: (path, init) => fetch(path, init), deviceId });
  const library = createLibrary(
    api,
    store,
    () => notices.show('saving_failed'),
    () => options.onGone('unauthenticated'),
  );
  const { quality, sound, ...chosen } = readPreferences(localStorage);
  const capture = createCapture({
    chosen,
    sound,
    openDenoiseGraph: denoiseGraphs(DENOISE_FILES),
    ...backgroundOptions(),
    onNotice: (notice) => {
      if (notice.type === 'changed') notices.show(`${notice.device}_changed`, notice.label);
      else if (notice.type !== 'available') notices.show(notice.type);
    },
  });
  const ownIdentity = createOwnIdentity(api, me, (ownIdentity) => {
    if (closed) return;
    store.setState({ ownIdentity });
    identityTasks.refresh();
  });
  const identityTasks = createIdentityTasks({
    own: { userId: me.user.userId, deviceId },
    api,
    device: () => device,
    identity: ownIdentity,
    store,
  });
  const hintDismissed = isHintDismissed(localStorage, deviceId);
  store.setState(({ identity }) => ({ identity: { ...identity, hintDismissed } }));
  const onFailed = (): void => notices.show('saving_failed');
  const standings = createStandings({ store, ownIdentity, onFailed });
  const comparison = createComparison({ store, ownIdentity, isGuest: me.guest, onFailed });
  const preview = createPreview(capture, publishPreview);
  const check = createCheck({ store, capture, deviceId });
  const details = createDetails(
    () => device,
    () => {
      if (!closed) store.setState({ details: details.read() });
    },
  );
  const groups = createGroupCalls({
    store,
    notices,
    device: () => device,
    me: () => {
      const { account } = store.getState();
      return account.state === 'signed_in' ? account.me.user : me.user;
    },
    onChange: publish,
  });
  const moves = createMoves({ api, device: () => device, store, notices });
  const links = createCallLinks({
    api,
    userId: me.user.userId,
    device: () => device,
    shown: groups.shown,
    onChange: publish,
  });
  let closed = false;
  let waits = false;
  let cancelWatch: (() => void) | null = null;
  let cancelRefresh: (() => void) | null = null;

  const device: Device = createDevice({
    deviceId,
    guestKey: guest?.guestKey ?? null,
    openLink: (handlers) =>
      createLink({
        url: signalingUrl(location, deviceId),
        deviceId,
        openSocket: openBrowserSocket,
        timers: realTimers,
        random: Math.random,
        makeId: () => crypto.randomUUID(),
        handlers,
      }),
    openSeal: (handlers) =>
      openSeal(
        { userId: me.user.userId, deviceId, guest: guest?.pass ?? null },
        ownIdentity.opened,
        handlers,
      ),
    createMedia: createDirectMedia,
    createForwardedMedia,
    prepareForwardedMedia,
    openScreen,
    canShareScreen: canShareScreen(),
    onGroupNotice: (notice) => groups.handleNotice(notice),
    ...createWindowMemory(sessionStorage),
    createLevelMeter: (track) => createLevelMeter(new MediaStream([track])),
    capture,
    loadIceServers,
    async loadEnd(callId) {
      const result = await api.callDetails(callId);
      if (!result.ok || result.value.endReason === null) return null;
      return { reason: result.value.endReason, durationMs: result.value.entry.durationMs };
    },
    saveQuality(callId, quality) {
      // Guests have no history. What does not arrive is of no use to anybody, and nobody is told.
      if (!me.guest) void api.saveQuality(callId, quality);
    },
    timers: realTimers,
    makeId: () => crypto.randomUUID(),
    policy: {
      get relayOnly() {
        return isRelayOnly(store.getState());
      },
    },
    onChange: publish,
    onNotice(notice) {
      switch (notice.type) {
        case 'presence':
          return library.setPresence(notice.payload.userId, notice.payload.presence);
        case 'history_changed':
          store.setState({ missedUnseen: notice.payload.missedUnseen });
          refreshRecentsSoon();
          return;
        case 'group_calls':
          return store.setState({ groupCalls: notice.payload });
        case 'groups_changed':
          return library.loadGroups();
        case 'approval':
          return identityTasks.hear(notice.payload);
        case 'own_calls_changed':
        case 'move_offered':
        case 'move_over':
          return moves.hear(notice);
        case 'profile_changed': {
          const { identityOf } = notice.payload;
          if (identityOf !== undefined && identityOf !== me.user.userId) {
            standings.handleReplaced(identityOf);
            return comparison.handleReplaced(identityOf);
          }
          reloadMe();
          ownIdentity.refresh();
          library.loadContacts();
          return library.loadDevices();
        }
      }
    },
    onRegistered() {
      ownIdentity.reach();
      if (me.guest) return;
      library.loadAll();
      moves.refresh();
      // Another device of this person may have changed the settings meanwhile.
      reloadMe();
    },
  });

  device.setQuality(withMusic(quality, sound));

  /** The list can wait: it changes at the very moments when a call is being connected. */
  function refreshRecentsSoon(): void {
    cancelRefresh ??= realTimers.after(REFRESH_AFTER_MS, () => {
      cancelRefresh = null;
      if (!closed) library.refreshRecents();
    });
  }

  async function loadIceServers(): Promise<readonly RTCIceServer[]> {
    const result = await api.turnCredentials();
    return result.ok ? result.value.iceServers : [];
  }

  /**
   * Shows what has changed, in a task of its own: what the calls do first, answering an offer say, does not wait until
   * screens are drawn, and several changes are drawn once.
   */
  function publish(): void {
    if (waits || closed) return;
    waits = true;
    nextTask(publishNow);
  }

  function publishNow(): void {
    const view = device.getView();
    const holds = !closed && isSettingUp(view);
    // Styles stand still meanwhile: each frame of an animation costs a small machine as much as one of the call.
    document.documentElement.toggleAttribute('data-setting-up', holds);
    if (store.getState().settingUp !== holds) store.setState({ settingUp: holds });
    if (holds) {
      giveStreams(store, view);
      realTimers.after(LOOK_AGAIN_MS, publishNow);
      return;
    }
    waits = false;
    if (closed) return;
    if (view.link.name === 'ended') {
      if (view.link.reason === 'unauthenticated' || view.link.reason === 'replaced')
        options.onGone(view.link.reason);
      if (view.link.reason === 'unsupported_version') location.reload();
      return;
    }
    for (const { call } of view.calls) {
      if (call.phase !== 'ended') continue;
      if (call.reason === 'failed_to_start' && call.code === 'ALREADY_DIALING')
        notices.show('already_dialing');
    }
    moves.follow(view);
    const quiet = view.calls.find(({ call }) => endsQuietly(call));
    if (quiet !== undefined) return device.dismiss(quiet.call.key);
    const connection: Model['connection'] =
      view.link.name === 'registered'
        ? { state: 'online' }
        : view.link.name === 'waiting'
          ? { state: 'offline', sinceAt: view.link.sinceAt }
          : { state: 'connecting' };
    if (connection.state === 'online') loadCallMedia();
    const groupViews = groups.toViews(view);
    groups.follow(view, groupViews);
    links.follow(view);
    const calls = toCallViews(view, {
      groups: groupViews,
      deviceId,
      levels: (key) => device.getLevels(key),
      volume: (key, userId) => groups.shown.read(key).volumes[userId] ?? 1,
      now: Date.now(),
    });
    store.setState({ connection, calls });
    if (!me.guest) standings.followCalls(calls);
    details.follow();
    if (details.read() === null && store.getState().details !== null) store.setState({ details: null });
    watch();
  }

  /** Levels and the time since a break change without anybody telling; nobody watches while there is no call. */
  function watch(): void {
    const live = store
      .getState()
      .calls.some(({ phase }) => phase.name !== 'ended' && phase.name !== 'incoming');
    const wanted = live || preview.read() !== null;
    if (!wanted) {
      cancelWatch?.();
      cancelWatch = null;
    } else {
      cancelWatch ??= realTimers.after(WATCH_MS, () => {
        cancelWatch = null;
        publishPreview();
        publish();
      });
    }
  }

  function publishPreview(): void {
    if (closed) return;
    store.setState({ preview: preview.read() });
    watch();
  }

  const publishDevices = (): void => store.setState({ media: capture.getState() });
  const unsubscribeCapture = capture.subscribe(publishDevices);
  publishDevices();
  publish();

  function reloadMe(): void {
    void api.me().then((result) => {
      if (closed) return;
      if (result.ok) store.setState({ account: { state: 'signed_in', me: nameGuest(result.value, guest) } });
      else if (result.code === 'UNAUTHENTICATED') options.onGone('unauthenticated');
    });
  }

  const stopWakeUps = watchWakeUps(() => device.checkConnection());

  return {
    api,
    device,
    capture,
    library,
    preview,
    check,
    details,
    standings,
    comparison,
    groups,
    identityTasks,
    links,
    moves,
    reloadMe,
    close() {
      identityTasks.close();
      closed = true;
      details.stop();
      standings.stop();
      comparison.close();
      links.close();
      moves.close();
      cancelWatch?.();
      cancelRefresh?.();
      stopWakeUps();
      unsubscribeCapture();
      preview.close();
      check.close();
      device.close();
      capture.close();
    },
  };
}
