import type { CallSnapshot, MediaState } from '@visavis/protocol';
import { alertOf, type Joined } from '../client/index.ts';
import type { Call } from '../server/index.ts';
import type { SimulatedDevice } from './device.ts';
import type { SimulatedServer } from './server.ts';
import { isLive, outcomeOf, type Store } from './store.ts';
import { must } from './world.ts';

/** What has to hold once everything is delivered, every deadline has passed and everybody who lives is online. */
export function auditEnd(devices: readonly SimulatedDevice[], server: SimulatedServer, store: Store): void {
  const alive = devices.filter((device) => device.isAlive());
  for (const call of store.all()) {
    must(call.state !== 'ringing', () => `RING5 a call rings for ever`);
    auditHistory(call, store);
  }
  for (const call of store.live()) auditLive(call, alive);
  for (const device of alive) auditDevice(device, server, store);
}

/** HIST1: each call once for each of its people, with what became of it. */
function auditHistory(call: Call, store: Store): void {
  const owners = call.concealed ? [call.caller.userId] : [call.caller.userId, call.callee.userId];
  for (const userId of owners) {
    const written = store.historyOf(userId).get(call.callId);
    must(
      written === outcomeOf(call, userId),
      () => `HIST1 history says ${written}, the call is ${call.state}`,
    );
  }
  if (!call.concealed) return;
  must(
    !store.historyOf(call.callee.userId).has(call.callId),
    () => 'RING8 a blocked call shows in the history',
  );
}

/** CALL2: whoever is in a live call is there; and the two have media. */
function auditLive(call: Call, alive: readonly SimulatedDevice[]): void {
  const connections = call.participants.flatMap(({ part, device }) => {
    if (part.state !== 'joined') return [];
    const own = alive.find((other) => other.device.deviceId === device.deviceId);
    must(own !== undefined, () => `CALL2 ${device.name} is gone for good and still in a call`);
    const joined = own
      .state()
      .calls.find((other): other is Joined => other.phase === 'joined' && other.callId === call.callId);
    must(joined !== undefined, () => `${device.name} does not know of a call that it is in`);
    must(joined.flow === 'flowing', () => `${device.name} has no media in a live call`);
    must(
      part.flow === 'flowing',
      () => `CALL2 the server believes that media of ${device.name} is ${part.flow}`,
    );
    return [own.media().get(joined.key)?.connectionId];
  });
  must(connections[0] === connections[1], () => 'NEG1 the two devices are in different connections');
}

const sameMedia = (one: MediaState, other: MediaState): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The device's view is the server's. */
function auditDevice(device: SimulatedDevice, server: SimulatedServer, store: Store): void {
  const { name, deviceId } = device.device;
  const { calls, closing } = device.state();
  must(device.link.isQuiet(), () => `SES5 ${name} still waits for an answer`);
  must(alertOf(device.state()) === 'none', () => `RING9 ${name} still sounds`);
  must(
    closing.every(({ callId }) => callId !== null && !isLiveId(callId, store)),
    () => `${name} has not told the server that its call is over`,
  );
  must(device.state().early.length === 0, () => `${name} keeps events of a call that it will never name`);
  const keys = calls.filter(({ phase }) => phase !== 'ended').map(({ key }) => key);
  for (const key of device.media().keys()) must(keys.includes(key), () => `${name} holds media of no call`);
  for (const call of calls) {
    if (call.phase === 'ended') continue;
    must(call.phase === 'joined', () => `${name} is still ${call.phase}`);
    const snapshot = server.view(call.callId, deviceId);
    must(snapshot !== null, () => `CALL2 ${name} does not know that its call is over`);
    auditView(name, call, snapshot);
  }
}

const isLiveId = (callId: string, store: Store): boolean => {
  const call = store.find(callId);
  return call !== undefined && isLive(call);
};

function auditView(name: string, call: Joined, snapshot: CallSnapshot): void {
  must(snapshot.joined, () => `${name} believes to have joined`);
  must(snapshot.connectedAt === call.connectedAt, () => `${name} has another start of the call`);
  must(
    snapshot.mediaState !== null && sameMedia(snapshot.mediaState, call.mediaState),
    () => `CALL6 the server does not know what ${name} sends`,
  );
  must(
    snapshot.remote?.deviceId === call.remote?.deviceId &&
      snapshot.remote !== null &&
      call.remote !== null &&
      sameMedia(snapshot.remote.mediaState, call.remote.mediaState),
    () => `CALL6 ${name} does not know what the other sends`,
  );
}
