import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HttpProblem, problemBody } from './problem.ts';

const NOT_BUILT = 'The web client is not built yet: npm run build:web\n';

/**
 * The built web client: files whose names change with their content are kept for ever, everything else is asked for again.
 * A path of the client's own router gets the page.
 */
export async function registerWeb(server: FastifyInstance, folder: string | null): Promise<void> {
  const isBuilt = folder !== null && existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await server.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: 'index.html',
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        const isHashed = path.startsWith(join(folder, 'assets'));
        response.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  server.setNotFoundHandler(async (request, reply) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !request.url.startsWith('/api/') &&
      (request.headers.accept ?? '').includes('text/html');
    if (isPage && isBuilt) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    if (isPage) return reply.status(503).type('text/plain').send(NOT_BUILT);
    return reply.status(404).send(problemBody(new HttpProblem('NOT_FOUND')));
  });
}
