import type { FastifyInstance } from 'fastify';
import type { Health, Log } from '../ports.ts';
import { toError } from '../toError.ts';

interface HealthContext {
  readonly health: Health;
  readonly log: Log;
  /** `ready`, or why whoever comes has to go to another node. */
  readonly getState: () => string;
}

/** `/healthz`: the process runs. `/readyz`: it can do its work, and takes more of it. */
export function registerHealth(server: FastifyInstance, { health, log, getState }: HealthContext): void {
  server.get('/healthz', { config: { rateLimit: false } }, async () => ({ status: 'ok' }));

  server.get('/readyz', { config: { rateLimit: false } }, async (_request, reply) => {
    // While it drains it still does what it has begun, and takes nothing new.
    const state = getState();
    if (state !== 'ready') return reply.status(503).send({ status: state });
    try {
      await health.check();
      return { status: 'ready' };
    } catch (error) {
      log.error('not ready', { error: toError(error) });
      return reply.status(503).send({ status: 'not ready' });
    }
  });
}
