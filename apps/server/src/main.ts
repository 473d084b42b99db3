import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryBus } from './adapters/memory/bus.ts';
import { createMemoryPresence } from './adapters/memory/presence.ts';
import { createMemorySessions } from './adapters/memory/sessions.ts';
import { openPglite } from './adapters/pglite/pglite.ts';
import { systemClock } from './adapters/system/clock.ts';
import { FolderInUse, lockFolder } from './adapters/system/folderLock.ts';
import { createLog } from './adapters/system/log.ts';
import { systemRandom } from './adapters/system/random.ts';
import { createTurnIssuer } from './adapters/system/turn.ts';
import { createApp, type App } from './app.ts';
import { formatHelp, readConfig, type Config } from './config.ts';
import { DEMO_HANDLES, seedDemo } from './demo.ts';
import {
  ensureLanCertificate,
  formatLanBanner,
  listHostnames,
  listLanAddresses,
  type LanCertificate,
} from './lan/index.ts';
import { CannotListen, listenOnFreePort } from './listen.ts';
import { openStorage } from './storage.ts';
import { toError } from './toError.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));
const VERSION = '0.1.0';

/** What was opened, to be closed in the opposite order. */
type Closers = (() => Promise<void>)[];

async function start(config: Config, closers: Closers): Promise<void> {
  closers.unshift(await lockFolder(config.dataFolder));
  const log = createLog(config.logLevel);
  const sql = await openPglite(join(config.dataFolder, 'postgres'));
  closers.unshift(async () => sql.close());
  const storage = await openStorage(sql);
  if (config.isDemo) await seedDemo(sql, systemClock.now());
  const certificate = config.isLan ? await makeCertificate(config) : null;
  const app = await createApp(
    {
      ...storage,
      clock: systemClock,
      random: systemRandom,
      log,
      presence: createMemoryPresence(),
      sessions: createMemorySessions(),
      bus: createMemoryBus(),
      turn: createTurnIssuer(config.turn),
    },
    {
      serviceName: 'Visavis',
      version: VERSION,
      demoHandles: config.isDemo ? DEMO_HANDLES : null,
      isSecure: config.isSecure,
      publicOrigins: config.publicOrigins,
      addressLimitFactor: config.addressLimitFactor,
      webFolder: WEB_FOLDER,
      authorityCertificate: certificate?.caCert ?? null,
      ringMs: config.ringMs,
      https: certificate,
    },
  );
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

async function listen(app: App, config: Config, certificate: LanCertificate | null): Promise<void> {
  const { host, port } = config;
  const address = await listenOnFreePort(app.http, { port, host, notify: (message) => console.log(message) });
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
    await start(config, closers);
  } catch (error) {
    const isExplained = error instanceof FolderInUse || error instanceof CannotListen;
    console.error(isExplained ? error.message : error);
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
