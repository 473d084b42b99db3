import type { Tab } from './tab.ts';

/** Asks the server over HTTP what the person at this window may ask, with the window's own cookie. */
export function askServer<Answer>(tab: Tab, method: string, path: string, body?: object): Promise<Answer> {
  const request = JSON.stringify({ method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return tab.evaluate<Answer>(`(async () => {
    const { deviceId } = JSON.parse(sessionStorage.getItem('visavis.device'));
    const type = ${body === undefined} ? {} : { 'content-type': 'application/json' };
    const answer = await fetch('/api${path}', { ...${request}, headers: { 'x-visavis-device': deviceId, ...type } });
    if (!answer.ok) throw new Error('refused: ' + answer.status);
    return answer.status === 204 ? null : answer.json();
  })()`);
}
