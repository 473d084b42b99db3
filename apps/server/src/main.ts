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
import { createApp } from './app.ts';
import { HELP, readConfig, type Config } from './config.ts';
import { DEMO_HANDLES, seedDemo } from './demo.ts';
import { openStorage } from './storage.ts';
import { toError } from './toError.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

async function run(config: Config): Promise<void> {
  const unlock = await lockFolder(config.dataFolder);
  const sql = await openPglite(join(config.dataFolder, 'postgres'));
  const log = createLog(config.logLevel);
  const storage = await openStorage(sql);
  if (config.isDemo) await seedDemo(sql, systemClock.now());
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
      version: '0.1.0',
      demoHandles: config.isDemo ? DEMO_HANDLES : null,
      isSecure: config.isBehindTls,
      publicOrigins: config.publicOrigins,
      addressLimitFactor: config.addressLimitFactor,
      webFolder: WEB_FOLDER,
      authorityCertificate: null,
      ringMs: config.ringMs,
      https: null,
    },
  );

  const stop = async (): Promise<void> => {
    await app.close();
    await sql.close();
    await unlock();
  };
  let isStopping = false;
  const handleSignal = (): void => {
    // Asked a second time, it ends at once.
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(toError(error).message);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', handleSignal);
  process.on('SIGTERM', handleSignal);

  const address = await app.http.listen({ host: config.host, port: config.port });
  log.info('listening', { address });
  console.log(`\n  Visavis is at ${address}\n`);
}

const result = readConfig(process.argv.slice(2), process.env);
if (result.ok === 'help') {
  console.log(HELP);
} else if (!result.ok) {
  for (const complaint of result.complaints) console.error(complaint);
  process.exitCode = 2;
} else {
  try {
    await run(result.config);
  } catch (error) {
    const known = toError(error);
    console.error(known instanceof FolderInUse ? known.message : known);
    process.exit(1);
  }
}
