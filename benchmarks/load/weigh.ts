import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const DIST = new URL('../../apps/web/dist/', import.meta.url);

export interface Weight {
  /** kB (1,000 bytes) of gzip: script that the browser has to have before the first screen. */
  readonly first: number;
  /** All script of the web client, what is fetched later included. */
  readonly all: number;
  readonly styles: number;
  readonly files: Readonly<Record<string, number>>;
  /** React and ReactDOM alone, minified, drawing one empty paragraph. */
  readonly reactAlone: number;
}

const kilobytes = (content: string | Uint8Array): number =>
  Math.round(gzipSync(content, { level: 9 }).length / 10) / 100;

/** Weighs what was built. What the page names and, from there, every static import counts as the first load. */
export async function weigh(): Promise<Weight> {
  const names = await readdir(new URL('assets/', DIST));
  const read = async (name: string): Promise<string> => readFile(new URL(`assets/${name}`, DIST), 'utf8');
  const contents = new Map<string, string>();
  for (const name of names) if (/\.(js|css)$/.test(name)) contents.set(name, await read(name));
  const page = await readFile(new URL('index.html', DIST), 'utf8');
  const first = new Set([...page.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name ?? ''));
  for (const name of first)
    for (const imported of staticImports(contents.get(name) ?? '')) first.add(imported);
  const files = Object.fromEntries([...contents].map(([name, content]) => [name, kilobytes(content)]));
  const sum = (wanted: (name: string) => boolean): number =>
    Math.round(
      Object.entries(files).reduce((total, [name, size]) => (wanted(name) ? total + size : total), 0) * 100,
    ) / 100;
  return {
    first: sum((name) => first.has(name)),
    all: sum((name) => name.endsWith('.js')),
    styles: sum((name) => name.endsWith('.css')),
    files,
    reactAlone: await weighReact(),
  };
}

const staticImports = (code: string): readonly string[] =>
  [...code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)].map(([, name]) => name ?? '');

async function weighReact(): Promise<number> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('reactAlone.ts', import.meta.url)),
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    platform: 'browser',
    logLevel: 'silent',
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    return kilobytes(output[0].code);
  } finally {
    await bundle.close();
  }
}
