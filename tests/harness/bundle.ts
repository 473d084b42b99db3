import { createServer, type Server } from 'node:http';
import { rolldown } from 'rolldown';

/**
 * A TypeScript file with everything it imports, as one classic script for a page.
 *
 * @param input - its absolute path
 * @param name - the global that gets its exports
 */
export async function bundleForPage(input: string, name: string): Promise<string> {
  const bundle = await rolldown({ input, logLevel: 'silent' });
  try {
    const { output } = await bundle.generate({ format: 'iife', name });
    // A preload script may run inside a function, where `var` would not make a global.
    return `${output[0].code}\nglobalThis.${name} = ${name};\n`;
  } finally {
    await bundle.close();
  }
}

export interface ScriptPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an empty page with one script on a free port of 127.0.0.1: a secure context, so camera and microphone work. */
export async function serveScript(script: string): Promise<ScriptPage> {
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/script.js';
    response.writeHead(200, {
      'content-type': `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`,
    });
    response.end(
      isScript ? script : '<!doctype html><title>Test page</title><script src="/script.js"></script>',
    );
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
