import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is made, fetched or personal: the folders of .gitignore. In a worktree of Git `.git` is a file. */
const NOT_SOURCE = new Set(['.cache', '.git', 'artifacts', 'coverage', 'data', 'dist', 'node_modules']);

/** Every file of the checkout that belongs to the project, by its path from the root with forward slashes. */
export function listFiles(directory = ''): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) return NOT_SOURCE.has(entry.name) ? [] : listFiles(path);
    return entry.isFile() && !NOT_SOURCE.has(entry.name) && !/^\.env$|\.(log|tsbuildinfo)$/.test(entry.name)
      ? [path]
      : [];
  });
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const isCode = (path: string): boolean => /\.(ts|tsx|mjs|js)$/.test(path);

/** Code without its comments; strings stay as they are. */
export function withoutComments(code: string): string {
  return code.replaceAll(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm,
    (whole: string, text: string | undefined) => text ?? whole.replaceAll(/[^\n]/g, ''),
  );
}

const isFileName = (path: string): boolean => /\.\w+([?#].*)?$/.test(path);

/** What a file imports, types included, as it is written: `./x.ts`, `node:fs`, `@visavis/call`. */
export function listImports(path: string): string[] {
  const code = withoutComments(readText(path));
  const found = code.matchAll(
    /\b(?:from|import)\s*(?:\(\s*)?(['"])(?<specifier>[^'"\n]+)\1|new URL\(\s*(['"])(?<url>\.[^'"\n]+)\3/g,
  );
  return (
    [...found]
      .map(({ groups }) => groups?.['specifier'] ?? groups?.['url'] ?? '')
      // The URL of a worker brings code in; that of a folder does not.
      .filter((specifier) => !specifier.startsWith('.') || isFileName(specifier))
  );
}

/** The file that a relative import means, from the root; undefined for packages and folders. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(ROOT, dirname(from), specifier.replace(/[?#].*$/, ''));
  return existsSync(path) ? relative(ROOT, path).split(sep).join('/') : undefined;
}
