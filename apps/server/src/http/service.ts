import { Id } from '@visavis/protocol';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod/mini';
import { CA_CERTIFICATE_PATH } from '../lan/index.ts';
import { authenticateRequest } from './authenticate.ts';
import type { HttpContext } from './context.ts';
import { registerHealth } from './health.ts';
import type { PlainOperation } from './openapi.ts';
import { HttpProblem } from './problem.ts';

/** What {@link registerPlainRoutes} answers, for the OpenAPI document. */
export const PLAIN_OPERATIONS: readonly PlainOperation[] = [
  {
    path: '/api/users/{userId}/avatar',
    tag: 'Contacts',
    summary: 'A person’s picture; its address changes with it',
    contentType: 'image/svg+xml',
  },
  { path: '/healthz', tag: 'Service', summary: 'Whether the process runs', contentType: 'application/json' },
  {
    path: '/readyz',
    tag: 'Service',
    summary: 'Whether the server takes devices and can do its work: asks the database',
    contentType: 'application/json',
  },
];

const AvatarParams = z.object({ userId: Id });
/** A picture can do nothing but be seen, even when it is opened as a page. */
const AVATAR_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export function registerPlainRoutes(
  server: FastifyInstance,
  { ports, settings, getState }: HttpContext,
): void {
  server.get('/api/users/:userId/avatar', async (request, reply) => {
    // Without a demo mode nobody is shown to strangers; the picture then needs the header like everything else.
    if (settings.demoHandles === null && (await authenticateRequest(ports.accounts, request)) === null) {
      throw new HttpProblem('UNAUTHENTICATED');
    }
    const params = z.safeParse(AvatarParams, request.params);
    const avatar = params.success ? await ports.accounts.findAvatar(params.data.userId) : null;
    if (avatar === null) throw new HttpProblem('NOT_FOUND');
    return reply
      .header('content-type', 'image/svg+xml; charset=utf-8')
      .header('content-security-policy', AVATAR_POLICY)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('etag', `"${avatar.hash}"`)
      .send(avatar.svg);
  });

  registerHealth(server, {
    health: ports.health,
    log: ports.log,
    getState: () => {
      const state = getState();
      return state === 'accepting' ? 'ready' : state;
    },
  });

  const { authorityCertificate } = settings;
  if (authorityCertificate !== null) {
    server.get(CA_CERTIFICATE_PATH, async (_request, reply) =>
      reply.header('content-type', 'application/x-x509-ca-cert').send(authorityCertificate),
    );
  }
}
