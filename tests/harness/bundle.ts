import { createServer, type Server } from 'node:http';
import { rolldown } from 'rolldown';

/**
 * A TypeScript file with everything it imports, as one classic script for a page.
 *
 * @param input - its absolute path
 * @param name - the global that gets its exports
 */
export async function bundleForPage(input: string, name: string): Promise<string> {
  // A preload script may run inside a function, where `var` would not make a global.
  return `${await bundle(input, name)}\nglobalThis.${name} = ${name};\n`;
}

/** A TypeScript file that exports nothing, with everything it imports, as one classic script for a worker. */
export const bundleForWorker = (input: string): Promise<string> => bundle(input);

async function bundle(input: string, name?: string): Promise<string> {
  const made = await rolldown({ input, logLevel: 'silent' });
  try {
    const { output } = await made.generate({ format: 'iife', ...(name === undefined ? {} : { name }) });
    return output[0].code;
  } finally {
    await made.close();
  }
}

export interface ScriptPage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves an empty page with one script on a free port of 127.0.0.1: a secure context, so camera and microphone work.
 *
 * @param files - scripts of workers, and what they load, by their paths
 */
export async function serveScript(
  script: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<ScriptPage> {
  const served = new Map(Object.entries({ ...files, '/script.js': script }));
  const server: Server = createServer((request, response) => {
    const found = served.get(request.url ?? '');
    const isText = found === undefined || typeof found === 'string';
    response.writeHead(200, {
      'content-type': isText
        ? `${found === undefined ? 'text/html' : 'text/javascript'}; charset=utf-8`
        : 'application/octet-stream',
    });
    response.end(found ?? '<!doctype html><title>Test page</title><script src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
