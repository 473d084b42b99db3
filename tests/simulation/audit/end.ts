import { alertOf, viewCall, type ClientCall } from '@visavis/call';
import type { MediaState, Presence } from '@visavis/protocol';
import type { PresentDevice } from '@visavis/server';
import type { SimulatedDevice, Page } from '../device/device.ts';
import { isLive, type Tables } from '../database/tables.ts';
import { audienceOf, type Population } from '../node/population.ts';
import type { Pushes } from './pushes.ts';

export interface EndState {
  readonly tables: Tables;
  readonly population: Population;
  readonly devices: readonly SimulatedDevice[];
  readonly pushes: Pushes;
  /** What the nodes share about who is there. */
  readonly present: ReadonlyMap<string, readonly PresentDevice[]>;
}

/** @returns what is not yet as it has to be once everything is delivered and everybody who lives is online; null: all is */
export function findUnsettled(state: EndState): string | null {
  const { tables, devices, population } = state;
  for (const { call } of tables.select(isLive)) {
    if (call.state === 'ringing') return `RING5 the call ${call.callId.slice(-4)} still rings`;
    for (const { device, part } of call.participants) {
      if (part.state !== 'joined') continue;
      if (!devices.some((each) => each.isAlive() && each.device.deviceId === device.deviceId))
        return `CALL2 ${device.name} is gone for good and still in a call`;
      if (part.silentSinceAt !== null) return `SES4 ${device.name} is connected and counts as silent`;
      if (part.flow !== 'flowing')
        return `CALL2 the server believes that media of ${device.name} is ${part.flow}`;
    }
  }
  for (const device of devices) {
    if (!device.isAlive()) continue;
    const page = device.page();
    const problem = page === null ? 'no window is open' : findWrongPage(page, state);
    if (problem !== null) return `${device.device.name}: ${problem}`;
  }
  for (const userId of population.people.keys()) {
    const problem = findWrongPresence(userId, state);
    if (problem !== null) return `SES4 ${population.people.get(userId)?.summary.name ?? userId}: ${problem}`;
  }
  return null;
}

function findWrongPage(page: Page, { tables, pushes }: EndState): string | null {
  const { app, session, device, waiting } = page;
  const { state, link } = app.getView();
  if (link.name !== 'registered') return `its link is ${link.name}`;
  if (waiting > 0) return `SES5 it waits for ${String(waiting)} answers`;
  if (session === null) return 'it has no session';
  const lastSeq = pushes.lastSeq(session.id);
  if (session.lastSeq !== lastSeq)
    return `SES2 it has heard ${String(session.lastSeq)} of ${String(lastSeq)} events`;
  if (alertOf(state) !== 'none') return 'RING9 it still sounds';
  const unclosed = state.closing.find(({ callId }) => callId === null || isLiveId(callId, tables));
  if (unclosed !== undefined) return 'it has not told the server that its call is over';
  if (state.early.length > 0) return 'it keeps events of a call that it will never name';
  for (const call of state.calls) {
    const problem = call.phase === 'ended' ? null : findWrongCall(call, device.deviceId, tables);
    if (problem !== null) return problem;
  }
  for (const { call } of tables.select(isLive)) {
    const part = call.participants.find((each) => each.device.deviceId === device.deviceId)?.part;
    const isKnown = state.calls.some((each) => each.phase === 'joined' && each.callId === call.callId);
    if (part?.state === 'joined' && !isKnown) return 'it does not know of a call that it is in';
  }
  return null;
}

const isLiveId = (callId: string, tables: Tables): boolean => {
  const call = tables.calls.get(callId)?.call;
  return call !== undefined && isLive(call);
};

const sameMedia = (one: MediaState, other: MediaState): boolean =>
  Object.entries(one).every(([name, value]) =>
    Object.entries(other).some(([n, v]) => n === name && v === value),
  );

/** The device's view is the server's. */
function findWrongCall(
  call: Exclude<ClientCall, { phase: 'ended' }>,
  deviceId: string,
  tables: Tables,
): string | null {
  if (call.phase !== 'joined') return `it is still ${call.phase}`;
  const stored = tables.calls.get(call.callId)?.call;
  const view = stored === undefined ? null : viewCall(stored, deviceId);
  if (view === null) return 'CALL2 it does not know that its call is over';
  if (!view.joined || view.mediaState === null) return 'it believes to have joined';
  if (call.flow !== 'flowing') return `its media is ${call.flow} in a live call`;
  if (view.connectedAt !== call.connectedAt) return 'it has another start of the call';
  if (!sameMedia(view.mediaState, call.mediaState)) return 'CALL6 the server does not know what it sends';
  if (view.remote === null || call.remote === null || view.remote.deviceId !== call.remote.deviceId)
    return 'it has another device at the other end';
  return sameMedia(view.remote.mediaState, call.remote.mediaState)
    ? null
    : 'CALL6 it does not know what the other sends';
}

/** What the nodes believe of this user, and what is shown to the others, is what is. */
function findWrongPresence(
  userId: string,
  { tables, devices, present, population }: EndState,
): string | null {
  const online = devices.filter((each) => each.isAlive() && each.device.userId === userId);
  const joined = new Set(
    tables
      .select(isLive)
      .flatMap(({ call }) =>
        call.participants.flatMap(({ device, part }) => (part.state === 'joined' ? [device.deviceId] : [])),
      ),
  );
  const believed = present.get(userId) ?? [];
  if (believed.length !== online.length)
    return `${believed.map(({ name }) => name).join(', ')} count as online, and ${online.map(({ device }) => device.name).join(', ')} are`;
  for (const { device } of online) {
    const entry = believed.find(({ deviceId }) => deviceId === device.deviceId);
    if (entry === undefined) return `${device.name} does not count as online`;
    if (!entry.isConnected) return `${device.name} counts as lost`;
    if (entry.inCall !== joined.has(device.deviceId))
      return `${device.name} counts as in a call: ${String(entry.inCall)}`;
  }
  const isBusy = online.some(({ device }) => joined.has(device.deviceId));
  const is: Presence = online.length === 0 ? 'offline' : isBusy ? 'busy' : 'online';
  for (const viewerId of audienceOf(population.people, userId)) {
    for (const viewer of devices) {
      if (viewer.device.userId !== viewerId || !viewer.isAlive()) continue;
      const shown = viewer.page()?.presence.get(userId);
      if (shown !== is) return `${viewer.device.name} shows it as ${String(shown)}, and it is ${is}`;
    }
  }
  return null;
}
