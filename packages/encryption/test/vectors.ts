/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

const beside = fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
const named = process.env['VISAVIS_VECTORS'];
/** An empty name means none. */
const folder = named === undefined ? (existsSync(beside) ? beside : null) : named || null;

/** Whole numbers over 2^53 would be rounded: these fields become strings before anything is parsed. */
const withExactNumbers = (text: string): string => text.replaceAll(/"(kid|ctr)":\s*(\d+)/g, '"$1":"$2"');

/** The parsed vectors of a file, whose shape the caller knows. Fails where the folder was named and the file is not in it. */
export function readVectors(file: string): unknown {
  return JSON.parse(withExactNumbers(readFileSync(join(folder ?? '', file), 'utf8')));
}

/** Tests over official vectors, which are not part of this repository. Where there are none, a skipped test says so. */
export function describeVectors(name: string, body: () => void | Promise<void>): void {
  if (folder === null) {
    describe(name, () => {
      test.skip('SKIPPED: no test vectors; VISAVIS_VECTORS names their folder, or ../shared/vectors beside the checkout', () => {});
    });
    process.stderr.write(
      `${name}: skipped, because neither VISAVIS_VECTORS nor ../shared/vectors has test vectors\n`,
    );
    return;
  }
  describe(name, body);
}

export const fromHex = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
};

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
