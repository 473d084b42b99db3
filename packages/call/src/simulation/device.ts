import { TIMES, type RequestAnswer, type ServerEvent } from '@visavis/protocol';
import {
  NO_CALLS,
  alertOf,
  callIdOf,
  findByKey,
  type DeviceCalls,
  type DeviceInput,
  type DeviceRequest,
  type MediaEffect,
} from '../client/index.ts';
import type { CallDevice } from '../server/index.ts';
import { createLink, type SimulatedLink } from './link.ts';
import { handleMediaSignal, offerMedia, prepareMedia, type MediaModel, type MediaStep } from './media.ts';
import type { SimulatedServer } from './server.ts';
import type { Store } from './store.ts';
import { KIND, must, type World } from './world.ts';

const DEADLINE_GRACE_MS = 5_000;
/** Longer than any few messages take on a slow wire. */
const SOON_MS = 12_000;
const MEDIA_RETRY_MS = 10_000;

/** One device with its person's calls, its link and what it knows of media. */
export interface SimulatedDevice {
  readonly device: CallDevice;
  readonly link: SimulatedLink;
  state(): DeviceCalls;
  media(): ReadonlyMap<string, MediaModel>;
  /** The other end of this connection is gone. */
  loseMedia(connectionId: string): void;
  /** A person does something, or the link or the media report something. */
  apply(input: DeviceInput): void;
  reload(backAfterMs: number | null): void;
  isAlive(): boolean;
}

export interface DeviceSurroundings {
  readonly world: World;
  readonly server: SimulatedServer;
  readonly store: Store;
  /** The media of these connections ends without a word: the page is gone. */
  readonly mediaGone: (connectionIds: readonly string[]) => void;
}

