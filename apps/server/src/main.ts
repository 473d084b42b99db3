import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotUseDatabase } from './adapters/postgres/awaitPostgres.ts';
import { CannotUseRedis } from './adapters/redis/connect.ts';
import { systemClock } from './adapters/system/clock.ts';
import { FolderInUse } from './adapters/system/folderLock.ts';
import { createLog } from './adapters/system/log.ts';
import { createApp } from './app.ts';
import { formatHelp, readConfig, type Config } from './config.ts';
import { DEMO_HANDLES } from './demo.ts';
import {
  ensureLanCertificate,
  formatLanBanner,
  listHostnames,
  listLanAddresses,
  type LanCertificate,
} from './lan/index.ts';
import { CannotListen, listenOnFreePort } from './listen.ts';
import { createMediaApp } from './mediaApp.ts';
import { type Closers, openServices } from './services.ts';
import { toError } from './toError.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));
const VERSION = '0.1.0';

async function start(config: Config, closers: Closers, fail: (problem: Error) => void): Promise<void> {
  const ports = await openServices(config, {
    log: createLog(config.logLevel),
    closers,
    notify: (message) => {
      console.error(message);
    },
    fail,
  });
  if (config.role === 'media') {
    const mediaApp = createMediaApp(ports, config);
    closers.unshift(async () => mediaApp.close());
    const address = await open(mediaApp, config);
    console.log(`\nThis media node tells at ${address}/readyz whether it is ready.\nCtrl-C ends it.\n`);
    return;
  }
  const certificate = config.isLan ? await makeCertificate(config) : null;
  const app = await createApp(ports, {
    serviceName: 'Visavis',
    version: VERSION,
    demoHandles: config.isDemo ? DEMO_HANDLES : null,
    isSecure: config.isSecure,
    publicOrigins: config.publicOrigins,
    addressLimitFactor: config.addressLimitFactor,
    trustedProxies: config.trustedProxies,
    webFolder: WEB_FOLDER,
    authorityCertificate: certificate?.caCert ?? null,
    ringMs: config.ringMs,
    region: config.region,
    drainMs: config.drainMs,
    patrolMs: config.databaseUrl === null ? ALONE_PATROL_MS : SHARED_PATROL_MS,
    https: certificate,
  });
  closers.unshift(async () => app.close());
  await listen(app, config, certificate);
}

async function makeCertificate(config: Config): Promise<LanCertificate> {
  const certificate = await ensureLanCertificate({
    directory: join(config.dataFolder, 'certificates'),
    addresses: listLanAddresses(),
    hostnames: listHostnames(),
    now: systemClock.now(),
  });
  for (const notice of certificate.notices) console.log(notice);
  return certificate;
}

type Listening = Parameters<typeof listenOnFreePort>[0];

const open = async ({ http }: { readonly http: Listening }, { host, port }: Config): Promise<string> =>
  listenOnFreePort(http, { port, host, notify: (message) => console.log(message) });

async function listen(
  app: { readonly http: Listening },
  config: Config,
  certificate: LanCertificate | null,
): Promise<void> {
  const address = await open(app, config);
  if (certificate === null) {
    console.log(`\nVisavis is ready: ${address.replace('127.0.0.1', 'localhost')}\nCtrl-C ends it.\n`);
    return;
  }
  const banner = formatLanBanner({
    addresses: listLanAddresses(),
    port: Number(new URL(address).port),
    caFingerprint: certificate.caFingerprint,
  });
  console.log(`\nVisavis is ready.\n\n${banner}\n\nCtrl-C ends it.\n`);
}

/** Where no other process can have left deadlines behind but this one's predecessor. */
const ALONE_PATROL_MS = 5_000;
/** Where other nodes may have died: their deadlines are to be met within a second. */
const SHARED_PATROL_MS = 500;

/** Errors whose message says what to do. */
const EXPLAINED = [FolderInUse, CannotListen, CannotUseDatabase, CannotUseRedis];

async function run(config: Config): Promise<void> {
  const closers: Closers = [];
  let isStopping = false;
  const stop = async (exitCode: number): Promise<void> => {
    // Asked a second time, it ends at once.
    if (isStopping) process.exit(1);
    isStopping = true;
    let code = exitCode;
    for (const close of closers) {
      await close().catch((error: unknown) => {
        console.error(toError(error).message);
        code = 1;
      });
    }
    process.exit(code);
  };
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  try {
    await start(config, closers, (problem) => {
      console.error(problem.message);
      void stop(1);
    });
  } catch (error) {
    const isExplained = EXPLAINED.some((kind) => error instanceof kind);
    console.error(isExplained ? toError(error).message : error);
    await stop(1);
  }
}

const result = readConfig(process.argv.slice(2), process.env);
if (result.ok === 'help') {
  console.log(formatHelp());
} else if (!result.ok) {
  for (const complaint of result.complaints) console.error(complaint);
  process.exitCode = 2;
} else {
  await run(result.config);
}
