import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { describeError, LIMITS, type ErrorCode } from '@visavis/protocol';
import { fastify, type FastifyInstance } from 'fastify';
import { toError } from '../toError.ts';
import { authenticateRequest } from './authenticate.ts';
import { callRoutes } from './calls.ts';
import { checkRoutes } from './check.ts';
import { createClientAddress } from './clientAddress.ts';
import { contactRoutes } from './contacts.ts';
import type { HttpContext } from './context.ts';
import { demoRoutes } from './demo.ts';
import { deviceRoutes } from './devices.ts';
import { groupRoutes } from './groups.ts';
import { identityRoutes } from './identity.ts';
import { linkRoutes } from './links.ts';
import { meRoutes } from './me.ts';
import { describeApi } from './openapi.ts';
import { isOwnOrigin } from './origin.ts';
import { HttpProblem, problemBody, translateProblem } from './problem.ts';
import type { Route } from './route.ts';
import { PLAIN_OPERATIONS, registerPlainRoutes } from './service.ts';
import { registerWeb } from './web.ts';

/** Requests to the API in a minute from one address: about 50 people who open Visavis there in the same minute. */
const REQUESTS_PER_MINUTE = 1_200;
/** Somebody may be trying to be somebody else. */
const LOGGED: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The HTTP side of the application, not listening yet. */
export async function createHttpServer(
  context: HttpContext,
  https: ServerOptions | null,
): Promise<FastifyInstance> {
  const { ports, settings } = context;
  const server = createServer(https);
  const clientAddress = createClientAddress(settings.trustedProxies);
  server.decorateRequest('device', null);
  await server.register(cookie);
  await registerHeaders(server, settings.isSecure);
  await server.register(rateLimit, {
    max: REQUESTS_PER_MINUTE * settings.addressLimitFactor,
    timeWindow: 60_000,
    keyGenerator: (request) => clientAddress(request.raw),
    // A page is some forty files, and a whole office has one address. By the route, because an address may be written in several ways.
    allowList: ({ routeOptions }) => routeOptions.url?.startsWith('/api/') !== true,
    errorResponseBuilder: () => new HttpProblem('RATE_LIMITED'),
  });
  readJson(server);

  server.setErrorHandler(async (error, request, reply) => {
    const problem = translateProblem(error);
    ports.meter.handleError(problem?.code ?? 'INTERNAL');
    if (problem === null) {
      ports.log.error('a request failed', { method: request.method, error: toError(error) });
      return reply.status(500).send({ code: 'INTERNAL', message: describeError('INTERNAL') });
    }
    // The route as it is declared: an address may hold ids.
    if (LOGGED.has(problem.code)) {
      const { url: route = 'unknown' } = request.routeOptions;
      ports.log.info('a request was refused', { method: request.method, route, code: problem.code });
    }
    return reply.status(problem.status).send(problemBody(problem));
  });
  server.addHook('onRequest', async (request) => {
    if (SAFE_METHODS.has(request.method)) return;
    const { origin, host } = request.headers;
    if (!isOwnOrigin(origin, host, settings.publicOrigins)) throw new HttpProblem('FORBIDDEN', 'Origin');
  });

  const routes = [
    ...demoRoutes(context),
    ...meRoutes(context),
    ...contactRoutes(context),
    ...deviceRoutes(context),
    ...callRoutes(context),
    ...groupRoutes(context),
    ...linkRoutes(context),
    ...identityRoutes(context),
    ...checkRoutes(context),
  ];
  for (const route of routes) registerRoute(server, context, route);
  registerPlainRoutes(server, context);
  const description = describeApi(
    { title: `${settings.serviceName} API`, version: settings.version },
    routes,
    PLAIN_OPERATIONS,
  );
  server.get('/api/openapi.json', async () => description);
  await registerWeb(server, settings.webFolder);
  return server;
}

function createServer(https: ServerOptions | null): FastifyInstance {
  return fastify({
    logger: false,
    bodyLimit: LIMITS.messageBytes,
    forceCloseConnections: 'idle',
    // A URL that cannot be read reaches no route and no error handler.
    frameworkErrors: (_error, _request, reply) => {
      const body = JSON.stringify(problemBody(new HttpProblem('BAD_MESSAGE', 'URL')));
      reply.raw.writeHead(400, { 'content-type': 'application/json; charset=utf-8' }).end(body);
    },
    serverFactory: (handle) => (https === null ? createPlainServer(handle) : createTlsServer(https, handle)),
  });
}

function registerRoute(server: FastifyInstance, { ports, settings }: HttpContext, route: Route): void {
  const { perMinute } = route;
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ...(perMinute === undefined
      ? {}
      : { config: { rateLimit: { max: perMinute * settings.addressLimitFactor, timeWindow: 60_000 } } }),
    handler: async (request, reply) => {
      const device = route.needsDevice ? await authenticateRequest(ports.accounts, request) : null;
      const result = await route.handle(request, reply, device);
      void reply.header('cache-control', 'no-store');
      return route.response === null ? reply.status(204).send() : result;
    },
  });
}

/** JSON and nothing else; a request without a body has an empty one. */
function readJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    if (text === '') {
      done(null, {});
      return;
    }
    try {
      const value: unknown = JSON.parse(text);
      done(null, value);
    } catch {
      done(new HttpProblem('BAD_MESSAGE', 'not JSON'));
    }
  });
}

/** No inline script, no third party, no framing (design.md §6). */
async function registerHeaders(server: FastifyInstance, isSecure: boolean): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // WebAssembly is compiled, scripts in strings are not: strong noise suppression is one (0070).
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        // Not every browser counts a WebSocket to the same host as `self`.
        connectSrc: [
          "'self'",
          (request) => `${isSecure ? 'wss' : 'ws'}://${plainHost(request.headers.host)}`,
        ],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  server.addHook('onSend', async (_request, reply) => {
    void reply.header(
      'permissions-policy',
      'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()',
    );
  });
}

/** A host that could end a directive of the policy is none. */
const plainHost = (host: string | undefined): string =>
  host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : 'localhost';