export function createDevice(surroundings: DeviceSurroundings, device: CallDevice): SimulatedDevice {
  const { world, server, store, mediaGone } = surroundings;
  const { clock, random, machines, counts } = world;
  const { deviceId } = device;
  let state: DeviceCalls = NO_CALLS;
  let isAlive = true;
  let nextAuditAt = 0;
  let cancelDeadline = doNothing;
  const media = new Map<string, MediaModel>();
  /** Ids and keys of calls that this device's person agreed to, by dialing or answering (NEG3). */
  const agreed = new Set<string>();
  const link = createLink(world, server, deviceId, {
    registered: apply,
    event: handleEvent,
    answered: handleAnswer,
  });

  function apply(input: DeviceInput): void {
    if (!isAlive) return;
    noteAgreement(input);
    if (input.type === 'hang_up') noteHangUp(input.key);
    const step = machines.stepDevice(state, input, clock.now());
    if (step.state !== state)
      world.note(() => `device ${device.name} ${input.type} → ${describe(step.state)}`);
    state = step.state;
    auditRinging();
    for (const effect of step.effects) {
      if (effect.type === 'request') link.request(effect.key, effect.request);
      // How a call ended that is over is a word on a screen; nothing here depends on it.
      else if (effect.type !== 'ask_end') handleMedia(effect);
    }
    cancelDeadline();
    const at = machines.nextDeviceDeadline(state);
    if (at !== null)
      cancelDeadline = clock.after(at - clock.now(), () => {
        apply({ type: 'deadline_passed' });
      });
  }

  function noteAgreement(input: DeviceInput): void {
    if (input.type === 'dial') agreed.add(input.key);
    if (input.type !== 'answer') return;
    const call = findByKey(state, input.key);
    if (call?.phase === 'incoming') agreed.add(call.callId);
  }

  /** RING5: with a sound link the server knows soon what the person here has ended, and does not wait for a deadline. */
  function noteHangUp(key: string): void {
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    if (callId === null) return;
    const check = (): void => {
      const isOverHere = state.calls.every((other) => callIdOf(other) !== callId);
      if (!isAlive || !isOverHere || server.view(callId, deviceId) === null) return;
      const soundSinceAt = link.soundSinceAt();
      const isSound = soundSinceAt !== null && clock.now() - soundSinceAt >= SOON_MS;
      must(!isSound, () => `RING5 the server does not know that ${device.name} has hung up`);
      clock.after(SOON_MS, check);
    };
    clock.after(SOON_MS, check);
  }

  /** RING5, RING9: nobody hears a call that is over, not even without a server. */
  function auditRinging(): void {
    const alert = alertOf(state);
    const phases = new Set(state.calls.map(({ phase }) => phase));
    must(alert !== 'ringback' || phases.has('calling'), () => 'RING9 ringback without a call that rings');
    must(
      (alert !== 'ringtone' && alert !== 'call_waiting') || phases.has('incoming'),
      () => 'RING9 ringtone without a call that rings',
    );
    for (const call of state.calls) {
      if (call.phase !== 'incoming' && call.phase !== 'calling') continue;
      const { key, phase, ringDeadlineAt } = call;
      const auditAt = ringDeadlineAt + DEADLINE_GRACE_MS + 1;
      must(
        phase === 'calling' || clock.now() < auditAt,
        () => `RING5 ${device.name} still rings after the deadline`,
      );
      if (auditAt === nextAuditAt) continue;
      nextAuditAt = auditAt;
      clock.after(auditAt - clock.now(), () => {
        const still = findByKey(state, key);
        must(
          still?.phase !== phase || still.ringDeadlineAt > ringDeadlineAt,
          () => `RING5 ${device.name} is still ${phase} after the deadline`,
        );
      });
    }
  }

  function handleEvent(event: ServerEvent): void {
    apply({ type: 'event', event });
    if (event.type !== 'call_ended') return;
    must(
      state.calls.every((call) => callIdOf(call) !== event.callId),
      () => `RING9 ${device.name} goes on with a call that it was told is over`,
    );
  }

  function handleAnswer(key: string, request: DeviceRequest, answer: RequestAnswer): void {
    if (answer.type === 'error') {
      const { code } = answer.payload;
      if (request.type === 'initiate_call') apply({ type: 'dial_refused', key, code });
      if (request.type !== 'answer_call') return;
      apply({ type: 'answer_refused', key, code });
      must(
        findByKey(state, key)?.phase !== 'answering',
        () => `RING4 ${device.name} goes on answering a call that it was refused`,
      );
      return;
    }
    const { call, callId, signals = [] } = answer.payload;
    if (request.type === 'initiate_call' && callId !== undefined) {
      apply({ type: 'dialed', key, callId, call: call ?? null, signals });
    }
    if (request.type === 'answer_call' && call !== undefined)
      apply({ type: 'answer_accepted', key, call, signals });
  }

  function handleMedia(effect: MediaEffect): void {
    const { key } = effect;
    switch (effect.type) {
      case 'media_grow':
        // Nobody here is in a group call.
        return;
      case 'media_prepare':
        media.set(key, prepareMedia());
        return;
      case 'media_close':
        media.delete(key);
        return;
      case 'media_offer':
        auditAgreement(key, 'media_offer');
        carryOut(key, offerMedia(world.makeId(KIND.connection)));
        return;
      case 'media_rejoin':
        auditConfirmed(key, 'media_rejoin');
        carryOut(key, offerMedia(world.makeId(KIND.connection)));
        recover(key);
        return;
      case 'media_accept':
        auditConfirmed(key, 'media_accept');
        media.set(key, { ...(media.get(key) ?? prepareMedia()), open: true });
        for (const signal of effect.signals) carryOut(key, handleMediaSignal(mediaOf(key), signal));
        recover(key);
        return;
      case 'media_signal':
        auditConfirmed(key, 'media_signal');
        must(mediaOf(key).open, () => `NEG3 ${device.name} processes a signal before the accept`);
        carryOut(key, handleMediaSignal(mediaOf(key), effect.signal));
    }
  }

  const mediaOf = (key: string): MediaModel => media.get(key) ?? prepareMedia();

  function auditAgreement(key: string, what: string): void {
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    const isDialed = [...agreed].some((dialed) => store.findByKey(device.userId, dialed) === callId);
    must(
      agreed.has(key) || (callId !== null && (agreed.has(callId) || isDialed)),
      () => `NEG3 ${what} on ${device.name}, whose person never agreed`,
    );
  }

  /** NEG3: the person has accepted and the server has said that this device takes part. */
  function auditConfirmed(key: string, what: string): void {
    auditAgreement(key, what);
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    must(
      callId !== null && server.hasJoined(callId, deviceId),
      () => `NEG3 ${what} on ${device.name} without the server's word`,
    );
    must(call?.phase === 'joined', () => `NEG3 ${what} on ${device.name} in a call that is ${call?.phase}`);
  }

  function carryOut(key: string, { media: next, send }: MediaStep): void {
    const before = mediaOf(key);
    media.set(key, next);
    const call = findByKey(state, key);
    const callId = call === undefined ? null : callIdOf(call);
    if (callId === null) return;
    for (const signal of send) link.request(key, { ...signal, callId });
    if (next.agreed && (!before.agreed || before.connectionId !== next.connectionId)) {
      clock.after(random.between(20, 1_500), () => {
        const now = media.get(key);
        if (now?.connectionId === next.connectionId) apply({ type: 'flow_changed', key, flow: 'flowing' });
      });
    }
  }

  /** NEG4: without media it is tried anew, and after a minute there is no point in waiting. */
  function recover(key: string): void {
    clock.after(MEDIA_RETRY_MS, () => {
      const call = findByKey(state, key);
      if (call?.phase !== 'joined' || call.flow === 'flowing') return;
      if (clock.now() - call.flowSinceAt >= TIMES.mediaGiveUpMs) {
        counts.mediaGaveUp += 1;
        apply({ type: 'media_gave_up', key });
        return;
      }
      carryOut(key, offerMedia(world.makeId(KIND.connection)));
      recover(key);
    });
  }

  return {
    device,
    link,
    state: () => state,
    media: () => media,
    apply,
    loseMedia(connectionId) {
      for (const [key, model] of media) {
        if (model.connectionId !== connectionId || !model.agreed) continue;
        apply({ type: 'flow_changed', key, flow: 'lost' });
        recover(key);
      }
    },
    reload(backAfterMs) {
      counts.reloads += 1;
      world.note(() => `device ${device.name} ${backAfterMs === null ? 'dies' : 'reloads'}`);
      state = NO_CALLS;
      mediaGone([...media.values()].map(({ connectionId }) => connectionId));
      media.clear();
      cancelDeadline();
      isAlive = backAfterMs !== null;
      link.forget(backAfterMs);
    },
    isAlive: () => isAlive,
  };
}

const describe = (state: DeviceCalls): string =>
  `[${state.calls.map((call) => `${call.phase}:${callIdOf(call)?.slice(-4) ?? '-'}`).join(' ')}]`;

function doNothing(): void {}
