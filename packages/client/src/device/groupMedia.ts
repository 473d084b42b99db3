import { callIdOf, findByKey, type ClientCall, type DeviceCalls, type DeviceInput } from '@visavis/call';
import { isGroupCallId, type CallNotice, type MediaFlow } from '@visavis/protocol';
import {
  type DirectMedia,
  type ForwardedMedia,
  type ForwardedMediaOptions,
  type ForwardedMediaState,
  type LocalTracks,
  type MediaTile,
  type ScreenShare,
} from '../media/index.ts';
import type { ReceivingWishes, SendingLimits } from '../quality/index.ts';
import { createHandOver, type HandOver } from './handOver.ts';
import { createMoveWatch } from './moveWatch.ts';
import type { OwnDevicesView } from './ownDevices.ts';
import type { GroupTalk } from './groupTalk.ts';
import type { CallSeal, KeysEvent, SealFacts } from './seal.ts';
import type { DeviceGroupView, DeviceOptions, SealHandlers } from './types.ts';

export interface GroupMediaOptions extends Pick<
  DeviceOptions,
  | 'deviceId'
  | 'createForwardedMedia'
  | 'openSeal'
  | 'prepareForwardedMedia'
  | 'openScreen'
  | 'canShareScreen'
  | 'loadIceServers'
  | 'timers'
  | 'onChange'
> {
  readonly getState: () => DeviceCalls;
  readonly dispatch: (input: DeviceInput) => void;
  readonly request: ForwardedMediaOptions['request'];
  readonly talk: GroupTalk;
  /** Camera and microphone of a call as they are to be sent. */
  readonly tracksOf: (key: string) => LocalTracks;
  readonly qualityOf: (key: string) => {
    readonly wishes: ReceivingWishes;
    readonly limits: SendingLimits;
    readonly bufferMs: number | null;
  };
  readonly onFlow: (key: string) => void;
  readonly onSharingFailed: () => void;
  readonly isGuest: (key: string, ...seen: Parameters<SealHandlers['isGuest']>) => Promise<boolean>;
}

interface Group {
  forwarded: ForwardedMedia | null;
  seal: CallSeal | null;
  failures: number;
  handOver: HandOver | null;
  /** Closes the direct media that are still open; null: there are none. */
  closeDirect: (() => void) | null;
  screen: ScreenShare | null;
  isAsking: boolean;
  tiles: readonly MediaTile[] | null;
}

/** What the group calls of one device have open: forwarded media and shared screens. */
export interface GroupMedia {
  /** Whether forwarded media are open. */
  has(key: string): boolean;
  flowOf(key: string): MediaFlow | null;
  /** A group call is about to begin: makes ready what needs nothing of it. */
  prepare(key: string): void;
  sealOf(key: string): CallSeal | null;
  /** Null where it has none. */
  getSealFacts(key: string): Promise<SealFacts | null> | null;
  /** What is known of guests has changed. */
  reconsider(): void;
  /** CALL3: `direct` goes on until what replaces it has arrived. Does nothing where they are open already. */
  open(key: string, direct: DirectMedia | null, onHandedOver?: () => void): void;
  /** Opens what belongs to a call as soon as this device has asked to be in it. */
  enter(call: ClientCall): void;
  mediaOf(key: string): ForwardedMediaState | null;
  followTracks(key: string): void;
  /** How much is sent, and wanted. */
  followQuality(key: string): void;
  follow(call: ClientCall): void;
  view(key: string, own: OwnDevicesView): DeviceGroupView;
  getStats(key: string): Promise<RTCStatsReport | null>;
  handleNotice(key: string, notice: CallNotice): void;
  handleKeys(key: string, event: KeysEvent): void;
  refresh(): void;
  refreshKeys(): void;
  allowDevice(key: string, deviceId: string): void;
  /** NEG6: the direct call that this one has grown from was led somewhere else. */
  refuseConnection(key: string): void;
  shareScreen(key: string): void;
  stopSharing(key: string): void;
  showTiles(key: string, tiles: readonly MediaTile[]): void;
  close(key: string): void;
}

/** As for direct media. */
const MOST_FAILURES = 2;

/** Of those of whom no picture is there: asking a receiver stops this thread, and beside a picture nobody sees how loud somebody is. */
function levelOf(forwarded: ForwardedMedia | null, deviceId: string): number {
  if (forwarded === null || forwarded.getState().remotes.get(deviceId)?.hasVideo === true) return 0;
  return forwarded.getLevel(deviceId);
}

