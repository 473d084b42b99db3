import { DemoPeople, DemoSignIn, Me, Service } from '@visavis/protocol';
import type { FastifyReply } from 'fastify';
import { fromState } from '../groups/mediaShapes.ts';
import type { HttpContext } from './context.ts';
import { authenticateRequest } from './authenticate.ts';
import { hashToken, setDeviceCookie } from './cookies.ts';
import { readMe } from './me.ts';
import { HttpProblem } from './problem.ts';
import { Nothing, publicRoute, type Route } from './route.ts';

/** Sign-ins a minute from one address. */
const SIGN_INS_PER_MINUTE = 120;

export function demoRoutes(context: HttpContext): Route[] {
  const { ports, settings } = context;
  const { accounts, random, clock } = ports;

  const people = async () => {
    if (settings.demoHandles === null) throw new HttpProblem('NOT_FOUND');
    return accounts.findByHandles(settings.demoHandles);
  };

  const createDevice = async (body: DemoSignIn, reply: FastifyReply) => {
    const deviceId = random.id();
    const token = random.token();
    const now = clock.now();
    const { userId, deviceName: name, deviceKind: kind } = body;
    await accounts.createDevice({ deviceId, userId, name, kind, tokenHash: hashToken(token), now });
    setDeviceCookie(reply, deviceId, token, settings.isSecure);
    await context.people.profileChanged(userId);
    return { deviceId, userId, name, kind, createdAt: now, lastSeenAt: now, isGuest: false };
  };

  return [
    publicRoute(
      {
        method: 'GET',
        path: '/api/service',
        tag: 'Service',
        summary: 'What this service is called and what it has: a demo mode, a relay, group calls',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: Service,
      },
      async () => ({
        name: settings.serviceName,
        demo: settings.demoHandles !== null,
        version: settings.version,
        hasRelay: ports.turn.hasServer,
        groupCalls: fromState(context.getMediaState()),
      }),
    ),
    publicRoute(
      {
        method: 'GET',
        path: '/api/demo/people',
        tag: 'Signing in',
        summary: 'The people that anybody may continue as (demo mode only)',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: DemoPeople,
      },
      async () => ({ people: [...(await people())] }),
    ),
    publicRoute(
      {
        method: 'POST',
        path: '/api/demo/sign-in',
        tag: 'Signing in',
        summary:
          'Continues as a demo person: makes a device and its cookie, or goes on with the one named in the header',
        params: Nothing,
        query: Nothing,
        body: DemoSignIn,
        response: Me,
        perMinute: SIGN_INS_PER_MINUTE,
      },
      async ({ body, request, reply }) => {
        const isDemoPerson = (await people()).some(({ userId }) => userId === body.userId);
        if (!isDemoPerson) throw new HttpProblem('NOT_FOUND');
        const known = await authenticateRequest(accounts, request);
        const device = known?.userId === body.userId ? known : await createDevice(body, reply);
        return readMe(context, device);
      },
    ),
  ];
}
