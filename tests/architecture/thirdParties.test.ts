import { expect, test } from 'vitest';
import { isCode, listFiles, readText, withoutComments } from './sourceTree.ts';

/* Nothing is asked of anybody but the operator's own servers: no address of somebody else is in what is delivered. */

/** An address with a host that is not this machine, and any STUN server: only the operator's TURN server is asked, and it is told by the server. */
const FOREIGN = /\b(?:(?:https?|wss?):\/\/(?!localhost\b|127\.)[\w-]+(?:\.[\w-]+)+[^\s'"`)]*|stuns?:[\w[])/g;

/** Names of things, not places that anybody goes to. */
const NAMES = new Set(['http://www.w3.org/2000/svg', 'https://calls.example']);

const isProduct = (path: string): boolean =>
  /^(?:packages|apps)\/[^/]+\/(?:src\/|index\.html|public\/.*\.(?:json|webmanifest|html|js)$)/.test(path) &&
  !path.startsWith('apps/web/src/gallery/');
const findForeign = (text: string): string[] =>
  (text.match(FOREIGN) ?? []).filter((address) => !NAMES.has(address));

test('no address of a third party is in the product, and no STUN server', () => {
  const files = listFiles().filter(
    (path) => isProduct(path) && (isCode(path) || /\.(?:css|html|json)$/.test(path)),
  );
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((path) => {
    const text = readText(path);
    return findForeign(isCode(path) ? withoutComments(text) : text).map((address) => `${path}: ${address}`);
  });
  expect(found).toEqual([]);
});

test.each([
  `iceServers: [{ urls: 'stun:stun.example.org:19302' }]`,
  `@import url(https://fonts.example.com/inter.css)`,
  `<script src="https://cdn.example.net/react.js">`,
  'new WebSocket(`wss://signal.example.org/${id}`)',
])('%s is noticed', (text) => {
  expect(findForeign(text)).toHaveLength(1);
});
