import {
  callIdOf,
  findByKey,
  NO_CALLS,
  nextDeviceDeadline,
  stepDevice,
  type DeviceCalls,
  type DeviceEffect,
  type DeviceInput,
} from '@visavis/call';
import type { LinkAnswer, LinkState } from '../signaling/index.ts';
import { createCallMedia } from './callMedia.ts';
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

  const setUps = createSetUps(timers, options.onChange);
  const media = createCallMedia({ ...options, getState: () => state, dispatch, sendSignal });

  const link = options.openLink({
    onState(next) {
      linkState = next;
      if (made) options.onChange();
    },
    onRegistered(session) {
      clockOffsetMs = session.clockOffsetMs;
      dispatch({ type: 'registered', resumed: session.resumed, calls: session.calls });
      options.onRegistered();
    },
    onEvent: (event) => dispatch({ type: 'event', event }),
    onNotice: options.onNotice,
  });

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
    link.setBusy(state.calls.some((call) => call.phase !== 'ended'));
    scheduleDeadline();
    options.onChange();
  }

  function run(effect: DeviceEffect): void {
    if (effect.type === 'ask_end') return askEnd(effect.key, effect.callId);
    if (effect.type !== 'request') return media.run(effect);
    const { key, request } = effect;
    void link.request(request).then((answer) => handleAnswer(key, request.type, answer));
  }

  function askEnd(key: string, callId: string): void {
    void options.loadEnd(callId).then((end) => {
      if (end !== null) dispatch({ type: 'end_told', key, ...end });
    });
  }

  function handleAnswer(key: string, type: string, answer: LinkAnswer): void {
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
    // What else can be refused, the server's next event puts right.
  }

  function sendSignal(
    key: string,
    signal: Parameters<Parameters<DeviceOptions['createMedia']>[0]['sendSignal']>[0],
  ): void {
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    if (callId !== null) void link.request({ ...signal, callId });
  }

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
      calls: state.calls.map((call) => media.view(call)),
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
    dismiss: (key) => dispatch({ type: 'dismiss', key }),
    setMuted: (key, muted) => dispatch({ type: 'set_media', key, change: { muted } }),
    setCamera: (key, camera) => dispatch({ type: 'set_media', key, change: { camera } }),
    getLevels: (key) => media.getLevels(key),
    getStats: (key) => media.getStats(key),
    checkConnection: () => link.reconnectNow(),
    close() {
      closed = true;
      cancelDeadline?.();
      media.close();
      link.close();
    },
  };
}
