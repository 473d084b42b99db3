import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Namespace } from './namespace.ts';
import { Behaviour, parse } from './probeProtocol.ts';

const execute = promisify(execFile);

/** The command that runs a script of this folder in a namespace. */
const inside = ({ prefix }: Namespace, file: string): [string, ...string[]] => [
  'env',
  ...prefix,
  process.execPath,
  fileURLToPath(new URL(file, import.meta.url)),
];

/** Starts the reflector that probes need. @returns what ends it */
export async function startReflector(
  namespace: Namespace,
  addresses: readonly string[],
): Promise<() => Promise<void>> {
  const [program, ...args] = inside(namespace, './reflector.ts');
  const child = spawn(program, [...args, ...addresses], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
}

/** What the network of this namespace does on the way to the reflector. */
export async function probe(
  namespace: Namespace,
  addresses: readonly string[],
  tcpPorts: readonly string[],
): Promise<Behaviour> {
  const [program, ...args] = inside(namespace, './probe.ts');
  const { stdout } = await execute(program, [...args, ...addresses, ...tcpPorts]);
  return parse(Behaviour, stdout);
}
