import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findFreePort } from '../../../tests/harness/freePort.ts';
import { listens } from '../../../tests/harness/listens.ts';
import { until } from '../../../tests/harness/until.ts';

export interface RunningJanus {
  readonly pid: number;
  readonly url: string;
  /** The last of what it has printed. */
  output(): string;
  dispose(): Promise<void>;
}

/** Whether `janus` is there to be started. */
export function hasJanus(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, 'janus'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const UNUSED_PLUGINS =
  'audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail'.split(' ');
const UNUSED_TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'];
const libraries = (names: readonly string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

/** ICE-lite, as the product's media worker is; all else as Debian ships it. */
const configuration = (address: string): string => `
general: { debug_level = 2, debug_timestamps = false, debug_colors = false }
media: {}
nat: { ice_lite = true, ice_tcp = false, ignore_mdns = true, ice_enforce_list = "${address}" }
plugins: { disable = "${libraries(UNUSED_PLUGINS)}" }
transports: { disable = "${libraries(UNUSED_TRANSPORTS)}" }
`;
const webSockets = (port: number): string => `
general: { json = "compact", ws = true, ws_port = ${port}, ws_ip = "127.0.0.1", wss = false }
admin: { admin_ws = false }
`;

/** Starts Janus as Debian has it, with a configuration of its own, on loopback. */
export async function startJanus(address: string): Promise<RunningJanus> {
  const folder = await mkdtemp(join(tmpdir(), 'visavis-janus-'));
  const port = await findFreePort();
  await writeFile(join(folder, 'janus.jcfg'), configuration(address));
  await writeFile(join(folder, 'janus.transport.websockets.jcfg'), webSockets(port));
  await writeFile(join(folder, 'janus.plugin.videoroom.jcfg'), 'general: {}\n');
  const child = spawn('janus', ['-F', folder, '-C', join(folder, 'janus.jcfg')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-16_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => {
    output += error.message;
  });
  const dispose = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const pid = child.pid ?? 0;
  try {
    await until('Janus listens', async () => listens(pid, 'tcp', port));
  } catch (error) {
    await dispose();
    throw new Error(`Janus did not start:\n${output}`, { cause: error });
  }
  return { pid, url: `ws://127.0.0.1:${port}`, output: () => output, dispose };
}
