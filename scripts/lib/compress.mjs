import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What is text; pictures, sounds and fonts are compressed already. */
const TEXTS = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest', '.map']);
/** Below this one packet carries it either way. */
const LEAST_BYTES = 1_000;

/**
 * Writes NAME.gz and NAME.br beside every text of a folder, as small as they get: done once when it is built, and not for
 * everybody who asks. The server sends them to browsers that take them.
 *
 * @param {string} folder
 * @returns {string[]} the files that were compressed
 */
export function compressTexts(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXTS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => {
    const content = readFileSync(file);
    if (content.length < LEAST_BYTES) return false;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    const variants = {
      gz: gzipSync(content, { level: 9 }),
      br: brotliCompressSync(content, { params: quality }),
    };
    for (const [ending, bytes] of Object.entries(variants)) {
      if (bytes.length < content.length) writeFileSync(`${file}.${ending}`, bytes);
    }
    return true;
  });
}
