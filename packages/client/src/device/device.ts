import {
  callIdOf,
  findByKey,
  NO_CALLS,
  nextDeviceDeadline,
  stepDevice,
  type ClientCall,
  type DeviceCalls,
  type DeviceEffect,
  type DeviceInput,
  type DeviceRequest,
} from '@visavis/call';
import type { ServerEvent, ServerNotice } from '@visavis/protocol';
import { toBase64 } from '../base64.ts';
import { createGuestKeys } from '../guests/guestKeys.ts';
import { isKeysEvent } from './seal.ts';
import type { LinkAnswer, LinkState } from '../signaling/index.ts';
import { createCallMedia } from './callMedia.ts';
import { createGroupData } from './groupData.ts';
import { createOwnDevices } from './ownDevices.ts';
import { createGroupTalk } from './groupTalk.ts';
import { createSetUps } from './setUps.ts';
import type { Device, DeviceOptions } from './types.ts';

/**
 * One signed-in device. All decisions are the call machine's (`stepDevice`); this carries out what it asks for, and brings it
 * what comes of that.
 */
export function createDevice(options: DeviceOptions): Device {
  const { timers } = options;
  let state: DeviceCalls = NO_CALLS;
  let linkState: LinkState = { name: 'connecting', sinceAt: timers.now() };
  let clockOffsetMs = 0;
  let cancelDeadline: (() => void) | null = null;
  let closed = false;
  /** Inputs that came up while another was being carried out: one at a time, in order. */
  const inputs: DeviceInput[] = [];
  let running = false;
  /** Nobody is told of anything before they have the device in hand. */
  let made = false;

  const serverNow = (): number => timers.now() + clockOffsetMs;
  const chosen = options.memory.read();
  const setUps = createSetUps(timers, (call) => media.isSealed(call), options.onChange);
  const talk = createGroupTalk(timers, serverNow, options.talkMemory, options.onChange);
  const guests = createGuestKeys(options.guestKey, handleGuests);
  const ownDevices = createOwnDevices({
    deviceId: options.deviceId,
    onOtherOpened(key, deviceName) {
      dispatch({ type: 'set_media', key, change: { muted: true } });
      options.onGroupNotice({ type: 'muted_for_other', deviceName });
    },
  });
  const data = createGroupData({
    timers,
    deviceId: options.deviceId,
    getState: () => state,
    now: serverNow,
    isOnline: () => linkState.name === 'registered',
    sealOf: (key) => media.groupSealOf(key),
    send: (key, sealed) =>
      ask(key, (callId) => ({ type: 'send_data', callId, payload: { sealed: toBase64(sealed) } })),
    talk,
    guests,
  });
  const media = createCallMedia({
    ...options,
    onChange: handleMedia,
    getState: () => state,
    dispatch,
    sendSignal,
    ownDevicesOf: (call) => ownDevices.view(call),
    measureServer: () => link.measure(),
    group: {
      ...options,
      onChange: handleMedia,
      talk,
      request: (request) => link.request(request),
      async isGuest(key, ...seen) {
        const call = findByKey(state, key);
        const callId = call === undefined ? null : callIdOf(call);
        if (callId === null || call === undefined || call.group === null) return false;
        return guests.isProven({ callId, people: call.group.people }, ...seen);
      },
      onSharingFailed: () => options.onGroupNotice({ type: 'sharing_failed' }),
    },
  });

  const link = options.openLink({
    onState(next) {
      linkState = next;
      if (made) options.onChange();
    },
    onRegistered(session) {
      clockOffsetMs = session.clockOffsetMs;
      if (!session.resumed) media.refreshKeys();
      dispatch({ type: 'registered', resumed: session.resumed, calls: session.calls, chosen });
      options.talkMemory.keep(new Set(state.calls.flatMap((call) => callIdOf(call) ?? [])));
      media.refresh();
      options.onRegistered();
    },
    onEvent: handleEvent,
    onNotice: handleNotice,
  });

  const byCallId = (callId: string) => state.calls.find((call) => callIdOf(call) === callId);

  function handleEvent(event: ServerEvent): void {
    const call = byCallId(event.callId);
    dispatch({ type: 'event', event });
    if (call === undefined) return;
    if (isKeysEvent(event)) return media.handleKeys(call.key, event);
    if (event.type === 'call_data') data.hear(call.key, event.payload);
    if (event.type !== 'media_asked' || event.payload.ask !== 'mute') return;
    const isMuted = findByKey(state, call.key)?.mediaState.muted === true;
    if (isMuted && !call.mediaState.muted)
      options.onGroupNotice({ type: 'muted_by_host', by: shownName(call, event.payload.by) });
  }

  function handleNotice(notice: ServerNotice): void {
    if (!('callId' in notice)) return options.onNotice(notice);
    const call = byCallId(notice.callId);
    if (call === undefined) return;
    media.handleNotice(call.key, notice);
  }

  /** Keys among them: by now there may be somebody to be asked. */
  function handleMedia(): void {
    if (made) {
      setUps.look(state);
      data.follow();
    }
    options.onChange();
  }

  /** The names of guests can be read by now, or somebody has to be asked. */
  function handleGuests(): void {
    if (closed || !made) return;
    media.reconsiderGuests();
    data.follow();
    options.onChange();
  }

  /** Asks the server for something about a call; what comes of it comes as an event, and a refusal is told. */
  function ask(key: string, toRequest: (callId: string) => DeviceRequest): Promise<boolean> {
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    if (callId === null) return Promise.resolve(false);
    const request = toRequest(callId);
    return link.request(request).then((answer) => {
      if (answer.type !== 'ok') refused(request.type, answer);
      return answer.type === 'ok';
    });
  }

  const refused = (request: string, { payload }: Exclude<LinkAnswer, { type: 'ok' }>): void => {
    if (!closed) options.onGroupNotice({ type: 'refused', request, code: payload.code });
  };

  function dispatch(input: DeviceInput): void {
    if (closed) return;
    inputs.push(input);
    if (running) return;
    running = true;
    for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
      const result = stepDevice(state, next, timers.now() + clockOffsetMs);
      setUps.follow(state, result.state);
      state = result.state;
      for (const effect of result.effects) run(effect);
      media.follow();
    }
    running = false;
    ownDevices.follow(state);
    remember();
    talk.follow(state.calls);
    guests.keep(new Set(state.calls.flatMap((call) => callIdOf(call) ?? [])));
    data.follow();
    link.setBusy(state.calls.some((call) => call.phase !== 'ended'));
    scheduleDeadline();
    options.onChange();
  }

  /** GRP6: the server learns it when this device is let in; a reload before that must not unmute. */
  function remember(): void {
    const waiting = state.calls.find((call) => call.phase === 'waiting');
    if (waiting === undefined) return options.memory.write(null);
    const { callId, mediaState } = waiting;
    options.memory.write({ callId, muted: mediaState.muted, camera: mediaState.camera });
  }

  function run(effect: DeviceEffect): void {
    if (effect.type === 'ask_end') return askEnd(effect.key, effect.callId);
    if (effect.type !== 'request') return media.run(effect);
    const { key, request } = effect;
    void link.request(request).then((answer) => handleAnswer(key, request, answer));
  }

  function askEnd(key: string, callId: string): void {
    void options.loadEnd(callId).then((end) => {
      if (end !== null) dispatch({ type: 'end_told', key, ...end });
    });
  }

  function handleAnswer(key: string, request: DeviceRequest, answer: LinkAnswer): void {
    const { type } = request;
    if (type === 'initiate_call') {
      if (answer.type !== 'ok') return dispatch({ type: 'dial_refused', key, code: answer.payload.code });
      const { callId, call, signals } = answer.payload;
      if (callId === undefined) return dispatch({ type: 'dial_refused', key, code: 'INTERNAL' });
      return dispatch({ type: 'dialed', key, callId, call: call ?? null, signals: signals ?? [] });
    }
    if (type === 'answer_call') {
      if (answer.type !== 'ok') return dispatch({ type: 'answer_refused', key, code: answer.payload.code });
      const { call, signals } = answer.payload;
      if (call === undefined) return dispatch({ type: 'answer_refused', key, code: 'CALL_UNAVAILABLE' });
      return dispatch({ type: 'answer_accepted', key, call, signals: signals ?? [] });
    }
    // Where this device is in the call already, it stays in it.
    if (type === 'move_call' && answer.type !== 'ok' && findByKey(state, key)?.phase === 'joined')
      return refused(type, answer);
    if (type === 'start_group' || type === 'join_call' || type === 'join_by_link' || type === 'move_call') {
      if (answer.type !== 'ok') return dispatch({ type: 'enter_refused', key, code: answer.payload.code });
      const { callId, call } = answer.payload;
      const named = callId ?? call?.callId;
      if (named === undefined) return dispatch({ type: 'enter_refused', key, code: 'INTERNAL' });
      return dispatch({ type: 'entered', key, callId: named, call: call ?? null });
    }
    if (request.type === 'add_people' && answer.type !== 'ok') {
      // A screen that was to be shared through the media server cannot be. Asked for by the machine alone, nobody waits (NEG4).
      const isShared = findByKey(state, key)?.mediaState.screen === true;
      if (findByKey(state, key)?.group === null) media.stopSharing(key);
      if (isShared || request.payload.userIds.length > 0) return refused(request.type, answer);
    }
    // What else can be refused, the server's next event puts right.
  }

  function sendSignal(
    key: string,
    signal: Parameters<Parameters<DeviceOptions['createMedia']>[0]['sendSignal']>[0],
  ): void {
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    // CALL3: direct media that go on for a moment can be mended no more.
    if (call?.group === null && callId !== null) void link.request({ ...signal, callId });
  }

  const nameGuests = (call: ClientCall): ClientCall => {
    const callId = callIdOf(call);
    if (call.group === null || callId === null) return call;
    const group = guests.nameAll(callId, call.group);
    return group === call.group ? call : { ...call, group };
  };

  const shownName = (call: ClientCall, userId: string): string | null =>
    nameGuests(call).group?.people.find(({ user }) => user.userId === userId)?.user.name ?? null;

  function scheduleDeadline(): void {
    cancelDeadline?.();
    const at = nextDeviceDeadline(state);
    cancelDeadline =
      at === null
        ? null
        : timers.after(Math.max(0, at - clockOffsetMs - timers.now()), () =>
            dispatch({ type: 'deadline_passed' }),
          );
  }

  made = true;
  return {
    getView: () => ({
      link: linkState,
      calls: state.calls.map((call) => media.view(nameGuests(call))),
      state,
      clockOffsetMs,
      settingUpSinceAt: setUps.sinceAt(),
    }),
    dial(peer, callType) {
      const key = options.makeId();
      dispatch({ type: 'dial', key, peer, callType });
      return key;
    },
    answer: (key, callType, others) => dispatch({ type: 'answer', key, media: callType, others }),
    hangUp: (key) => dispatch({ type: 'hang_up', key }),
    hold: (key) => dispatch({ type: 'hold', key }),
    resume: (key) => dispatch({ type: 'resume', key }),
    seePicture: (key) => setUps.end(key),
    dismiss: (key) => dispatch({ type: 'dismiss', key }),
    setMuted: (key, muted) => dispatch({ type: 'set_media', key, change: { muted } }),
    setCamera: (key, camera) => dispatch({ type: 'set_media', key, change: { camera } }),
    startGroup(people, callType, savedGroupId) {
      const key = options.makeId();
      dispatch({ type: 'start_group', key, people, callType, savedGroupId });
      return key;
    },
    joinGroup(callId, callType, peer) {
      const key = options.makeId();
      dispatch({ type: 'join_group', key, callId, callType, peer });
      return byCallId(callId)?.key ?? key;
    },
    moveHere(call, token) {
      const key = options.makeId();
      dispatch({ type: 'move_here', key, token, ...call });
      return byCallId(call.callId)?.key ?? key;
    },
    async offerMove(key, userId, deviceId) {
      const call = findByKey(state, key);
      const callId = call === undefined ? null : callIdOf(call);
      if (callId === null) return { ok: false, code: 'CALL_UNAVAILABLE' };
      const answer = await link.request({ type: 'offer_move', callId, payload: { userId, deviceId } });
      if (answer.type !== 'ok') return { ok: false, code: answer.payload.code };
      const { offer } = answer.payload;
      return offer === undefined ? { ok: false, code: 'INTERNAL' } : { ok: true, ...offer };
    },
    dropMove: (token) => void link.request({ type: 'drop_move', payload: { token } }),
    joinByLink(token, callType, peer, muted, sealedName) {
      const key = options.makeId();
      dispatch({ type: 'join_link', key, token, callType, peer, muted, sealedName });
      return key;
    },
    knowLink(callId, guestKey, tell) {
      guests.addOwn(callId, guestKey);
      const call = byCallId(callId);
      if (tell && call !== undefined) void data.say(call.key, { type: 'guest_keys', keys: [guestKey] });
    },
    addPeople: (key, userIds) => dispatch({ type: 'add_people', key, userIds }),
    removePerson: (key, userId) =>
      void ask(key, (callId) => ({ type: 'remove_person', callId, payload: { userId } })),
    admitPerson: (key, userId, admit) =>
      void ask(key, (callId) => ({ type: 'admit_person', callId, payload: { userId, admit } })),
    lockCall: (key, locked) =>
      void ask(key, (callId) => ({ type: 'lock_call', callId, payload: { locked } })),
    askMedia: (key, userId, asked) =>
      void ask(key, (callId) => ({ type: 'ask_media', callId, payload: { userId, ask: asked } })),
    answerUnmute: (key, unmute) => dispatch({ type: 'answer_unmute', key, unmute }),
    sendChat: (key, text) =>
      talk.write(key, text, async (onMissed) => data.say(key, { type: 'chat', text }, onMissed)),
    react(key, reaction) {
      talk.react(key, null, reaction);
      void data.say(key, { type: 'reaction', reaction });
    },
    setHand: (key, hand) => dispatch({ type: 'set_media', key, change: { hand } }),
    allowDevice: (key, deviceId) => media.allowDevice(key, deviceId),
    shareScreen: (key) => media.shareScreen(key),
    stopSharing: (key) => media.stopSharing(key),
    showTiles: (key, tiles) => media.showTiles(key, tiles),
    async sayApproval(toDeviceId, attempt, step) {
      const answer = await link.request({ type: 'send_approval', payload: { toDeviceId, attempt, step } });
      if (answer.type === 'ok') return 'said';
      return answer.payload.code === 'DEVICE_OFFLINE' ? 'offline' : 'failed';
    },
    getLevels: (key) => media.getLevels(key),
    getStats: (key) => media.getStats(key),
    getStatistics: (key) => media.getStatistics(key),
    getPoints: (key) => media.getPoints(key),
    setQuality: (wishes) => media.setQuality(wishes),
    hidePictures: (key, hidden) => media.hidePictures(key, hidden),
    getSealFacts: (key) => media.getSealFacts(key),
    checkConnection: () => link.reconnectNow(),
    close() {
      closed = true;
      cancelDeadline?.();
      media.close();
      talk.close();
      data.close();
      link.close();
    },
  };
}
