import { CallDetails, CallQuality, HistoryPage, HistoryQuery, Id, OwnCalls } from '@visavis/protocol';
import * as z from 'zod/mini';
import { listOwnCalls } from '../groups/ownCalls.ts';
import type { HistoryCursor } from '../historyPorts.ts';
import type { HttpContext } from './context.ts';
import { HttpProblem } from './problem.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

const CallParams = z.strictObject({ callId: Id });
const DEFAULT_PAGE = 30;

export function callRoutes({ ports, people }: HttpContext): Route[] {
  const { history, clock } = ports;
  return [
    deviceRoute(
      {
        method: 'GET',
        path: '/api/calls',
        tag: 'History',
        summary: 'This user’s calls, newest first, by pages that stay put while new calls come in',
        params: Nothing,
        query: HistoryQuery,
        body: Nothing,
        response: HistoryPage,
      },
      async ({ device, query }) => {
        const page = await history.page(device.userId, {
          cursor: query.cursor === undefined ? null : parseCursor(query.cursor),
          limit: query.limit ?? DEFAULT_PAGE,
          withUserId: query.with ?? null,
        });
        return { ...page, missedUnseen: await history.countMissedUnseen(device.userId) };
      },
    ),
    deviceRoute(
      {
        method: 'POST',
        path: '/api/calls/seen',
        tag: 'History',
        summary: 'Marks every missed call as seen, on all devices of this user',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device }) => {
        const marked = await history.markSeen(device.userId, clock.now());
        if (marked === 0) return;
        people.forgetMissed(device.userId);
        await people.historyChanged(device.userId);
      },
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/own-calls',
        tag: 'Calls',
        summary: 'The calls that this user is in with another device, to be moved here',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: OwnCalls,
      },
      async ({ device }) => ({ calls: [...(await listOwnCalls(ports, device.userId, device.deviceId))] }),
    ),
    deviceRoute(
      {
        method: 'GET',
        path: '/api/calls/{callId}',
        tag: 'History',
        summary: 'One call in full, as far as this user may know it',
        params: CallParams,
        query: Nothing,
        body: Nothing,
        response: CallDetails,
      },
      async ({ device, params }) => {
        const details = await history.details(device.userId, params.callId);
        if (details === null) throw new HttpProblem('NOT_FOUND');
        return details;
      },
    ),
    deviceRoute(
      {
        method: 'PUT',
        path: '/api/calls/{callId}/quality',
        tag: 'History',
        summary: 'Keeps how a call was on this device, which was in it',
        params: CallParams,
        query: Nothing,
        body: CallQuality,
        response: null,
      },
      async ({ device, params, body }) => {
        const { userId, deviceId } = device;
        const change = { userId, deviceId, callId: params.callId, quality: body, now: clock.now() };
        if (!(await history.putQuality(change))) throw new HttpProblem('NOT_FOUND');
        await people.historyChanged(userId);
      },
    ),
    deviceRoute(
      {
        method: 'DELETE',
        path: '/api/calls/{callId}',
        tag: 'History',
        summary: 'Removes a finished call from this user’s history, from nobody else’s',
        params: CallParams,
        query: Nothing,
        body: Nothing,
        response: null,
      },
      async ({ device, params }) => {
        if (!(await history.remove(device.userId, params.callId, clock.now()))) {
          const details = await history.details(device.userId, params.callId);
          throw new HttpProblem(details === null ? 'NOT_FOUND' : 'WRONG_STATE');
        }
        people.forgetMissed(device.userId);
        await people.historyChanged(device.userId);
      },
    ),
  ];
}

/** The latest time that `timestamptz` and a Date both know is far beyond this; earlier than 1970 there were no calls. */
const LATEST = 8_000_000_000_000;

function parseCursor(text: string): HistoryCursor {
  const [, at, callId] = /^(\d{1,13})\.([0-9a-f-]{36})$/.exec(text) ?? [];
  const createdAt = Number(at);
  if (callId === undefined || !(createdAt <= LATEST) || !z.safeParse(Id, callId).success) {
    throw new HttpProblem('BAD_MESSAGE', 'query.cursor: not a cursor of this server');
  }
  return { createdAt, callId };
}
