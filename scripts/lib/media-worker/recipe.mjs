import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

import { fingerprint } from '../fingerprint.mjs';
import { cacheDirectory, inRoot } from '../paths.mjs';
import { StepFailed } from '../step.mjs';

export const MEDIASOUP = inRoot('node_modules', 'mediasoup');
export const SHIMS = inRoot('scripts', 'media-worker', 'shims');

/** What the build needs of Debian, and how to see that it is there. */
export const BUILD_PACKAGES = [
  { package: 'g++', commands: ['g++'] },
  { package: 'ninja-build', commands: ['ninja'] },
  { package: 'flatbuffers-compiler', commands: ['flatc'] },
  { package: 'libflatbuffers-dev', commands: [], folder: '/usr/include/flatbuffers' },
  { package: 'libuv1-dev', commands: [], folder: '/usr/include/uv' },
  { package: 'libssl-dev', commands: [], folder: '/usr/include/openssl' },
  { package: 'libsrtp2-dev', commands: [], folder: '/usr/include/srtp2' },
  { package: 'libabsl-dev', commands: [], folder: '/usr/include/absl' },
];

export const COMPILE_FLAGS = [
  '-std=c++20',
  '-O2',
  '-w',
  '-pthread',
  '-DNDEBUG',
  '-DMS_LITTLE_ENDIAN',
  '-DMS_EXECUTABLE',
  '-DFLATBUFFERS_LOCALE_INDEPENDENT=1',
  // The shims come first: they stand for headers of the same name.
  '-Ishims',
  '-Igenerated',
  '-Iworker/include',
  '-Iworker/deps/libwebrtc',
  '-Iworker/deps/libwebrtc/libwebrtc',
];
export const LINK_FLAGS =
  '-pthread -luv -lssl -lcrypto -lsrtp2 -labsl_strings -labsl_throw_delegate -labsl_bad_optional_access'.split(
    ' ',
  );
/** As worker/fbs/FBS/meson.build names them. */
export const FLATC_FLAGS =
  '--cpp --cpp-field-case-style lower --reflect-names --scoped-enums --filename-suffix'.split(' ').concat('');

/**
 * Changes to the worker's source. Where the text is no longer found, the recipe has to be looked at again, so that is a
 * failure.
 *
 * DtlsTransport.cpp: OpenSSL calls this for each operation and again, with a bit set, for its result. Compared as a
 * whole the bit is never seen, and the result of every question becomes 1. Where OpenSSL has kernel TLS (Debian's has)
 * it then takes that for being on, and crashes in the first handshake.
 */
export const PATCHES = [
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN)',
    to: '((operationType & BIO_CB_RETURN) != 0)',
  },
];

/** The version of mediasoup that is installed. */
export function mediasoupVersion() {
  const manifest = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(join(MEDIASOUP, 'package.json'), 'utf8'))
  );
  return manifest.version;
}

/** Where a worker is kept, by all that it depends on. */
export function workerDirectory() {
  const recipe = createHash('sha256')
    .update(fingerprint(SHIMS, ['.']))
    .update(JSON.stringify([COMPILE_FLAGS, LINK_FLAGS, FLATC_FLAGS, PATCHES]))
    .digest('hex')
    .slice(0, 12);
  return join(cacheDirectory(), `media-worker-${mediasoupVersion()}-${platform()}-${arch()}-${recipe}`);
}

/** The name that mediasoup gives to its worker. */
export const BINARY = platform() === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';

/** Tries a worker out; the Node that runs the server runs it. */
export const PROBE = inRoot('apps', 'server', 'src', 'adapters', 'mediasoup', 'probe.ts');

/**
 * The names in a list of a meson.build.
 *
 * @param {string} text
 * @param {RegExp} start what comes before the list's opening bracket
 */
function readList(text, start) {
  const found = start.exec(text);
  const list = found === null ? undefined : text.slice(found.index + found[0].length).split(']')[0];
  const names = [...(list ?? '').matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  if (names.length === 0) {
    throw new StepFailed(
      `mediasoup ${mediasoupVersion()} lists its sources in another way than is known here.`,
    );
  }
  return names;
}

/** Everything to compile, relative to the worker's folder. */
export function listSources() {
  const worker = readFileSync(join(MEDIASOUP, 'worker', 'meson.build'), 'utf8');
  const libwebrtc = readFileSync(join(MEDIASOUP, 'worker', 'deps', 'libwebrtc', 'meson.build'), 'utf8');
  return [
    ...readList(worker, /^common_sources = \[/m),
    // The built-in bandwidth estimation is unfinished: with it, browsers stay at their lowest layer.
    ...readList(worker, /if not get_option\('ms_use_builtin_bwe'\)\s+common_sources \+= \[/),
    'src/main.cpp',
    ...readList(libwebrtc, /^libwebrtc_sources = \[/m).map((name) => `deps/libwebrtc/${name}`),
  ];
}
