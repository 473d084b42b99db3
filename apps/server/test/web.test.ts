import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerWeb } from '../src/http/web.ts';

const PAGE = '<!doctype html><title>Visavis</title>';
let folder: string;
let server: FastifyInstance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visavis-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'app-1a2b.js.gz'), gzipSync('export {};'));
  await writeFile(join(folder, 'assets', 'app-1a2b.js.br'), brotliCompressSync('export {};'));
  await writeFile(join(folder, 'index.html.br'), brotliCompressSync(PAGE));
  server = fastify();
  await registerWeb(server, folder);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = async (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });

describe('the web client', () => {
  test.each(['/', '/index.html'])('the page at %s is asked for anew each time', async (url) => {
    const { body, headers } = await get(url);
    expect(body).toBe(PAGE);
    expect(headers['cache-control']).toBe('no-cache');
  });

  test('a file whose name changes with its content is kept for ever', async () => {
    const { body, headers } = await get('/assets/app-1a2b.js');
    expect(body).toBe('export {};');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test.each([
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
  ])('a compressed file is taken where there is one: %s', async (accepted, taken) => {
    const { headers } = await get('/assets/app-1a2b.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(taken);
    expect(headers['content-type']).toContain('javascript');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['vary']).toContain('accept-encoding');
  });

  test.each(['/', '/settings/devices'])('the page at %s is compressed too', async (url) => {
    const { headers } = await get(url, { accept: 'text/html', 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['content-type']).toContain('text/html');
    expect(headers['cache-control']).toBe('no-cache');
  });

  test("a path of the client's own router gets the page", async () => {
    const { statusCode, body } = await get('/settings/devices', { accept: 'text/html' });
    expect([statusCode, body]).toEqual([200, PAGE]);
  });

  test.each([
    ['/api/nothing', 'text/html'],
    ['/assets/gone.js', '*/*'],
    ['/../package.json', '*/*'],
    ['/%2e%2e/%2e%2e/etc/passwd', '*/*'],
  ])('%s is not found', async (url, accept) => {
    const { statusCode, body } = await get(url, { accept });
    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('without a built client the page says so', async () => {
    const bare = fastify();
    await registerWeb(bare, join(folder, 'nothing'));
    const { statusCode, body } = await bare.inject({ url: '/', headers: { accept: 'text/html' } });
    expect(statusCode).toBe(503);
    expect(body).toContain('npm run build:web');
    await bare.close();
  });
});
