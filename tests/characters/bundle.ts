import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type * as inPage from './inPage.ts';

declare global {
  /** What `bundleInPage` defines in a page. */
  var visavisCharacters: typeof inPage;
}

let bundled: Promise<string> | undefined;

/** `inPage.ts` as one classic script that defines the global `visavisCharacters`. */
export function bundleInPage(): Promise<string> {
  bundled ??= build();
  return bundled;
}

async function build(): Promise<string> {
  const input = fileURLToPath(new URL('./inPage.ts', import.meta.url));
  const bundle = await rolldown({ input, logLevel: 'silent' });
  try {
    const { output } = await bundle.generate({ format: 'iife', name: 'visavisCharacters' });
    // a preload script may run inside a function, where `var` would not make a global
    return `${output[0].code}\nglobalThis.visavisCharacters = visavisCharacters;\n`;
  } finally {
    await bundle.close();
  }
}
