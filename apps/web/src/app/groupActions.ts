import { callIdOf } from '@visavis/call';
import type { CallType, UserSummary } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { GroupActions, Model } from '../model/model.ts';
import type { Account } from './application.ts';
import { OWN_SCREEN, othersLines } from './groupView.ts';
import type { Notices } from './notices.ts';
import type { HeardAs } from './volumes.ts';

interface GroupActionParts {
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
  readonly account: Account;
  readonly personOf: (userId: string) => UserSummary | undefined;
}

/** Group calls, carried out by whatever is open at the moment. */
export function createGroupActions({ store, notices, account, personOf }: GroupActionParts): GroupActions {
  const device = () => account.current()?.device;
  const shown = () => account.current()?.groups.shown;
  const groupOf = (key: string) => store.getState().calls.find((call) => call.key === key)?.group ?? null;

  const savedGroups = () => {
    const { groups } = store.getState();
    return groups.state === 'ready' ? groups.value : [];
  };
  const memberOf = (userId: string): UserSummary | undefined =>
    personOf(userId) ??
    savedGroups()
      .flatMap(({ members }) => members)
      .find((member) => member.userId === userId);

  /** Who stands for a call until the server has told who is in it. */
  function standIn(callId: string): UserSummary {
    const { account: at, recents } = store.getState();
    const ongoing = savedGroups().find((group) => group.ongoing?.callId === callId)?.ongoing;
    const entries = recents.state === 'ready' ? recents.value.entries : [];
    const entry = entries.find((each) => each.callId === callId);
    const me = at.state === 'signed_in' ? at.me.user : NOBODY;
    return ongoing?.people.find(({ userId }) => userId !== me.userId) ?? entry?.peer ?? me;
  }

  function putAwayEnded(): void {
    for (const { key, phase } of store.getState().calls) if (phase.name === 'ended') device()?.dismiss(key);
  }

  function callIdAt(key: string): string | null {
    const call = device()
      ?.getView()
      .calls.find((entry) => entry.call.key === key)?.call;
    return call === undefined ? null : callIdOf(call);
  }

  async function makeLink(key: string): Promise<void> {
    const callId = callIdAt(key);
    if (callId !== null) await account.current()?.links.make(key, callId);
  }

  function save(saving: Promise<{ readonly ok: boolean }> | undefined, isNew: boolean): void {
    void saving?.then((result) => {
      if (!result.ok) notices.show('saving_failed');
      else if (isNew) notices.show('group_saved');
      account.current()?.library.loadGroups();
    });
  }

  /** For the calls to come, unless one of the two is a guest, who is somebody else in each. */
  function keepHeard(key: string, userId: string, change: Partial<HeardAs>): void {
    const at = store.getState().account;
    const isGuest = groupOf(key)?.people.some((person) => person.guest && person.user.userId === userId);
    if (at.state !== 'signed_in' || at.me.guest || isGuest === true) return;
    account.current()?.groups.volumes.keep(userId, change);
  }

  const startGroup: GroupActions['startGroup'] = (userIds, callType, groupId) => {
    if (lacksMedia(store, notices)) return;
    const people = userIds.flatMap((userId) => memberOf(userId) ?? []);
    if (people.length === 0) return notices.show('call_failed');
    putAwayEnded();
    device()?.startGroup(people, callType, groupId ?? null);
  };

  /** GRP10: kept first, so that the call is one of the group and rings by its name. */
  async function saveAndStart(
    title: string,
    memberIds: readonly string[],
    callType: CallType,
  ): Promise<void> {
    const current = account.current();
    const saving = current?.api.saveGroup({ title, memberIds: [...memberIds] });
    save(saving, true);
    const result = await saving;
    if (result === undefined || account.current() !== current) return;
    startGroup(memberIds, callType, result.ok ? result.value.groupId : undefined);
  }

  return {
    startGroup,
    addPeople(key, userIds) {
      if (!lacksMedia(store, notices)) device()?.addPeople(key, userIds);
    },
    joinGroup(callId: string, callType: CallType) {
      putAwayEnded();
      const key = device()?.joinGroup(callId, callType, standIn(callId));
      // CALL5: with a device of this person in it already, that one has the microphone.
      const isSecond = store.getState().ownCalls.some((call) => call.callId === callId);
      if (isSecond && key !== undefined) device()?.setMuted(key, true);
    },
    removePerson: (key, userId) => device()?.removePerson(key, userId),
    admitPerson: (key, userId, admit) => device()?.admitPerson(key, userId, admit),
    lockCall: (key, locked) => device()?.lockCall(key, locked),
    askMedia: (key, userId, ask) => device()?.askMedia(key, userId, ask),
    answerUnmute: (key, unmute) => device()?.answerUnmute(key, unmute),
    sendChat: (key, text) => void device()?.sendChat(key, text),
    markChatRead: (key) => shown()?.change(key, { readChat: othersLines(groupOf(key)?.chat ?? []) }),
    react: (key, reaction) => device()?.react(key, reaction),
    setHand: (key, raised) => device()?.setHand(key, raised),
    shareScreen(key) {
      if (groupOf(key) !== null || !lacksMedia(store, notices)) device()?.shareScreen(key);
    },
    stopSharing: (key) => device()?.stopSharing(key),
    setLayout: (key, layout) => shown()?.change(key, { layout }),
    pin: (key, id) => shown()?.change(key, { pinnedId: id === OWN_SCREEN ? null : id }),
    setVolume(key, userId, volume) {
      const heard = Math.min(1, Math.max(0, volume));
      shown()?.change(key, { volumes: { ...shown()?.read(key).volumes, [userId]: heard } });
      keepHeard(key, userId, { volume: heard });
    },
    setMutedForMe(key, userId, muted) {
      const others = (shown()?.read(key).mutedForMe ?? []).filter((id) => id !== userId);
      shown()?.change(key, { mutedForMe: muted ? [...others, userId] : others });
      keepHeard(key, userId, { muted });
    },
    showDevice(key, userId, deviceId) {
      const deviceIds = { ...shown()?.read(key).deviceIds, [userId]: deviceId };
      shown()?.change(key, { deviceIds });
    },
    showTiles: (key, tiles) => shown()?.change(key, { tiles }),
    makeLink: (key) => void makeLink(key),
    saveGroup: (title, memberIds, key) => {
      const callId = key === undefined ? null : callIdAt(key);
      const group = { title, memberIds: [...memberIds], ...(callId === null ? {} : { callId }) };
      save(account.current()?.api.saveGroup(group), true);
    },
    saveAndStartGroup: (title, memberIds, callType) => void saveAndStart(title, memberIds, callType),
    changeGroup: (groupId, title, memberIds) =>
      save(account.current()?.api.changeGroup(groupId, { title, memberIds: [...memberIds] }), true),
    deleteGroup: (groupId) => save(account.current()?.api.deleteGroup(groupId), false),
    joinByLink: (name, callType, muted) => account.joinByLink(name, callType, muted),
  };
}

/** GRP9: said before anybody is rung. */
export function lacksMedia(store: StoreApi<Model>, notices: Notices): boolean {
  const { state } = store.getState().groupCalls;
  if (state === 'ready') return false;
  notices.show(state === 'preparing' ? 'group_calls_preparing' : 'group_calls_unavailable');
  return true;
}

const NOBODY: UserSummary = { userId: '', handle: '', name: '', avatarUrl: null };
