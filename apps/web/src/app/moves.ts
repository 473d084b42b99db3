import { callIdOf } from '@visavis/call';
import { realTimers, type Api, type Device, type DeviceView } from '@visavis/client';
import { TIMES, type GroupView, type ServerNotice } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { AskedMove, Model, MoveActions } from '../model/model.ts';
import { firstName } from '../words/names.ts';
import { isGone } from './callView.ts';
import { lacksMedia } from './groupActions.ts';
import type { Notices } from './notices.ts';

type NoticeOf<Type extends ServerNotice['type']> = Extract<ServerNotice, { type: Type }>;

/** CALL4: calls of this person that go from one device to another. */
export interface Moves extends Omit<MoveActions, 'openMove'> {
  /** Calls have begun, ended or moved at other devices. */
  refresh(): void;
  hear(notice: NoticeOf<'own_calls_changed' | 'move_offered' | 'move_over'>): void;
  follow(view: DeviceView): void;
  close(): void;
}

const nothing = (): void => {};

export function createMoves(parts: {
  readonly api: Pick<Api, 'ownCalls'>;
  readonly device: () => Device;
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
}): Moves {
  const { api, store, notices } = parts;
  let loads = 0;
  let isClosed = false;
  let cancelAsked = nothing;
  const cancels = new Map<string, () => void>();
  /** As the calls were when they were looked at last: by key. */
  const seen = new Map<string, { readonly leaving: boolean; readonly group: GroupView | null }>();

  async function load(): Promise<Model['ownCalls'] | null> {
    loads += 1;
    const mine = loads;
    const result = await api.ownCalls();
    if (isClosed || !result.ok) return null;
    if (mine === loads) store.setState({ ownCalls: result.value.calls });
    return result.value.calls;
  }

  function dropOffer(token: string): void {
    cancels.get(token)?.();
    cancels.delete(token);
    const { moveOffers } = store.getState();
    if (moveOffers.some((offer) => offer.token === token))
      store.setState({ moveOffers: moveOffers.filter((offer) => offer.token !== token) });
  }

  const change = (to: Partial<AskedMove>): void => {
    const { askedMove } = store.getState();
    if (askedMove !== null && !isClosed) store.setState({ askedMove: { ...askedMove, ...to } });
  };

  function putAwayEnded(): void {
    for (const { key, phase } of store.getState().calls)
      if (phase.name === 'ended') parts.device().dismiss(key);
  }

  async function moveHere(callId: string): Promise<void> {
    if (lacksMedia(store, notices)) return;
    // As it is now: what the other device sends comes along.
    const calls = await load();
    if (isClosed) return;
    const call = calls?.find((each) => each.callId === callId);
    if (call === undefined) return notices.show(calls === null ? 'call_failed' : 'move_gone');
    putAwayEnded();
    const { callType, peer, devices } = call;
    parts.device().moveHere({ callId, callType, peer, mediaState: devices.at(-1)?.mediaState ?? null }, null);
  }

  async function ask(key: string, userId: string, deviceId: string | null, name: string): Promise<void> {
    if (lacksMedia(store, notices)) return;
    const asked: AskedMove = { key, token: null, name, isDevice: deviceId !== null, state: 'asking' };
    store.setState({ askedMove: asked });
    const offered = await parts.device().offerMove(key, userId, deviceId);
    // Taken back meanwhile.
    if (store.getState().askedMove !== asked) {
      if (offered.ok) parts.device().dropMove(offered.token);
      return;
    }
    if (offered.ok) {
      change({ token: offered.token, state: 'waiting' });
      cancelAsked = realTimers.after(TIMES.moveOfferMs, () => change({ token: null, state: 'unanswered' }));
      return;
    }
    const { code } = offered;
    change({
      state: code === 'DEVICE_OFFLINE' ? 'offline' : code === 'RATE_LIMITED' ? 'busy' : 'failed',
    });
  }

  /** What became of moves: of this device's own, and of those of others who passed the call on. */
  function tell(before: GroupView, after: GroupView, wasLeaving: boolean, leaves: boolean): void {
    if (wasLeaving && !leaves) notices.show('move_stayed');
    const gone = (before.moves ?? []).filter(
      (move) => !(after.moves ?? []).some(({ toDeviceId }) => toDeviceId === move.toDeviceId),
    );
    for (const { fromDeviceId, toDeviceId } of gone) {
      const from = before.participants.find(({ deviceId }) => deviceId === fromDeviceId);
      const to = after.participants.find(({ deviceId }) => deviceId === toDeviceId);
      const hasLeft = !after.participants.some(({ deviceId }) => deviceId === fromDeviceId);
      if (from === undefined || to === undefined || from.userId === to.userId || !hasLeft) continue;
      const nameOf = (id: string): string =>
        firstName(after.people.find(({ user }) => user.userId === id)?.user.name ?? '');
      notices.show('call_passed', `${nameOf(from.userId)} passed the call to ${nameOf(to.userId)}.`);
    }
  }

  function hearOffer({ token, from, call }: NoticeOf<'move_offered'>['payload']): void {
    const { moveOffers } = store.getState();
    const others = moveOffers.filter((each) => each.token !== token);
    store.setState({ moveOffers: [...others, { token, from, call }] });
    cancels.set(
      token,
      realTimers.after(TIMES.moveOfferMs, () => dropOffer(token)),
    );
  }

  function hearOver({ token, outcome }: NoticeOf<'move_over'>['payload']): void {
    dropOffer(token);
    if (store.getState().askedMove?.token !== token) return;
    cancelAsked();
    if (outcome === 'accepted') store.setState({ askedMove: null });
    else change({ token: null, state: 'declined' });
  }

  const isGuest = (): boolean => {
    const { account } = store.getState();
    return account.state === 'signed_in' && account.me.guest;
  };

  return {
    refresh: () => void load(),
    moveHere: (callId) => void moveHere(callId),
    offerMove: (key, userId, deviceId, name) => void ask(key, userId, deviceId, name),
    closeAskedMove() {
      const { askedMove } = store.getState();
      cancelAsked();
      store.setState({ askedMove: null });
      if (askedMove !== null && askedMove.token !== null) parts.device().dropMove(askedMove.token);
    },
    acceptMove(token) {
      const offer = store.getState().moveOffers.find((each) => each.token === token);
      dropOffer(token);
      if (offer === undefined || lacksMedia(store, notices)) return;
      putAwayEnded();
      const { callId, callType, peer, devices } = offer.call;
      const { account } = store.getState();
      const isOwn = account.state === 'signed_in' && account.me.user.userId === offer.from.userId;
      const mediaState = isOwn ? (devices[0]?.mediaState ?? null) : null;
      parts.device().moveHere({ callId, callType, peer, mediaState }, token);
    },
    declineMove(token) {
      dropOffer(token);
      parts.device().dropMove(token);
    },
    hear(notice) {
      switch (notice.type) {
        case 'own_calls_changed':
          // A guest has one device.
          return isGuest() ? undefined : void load();
        case 'move_offered':
          return hearOffer(notice.payload);
        case 'move_over':
          return hearOver(notice.payload);
      }
    },
    follow(view) {
      for (const { call, group: open } of view.calls) {
        if (isGone(call)) notices.show('move_gone');
        if (call.phase === 'ended' && call.code === 'ALREADY_MOVING') notices.show('already_moving');
        if (callIdOf(call) === null || call.phase !== 'joined') continue;
        const leaving = open?.own.move?.role === 'from';
        const before = seen.get(call.key);
        if (before?.group === call.group && before.leaving === leaving) continue;
        if (before !== undefined && before.group !== null && call.group !== null)
          tell(before.group, call.group, before.leaving, leaving);
        seen.set(call.key, { leaving, group: call.group });
      }
      for (const key of seen.keys()) if (!view.calls.some(({ call }) => call.key === key)) seen.delete(key);
      const { askedMove } = store.getState();
      const isOver =
        askedMove !== null &&
        !view.calls.some(({ call }) => call.key === askedMove.key && call.phase === 'joined');
      if (isOver) store.setState({ askedMove: null });
    },
    close() {
      isClosed = true;
      cancelAsked();
      for (const cancel of cancels.values()) cancel();
    },
  };
}