export function createGroupMedia(options: GroupMediaOptions): GroupMedia {
  const groups = new Map<string, Group>();
  const moves = createMoveWatch({ ...options, onDue: followMoves });

  function groupOf(key: string): Group {
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group: Group = {
      forwarded: null,
      seal: null,
      failures: 0,
      handOver: null,
      closeDirect: null,
      screen: null,
      isAsking: false,
      tiles: null,
    };
    groups.set(key, group);
    return group;
  }

  const tracksOf = (key: string, { screen }: Group) => {
    const isHeld = findByKey(options.getState(), key)?.mediaState.held ?? true;
    const shown = isHeld ? null : screen;
    const { audio, video } = options.tracksOf(key);
    return {
      audio,
      video: options.qualityOf(key).limits.camera === null ? null : video,
      screen: shown?.video ?? null,
      screenSound: shown?.audio ?? null,
    };
  };

  const participantsOf = (key: string) => findByKey(options.getState(), key)?.group?.participants ?? [];
  const deviceIdsOf = (key: string): readonly string[] => participantsOf(key).map(({ deviceId }) => deviceId);

  /** CALL4. */
  function followMoves(key: string): void {
    const { forwarded = null, seal = null } = groups.get(key) ?? {};
    const call = findByKey(options.getState(), key);
    if (forwarded === null || call === undefined) return;
    moves.follow(call, forwarded.getState(), seal?.getState().phase === 'sealed');
  }

  /** What is published is said later than whose place it takes. */
  function followPlaces(key: string, forwarded: ForwardedMedia): void {
    const going = findByKey(options.getState(), key)?.group?.moves ?? [];
    forwarded.setPlaces(deviceIdsOf(key), going);
  }

  function openSeal(key: string, group: Group): CallSeal {
    group.seal ??= options.openSeal({
      isDirect: false,
      request: options.request,
      onChange() {
        followOpening(group);
        followMoves(key);
        options.onChange();
      },
      onFailed: () => mend(key, group),
      isGuest: (...seen) => options.isGuest(key, ...seen),
    });
    return group.seal;
  }

  /** As with direct media: what is encoded before there are keys is for nobody, and takes the processor when it is needed most. */
  const followOpening = ({ forwarded, seal }: Group): void =>
    forwarded?.setOpen(seal?.getState().phase === 'sealed');

  /** What encrypted has died: this device goes on as one that was reloaded. */
  function mend(key: string, group: Group): void {
    group.failures += 1;
    if (groups.get(key) !== group || group.forwarded === null || group.failures > MOST_FAILURES)
      return options.onChange();
    closeMedia(group);
    group.handOver?.cancel();
    group.handOver = null;
    group.closeDirect?.();
    group.closeDirect = null;
    open(key, null);
    options.onChange();
  }

  function closeMedia(group: Group): void {
    group.forwarded?.close();
    group.forwarded = null;
    group.seal?.close();
    group.seal = null;
  }

  function open(key: string, direct: DirectMedia | null, onHandedOver?: () => void): void {
    const group = groupOf(key);
    const call = findByKey(options.getState(), key);
    const callId = call === undefined ? null : callIdOf(call);
    if (call === undefined || callId === null || group.forwarded !== null) return;
    const deviceId = call.phase === 'joined' ? (call.remote?.deviceId ?? null) : null;
    const stream = direct?.getState().remoteStream ?? null;
    const seal = openSeal(key, group);
    const forwarded = options.createForwardedMedia({
      callId,
      seal,
      request: options.request,
      local: tracksOf(key, group),
      loadIceServers: options.loadIceServers,
      timers: options.timers,
      ...(stream === null || deviceId === null ? {} : { adopt: new Map([[deviceId, stream]]) }),
      onChange: (state) => {
        if (group.forwarded !== forwarded) return;
        group.handOver?.follow(deviceIdsOf(key));
        options.onFlow(key);
        followMoves(key);
        if (state.gaveUp) options.dispatch({ type: 'media_gave_up', key });
        options.onChange();
      },
    });
    group.forwarded = forwarded;
    followOpening(group);
    if (direct !== null) {
      const onDone = (): void => {
        group.handOver = null;
        group.closeDirect = null;
        onHandedOver?.();
        options.onFlow(key);
        options.onChange();
      };
      group.closeDirect = onHandedOver ?? null;
      group.handOver = createHandOver({ direct, forwarded, deviceId, timers: options.timers, onDone });
    }
    if (group.tiles !== null) forwarded.showTiles(group.tiles);
    followQuality(key);
    followPlaces(key, forwarded);
    seal.setPresent(participantsOf(key));
    seal.join(callId);
    forwarded.start();
  }

  /**
   * GRP3: right behind that, so that two passages are saved. Who has to wait to be let in has nothing of the call. CALL4: what is sent
   * in the place of another device, and as whose, has to be known first.
   */
  function enter(call: ClientCall): void {
    if (call.group === null) return;
    const isEntering = call.phase === 'answering' || (call.phase === 'joining' && !call.isMove);
    const callId = callIdOf(call);
    if (isEntering && callId !== null && isGroupCallId(callId)) open(call.key, null);
    const group = groups.get(call.key);
    if (call.phase !== 'waiting' || group === undefined || group.forwarded === null) return;
    closeMedia(group);
    openSeal(call.key, group);
  }

  function stopSharing(key: string): void {
    const group = groups.get(key);
    if (group === undefined || group.screen === null) return;
    group.screen.close();
    group.screen = null;
    options.dispatch({ type: 'set_media', key, change: { screen: false } });
    options.onChange();
  }

  async function shareScreen(key: string): Promise<void> {
    const group = groupOf(key);
    if (group.isAsking || group.screen !== null || !options.canShareScreen) return;
    group.isAsking = true;
    const asking = options.openScreen();
    options.onChange();
    const share = await asking;
    group.isAsking = false;
    if (typeof share === 'string') {
      if (share === 'failed') options.onSharingFailed();
      return options.onChange();
    }
    const call = findByKey(options.getState(), key);
    if (groups.get(key) !== group || call === undefined || call.phase === 'ended') return share.close();
    group.screen = share;
    share.onEnded(() => {
      if (group.screen === share) stopSharing(key);
    });
    // Direct media have one picture each way: with a second one the call goes through the media server (CALL3).
    if (call.group === null) options.dispatch({ type: 'add_people', key, userIds: [] });
    options.dispatch({ type: 'set_media', key, change: { screen: true } });
  }

  function followQuality(key: string): void {
    const { wishes, limits, bufferMs } = options.qualityOf(key);
    groups.get(key)?.forwarded?.setQuality(wishes, limits, bufferMs);
  }

  return {
    prepare(key) {
      options.prepareForwardedMedia();
      const seal = openSeal(key, groupOf(key));
      const call = findByKey(options.getState(), key);
      const callId = call === undefined ? null : callIdOf(call);
      // A call between two that is taken over gets another id on the way (CALL4).
      if (callId !== null && isGroupCallId(callId)) seal.prepare(callId);
    },
    sealOf: (key) => groups.get(key)?.seal ?? null,
    getSealFacts: (key) => groups.get(key)?.seal?.getFacts() ?? null,
    reconsider() {
      for (const { seal } of groups.values()) seal?.reconsider();
    },
    has: (key) => (groups.get(key)?.forwarded ?? null) !== null,
    flowOf: (key) => groups.get(key)?.forwarded?.getState().flow ?? null,
    open,
    enter,
    mediaOf: (key) => groups.get(key)?.forwarded?.getState() ?? null,
    followQuality,
    followTracks(key) {
      const group = groups.get(key);
      if (group !== undefined) group.forwarded?.setTracks(tracksOf(key, group));
    },
    follow(call) {
      const group = groups.get(call.key);
      if (group === undefined) return;
      group.seal?.setPresent(participantsOf(call.key));
      group.forwarded?.setTracks(tracksOf(call.key, group));
      group.handOver?.follow(deviceIdsOf(call.key));
      if (group.forwarded !== null) followPlaces(call.key, group.forwarded);
      followMoves(call.key);
    },
    view(key, own) {
      const group = groups.get(key);
      const forwarded = group?.forwarded ?? null;
      return {
        ...options.talk.read(key),
        own,
        forwarded: forwarded?.getState() ?? null,
        levels: new Map(deviceIdsOf(key).map((deviceId) => [deviceId, levelOf(forwarded, deviceId)])),
        sharing: !options.canShareScreen
          ? 'unsupported'
          : group?.isAsking === true
            ? 'starting'
            : (group?.screen ?? null) === null
              ? 'off'
              : 'on',
        screen: group?.screen?.stream ?? null,
      };
    },
    getStats: (key) => groups.get(key)?.forwarded?.getStats() ?? Promise.resolve(null),
    handleNotice: (key, notice) => groups.get(key)?.forwarded?.handleNotice(notice),
    handleKeys: (key, event) => groups.get(key)?.seal?.handleEvent(event),
    refresh() {
      for (const { forwarded } of groups.values()) forwarded?.refresh();
    },
    refreshKeys() {
      for (const { seal } of groups.values()) seal?.refresh();
    },
    allowDevice: (key, deviceId) => groups.get(key)?.seal?.allow(deviceId),
    refuseConnection: (key) => groups.get(key)?.seal?.refuseConnection(),
    shareScreen: (key) => void shareScreen(key),
    stopSharing,
    showTiles(key, tiles) {
      const group = groupOf(key);
      group.tiles = tiles;
      group.forwarded?.showTiles(tiles);
    },
    close(key) {
      const group = groups.get(key);
      groups.delete(key);
      moves.forget(key);
      group?.handOver?.cancel();
      group?.forwarded?.close();
      group?.seal?.close();
      group?.screen?.close();
    },
  };
}
