import { DEVICE_HEADER, type DeviceKind } from '@visavis/protocol';
import {
  createApp,
  createMediasoupSfu,
  createMemoryBus,
  createMemoryMediaNodes,
  createMemoryPresence,
  createMemoryMoveOffers,
  createMemoryQuotas,
  createMemorySessions,
  createNoMeter,
  createSingleNode,
  createTurnIssuer,
  DEMO_HANDLES,
  demoUserId,
  openStorage,
  seedDemo,
  systemRandom,
  type App,
  type AppSettings,
  type Log,
  type Ports,
  type SfuSettings,
  type Sql,
} from '@visavis/server';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { openTestDatabase } from './databases.ts';
import { TestDevice } from './device.ts';

export const ORIGIN = 'http://localhost';

export interface TestServer {
  readonly app: App;
  readonly clock: VirtualClock;
  readonly sql: Sql;
  readonly ports: Ports;
  /** Errors that were logged; a test that expects none checks that it is empty. */
  readonly errors: string[];
  readonly logged: string[];
  signIn(handle: string, name?: string, kind?: DeviceKind): Promise<TestDevice>;
  /** Signs in and registers. */
  online(handle: string, name?: string, kind?: DeviceKind): Promise<TestDevice>;
  /** A person of the test's own, who knows nobody. */
  addUser(handle: string): Promise<void>;
  http(
    device: TestDevice | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ status: number; body: unknown; headers: Record<string, unknown> }>;
  /** Moves time on in steps, letting the server finish what each step begins. */
  pass(ms: number): Promise<void>;
  /** Signs every device out, which ends every call. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  readonly sql?: Sql;
  readonly clock?: VirtualClock;
  readonly settings?: Partial<AppSettings>;
  readonly ports?: Partial<Ports>;
  /** Puts something of the test's own between the application and its store. */
  readonly wrapCalls?: (calls: Ports['calls']) => Ports['calls'];
}

/** A server without a media worker; it says so. */
const NO_MEDIA: SfuSettings = {
  source: { kind: 'none' },
  workers: 1,
  basePort: 0,
  addresses: () => [],
  pipeListen: null,
  capacity: 400,
};

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? createVirtualClock(Date.UTC(2030, 0, 1));
  const sql = options.sql ?? (await openTestDatabase());
  const storage = await openStorage(sql);
  await seedDemo(sql, clock.now());
  const errors: string[] = [];
  const logged: string[] = [];
  const bus = options.ports?.bus ?? createMemoryBus();
  const ports: Ports = {
    ...storage,
    calls: options.wrapCalls?.(storage.calls) ?? storage.calls,
    clock,
    random: systemRandom,
    log: createTestLog(errors, logged),
    presence: createMemoryPresence(bus),
    quotas: createMemoryQuotas(clock),
    moveOffers: createMemoryMoveOffers(clock),
    sessions: createMemorySessions(bus),
    bus,
    nodes: createSingleNode(),
    mediaNodes: createMemoryMediaNodes(clock),
    meter: createNoMeter(),
    turn: createTurnIssuer(null),
    sfu: createMediasoupSfu(NO_MEDIA, { clock, log: createTestLog(errors, logged) }),
    ...options.ports,
  };
  const app = await createApp(ports, {
    serviceName: 'Visavis',
    version: '0.0.0',
    demoHandles: DEMO_HANDLES,
    isSecure: false,
    publicOrigins: [ORIGIN],
    addressLimitFactor: 1_000,
    trustedProxies: [],
    webFolder: null,
    authorityCertificate: null,
    ringMs: 45_000,
    drainMs: 5_000,
    patrolMs: 5_000,
    region: null,
    https: null,
    ...options.settings,
  });
  const users = new Map<string, string>();
  const devices: TestDevice[] = [];

  const signIn: TestServer['signIn'] = async (handle, name = `${handle}'s browser`, kind = 'browser') => {
    const userId = users.get(handle) ?? demoUserId(handle);
    const deviceId = systemRandom.id();
    const token = systemRandom.token();
    const tokenHash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
    await ports.accounts.createDevice({ deviceId, userId, name, kind, tokenHash, now: clock.now() });
    const device = await ports.accounts.authenticate(deviceId, tokenHash);
    if (device === null) throw new Error('a device that was just made is not there');
    const signedIn = new TestDevice(app, device, `visavis_${deviceId}=${token}`);
    devices.push(signedIn);
    return signedIn;
  };

  const http: TestServer['http'] = async (device, method, path, body) => {
    const response = await app.http.inject({
      method,
      url: path,
      headers: {
        origin: ORIGIN,
        ...(device === null ? {} : { [DEVICE_HEADER]: device.deviceId, cookie: device.cookie }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const value: unknown = response.body === '' ? null : response.json();
    return { status: response.statusCode, body: value, headers: response.headers };
  };

  return {
    app,
    clock,
    sql,
    ports,
    errors,
    logged,
    signIn,
    online: async (handle, name, kind) => {
      const device = await signIn(handle, name, kind);
      await device.register();
      return device;
    },
    addUser: async (handle) => {
      const userId = systemRandom.id();
      users.set(handle, userId);
      await sql.query('insert into users (id, handle, name, created_at) values ($1, $2, $3, $4)', [
        userId,
        handle,
        handle,
        new Date(clock.now()),
      ]);
    },
    http,
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.advance(Math.min(STEP_MS, left));
        await settle(app);
      }
    },
    reset: async () => {
      for (const device of devices.splice(0)) await http(device, 'POST', '/api/sign-out');
      await settle(app);
    },
    stop: async () => {
      await app.close();
    },
  };
}

const STEP_MS = 500;

/** Lets queries that a timer began come to an end. */
async function settle(app: App): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await app.settle();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function createTestLog(errors: string[], logged: string[]): Log {
  const write = (level: string) => (message: string, facts?: object) => {
    const values = Object.entries(facts ?? {}).map(
      ([key, value]) => `${key}=${value instanceof Error ? (value.stack ?? '') : String(value)}`,
    );
    const line = [level, message, ...values].join(' ');
    logged.push(line);
    if (level === 'error') errors.push(line);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
