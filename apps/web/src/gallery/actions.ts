import type { StoreApi } from 'zustand/vanilla';
import { OWN_PICTURE } from '../model/backgrounds.ts';
import type { GroupCallView, TileView } from '../model/groups.ts';
import type { Actions, CallView, Model } from '../model/model.ts';
import { checked } from './check.ts';
import { user } from './people.ts';
import { comparisonWith, figures } from './trust.ts';
import { goodStatistics, points } from './statistics.ts';
import { personStream } from './streams.ts';

const nothing = (): void => {};

/** Enough of the actions to feel the screens; nobody is called. */
export function createGalleryActions(store: StoreApi<Model>): Actions {
  const change = (key: string, next: (call: CallView) => CallView): void =>
    store.setState((model) => ({ calls: model.calls.map((call) => (call.key === key ? next(call) : call)) }));
  const changeGroup = (key: string, next: (group: GroupCallView) => Partial<GroupCallView>): void =>
    change(key, (call) =>
      call.group === null ? call : { ...call, group: { ...call.group, ...next(call.group) } },
    );
  const changeTile = (key: string, userId: string, next: Partial<TileView>): void =>
    changeGroup(key, ({ tiles }) => ({
      tiles: tiles.map((tile) => (tile.id === userId ? { ...tile, ...next } : tile)),
    }));
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
    seePicture: () => {},
    setMuted: (key, muted) => change(key, (call) => ({ ...call, local: { ...call.local, muted } })),
    setCamera: (key, camera) => change(key, (call) => ({ ...call, local: { ...call.local, camera } })),
    hidePictures: (key, hidesPictures) =>
      change(key, (call) => ({
        ...call,
        quality: { ...call.quality, hidesPictures, getsPictures: !hidesPictures },
      })),
    audioOnly: (key) =>
      change(key, (call) => ({
        ...call,
        local: { ...call.local, camera: false },
        quality: { ...call.quality, hidesPictures: true, getsPictures: false },
      })),
    startGroup: nothing,
    addPeople: nothing,
    joinGroup: nothing,
    removePerson: (key, userId) =>
      changeGroup(key, ({ tiles, people }) => ({
        tiles: tiles.filter(({ id }) => id !== userId),
        people: people.map((one) => (one.user.userId === userId ? { ...one, status: 'removed' } : one)),
      })),
    admitPerson: (key, userId, admit) =>
      changeGroup(key, ({ people }) => ({
        people: people.map((one) =>
          one.user.userId === userId ? { ...one, status: admit ? 'joined' : 'declined' } : one,
        ),
      })),
    lockCall: (key, locked) => changeGroup(key, () => ({ locked })),
    askMedia: nothing,
    answerUnmute: (key) => changeGroup(key, () => ({ askedToUnmuteBy: null })),
    sendChat: (key, text) =>
      changeGroup(key, ({ chat }) => ({
        chat: [
          ...chat,
          {
            id: `own-${chat.length}`,
            userId: user(0).userId,
            name: user(0).name,
            isMe: true,
            text,
            at: Date.now(),
            state: 'sent',
            missedBy: [],
          },
        ],
      })),
    markChatRead: (key) => changeGroup(key, () => ({ unreadChat: 0 })),
    react: (key, reaction) =>
      changeGroup(key, ({ reactions }) => ({
        reactions: [
          ...reactions,
          { id: `own-${Date.now()}`, userId: user(0).userId, name: user(0).name, reaction },
        ],
      })),
    setHand: (key, hand) => changeGroup(key, () => ({ hand })),
    shareScreen: (key) => changeGroup(key, () => ({ sharing: 'on' })),
    stopSharing: (key) => changeGroup(key, () => ({ sharing: 'off' })),
    setLayout: (key, layout) => changeGroup(key, () => ({ layout })),
    pin: (key, pinnedId) => changeGroup(key, () => ({ pinnedId })),
    setVolume(key, userId, volume) {
      changeTile(key, userId, { volume });
      change(key, (call) => ({ ...call, remote: { ...call.remote, volume } }));
    },
    setMutedForMe: (key, userId, mutedForMe) => changeTile(key, userId, { mutedForMe }),
    showDevice: (key, userId, shownDeviceId) => changeTile(key, userId, { shownDeviceId }),
    showTiles: nothing,
    makeLink: (key) =>
      changeGroup(key, () => ({
        link: { state: 'ready', url: 'https://calls.example.org/join/4fQ2wXb9', expiresAt: Date.now() },
      })),
    saveGroup: nothing,
    saveAndStartGroup: nothing,
    changeGroup: nothing,
    deleteGroup: nothing,
    joinByLink: nothing,
    allowDevice: (key, deviceId) =>
      change(key, (call) => {
        if (call.seal === null) return call;
        const held = call.seal.held.filter((other) => other.deviceId !== deviceId);
        return { ...call, seal: { ...call.seal, held, phase: held.length === 0 ? 'sealed' : 'held' } };
      }),
    openDetails: (key) =>
      store.setState({ details: { key, statistics: goodStatistics, points: points(), seal: figures } }),
    closeDetails: () => store.setState({ details: null }),
    copyDetails: nothing,
    chooseCamera: (cameraId) => store.setState(({ media }) => ({ media: { ...media, cameraId } })),
    chooseMicrophone: (microphoneId) =>
      store.setState(({ media }) => ({ media: { ...media, microphoneId } })),
    chooseSpeaker: (speakerId) => store.setState(({ media }) => ({ media: { ...media, speakerId } })),
    testSpeaker: nothing,
    openPreview: () =>
      store.setState(({ preview }) => ({
        preview: preview ?? {
          stream: personStream(0),
          level: 0.4,
          problem: null,
          missing: { camera: false, microphone: false },
        },
      })),
    closePreview: () => store.setState({ preview: null }),
    openCheck: (callKey) => store.setState({ check: checked('fine', {}, callKey) }),
    closeCheck: () => store.setState({ check: null }),
    lookUpPerson: nothing,
    openComparison: (userId) => store.setState({ comparison: comparisonWith(userId) }),
    closeComparison: () => store.setState({ comparison: null }),
    compareScanned: nothing,
    setVerified: (verified) =>
      store.setState(({ comparison, standings }) => {
        if (comparison?.state !== 'ready') return {};
        const standing = verified ? 'verified' : 'seen';
        return {
          comparison: { ...comparison, standing },
          standings: { ...standings, [comparison.userId]: standing },
        };
      }),
    acceptIdentity: (userId) =>
      store.setState(({ standings }) => ({ standings: { ...standings, [userId]: 'seen' } })),
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
    forgetVolumes: () =>
      store.setState(({ preferences }) => ({ preferences: { ...preferences, keptVolumes: 0 } })),
    chooseOwnBackground: () =>
      store.setState(({ preferences }) => ({
        preferences: {
          ...preferences,
          background: { kind: 'picture', name: OWN_PICTURE },
          ownBackground: true,
        },
      })),
    allowNotifications: nothing,
    loadIdentity: nothing,
    askToBeConfirmed: nothing,
    confirmGrant: nothing,
    stopAsking: () => store.setState(({ identity }) => ({ identity: { ...identity, asking: null } })),
    openAsk: (deviceId) =>
      store.setState(({ identity }) => ({
        identity: { ...identity, answering: { asks: [], answer: { phase: 'typing', deviceId } } },
      })),
    typeDigits: nothing,
    scanAsk: nothing,
    refuseAsk: () =>
      store.setState(({ identity }) => ({
        identity: { ...identity, answering: { ...identity.answering, asks: [] } },
      })),
    closeAnswer: () =>
      store.setState(({ identity }) => ({
        identity: { ...identity, answering: { ...identity.answering, answer: null } },
      })),
    makeRecoveryCode: nothing,
    copyRecoveryCode: nothing,
    putCodeAway: nothing,
    typeRecoveryCode: nothing,
    tryRecoveryCode: nothing,
    closeRecovery: nothing,
    replaceIdentity: nothing,
    closeReplacement: nothing,
    dismissConfirmHint: () =>
      store.setState(({ identity }) => ({ identity: { ...identity, hintDismissed: true } })),
    moveHere: nothing,
    openMove: nothing,
    offerMove: (key, _userId, deviceId, name) =>
      store.setState({
        askedMove: { key, token: 'token', name, isDevice: deviceId !== null, state: 'waiting' },
      }),
    closeAskedMove: () => store.setState({ askedMove: null }),
    acceptMove: (token) =>
      store.setState(({ moveOffers }) => ({ moveOffers: moveOffers.filter((each) => each.token !== token) })),
    declineMove: (token) =>
      store.setState(({ moveOffers }) => ({ moveOffers: moveOffers.filter((each) => each.token !== token) })),
    dismissNotice: (id) =>
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  };
}
