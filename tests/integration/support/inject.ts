import type { TestServer } from './server.ts';

export interface Injected {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string | object;
}

/** Sends a request to the server without a socket. */
export async function injectInto(server: TestServer, { method, url, headers = {}, payload }: Injected) {
  const response = await server.app.http.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: response.statusCode,
    body: response.body,
    headers: response.headers,
    cookies: response.cookies,
  };
}
