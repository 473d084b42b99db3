import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { isCurrent } from '../../scripts/lib/node.mjs';
import { formatHelp, readOptions } from '../../scripts/lib/options.mjs';

const serverModule = new URL('../../scripts/lib/server.mjs', import.meta.url).href;

/** Stands for the server: says every signal it gets, and ends 0.2 s after the first. */
const FAKE_SERVER = `
  const say = (text) => process.stdout.write(text + '\\n');
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
    say('got ' + signal);
    if (isEnding) return;
    isEnding = true;
    if (process.argv.includes('--hang')) return;
    setTimeout(() => process.exit(process.argv.includes('--ill') ? 3 : 0), 200);
  });
  setInterval(() => {}, 1000);
  say('pid ' + process.pid);
`;

let directory: string;
let command: ChildProcess;
let output: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'visavis-start-'));
  await writeFile(join(directory, 'server.mjs'), FAKE_SERVER);
});

afterEach(async () => {
  command.kill('SIGKILL');
  const id = /pid (\d+)/.exec(output)?.[1];
  if (id !== undefined && isAlive(Number(id))) process.kill(Number(id), 'SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Runs the part of the start command that looks after the server, with the fake one. */
async function start(...args: readonly string[]): Promise<number> {
  const main = join(directory, 'start.mjs');
  await writeFile(
    main,
    `import { runServer } from ${JSON.stringify(serverModule)};
     process.exitCode = await runServer(process.execPath, ${JSON.stringify(args)}, { main: ${JSON.stringify(join(directory, 'server.mjs'))} });`,
  );
  output = '';
  command = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
  command.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, { timeout: 15_000 }).toMatch(/pid \d+/);
  return Number(/pid (\d+)/.exec(output)?.[1]);
}

async function end(): Promise<number | null> {
  if (command.exitCode === null) await once(command, 'exit');
  return command.exitCode;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** Looked at before the signal is sent: one that comes while the command itself is ending would be what it ends of. */
function hasEndedOrIsSignalled(id: number): boolean {
  const hasEnded = !isAlive(id);
  if (!hasEnded) command.kill('SIGINT');
  return hasEnded;
}

const signalsSeen = (): string[] => output.match(/got SIG\w+/g) ?? [];

describe.skipIf(process.platform === 'win32')('the start command', () => {
  test('hands a signal that comes twice to the server once, and ends with exit code 0', async () => {
    await start();
    command.kill('SIGINT');
    command.kill('SIGINT');
    expect(await end()).toBe(0);
    expect(signalsSeen()).toEqual(['got SIGINT']);
  });

  test('hands on the exit code', async () => {
    await start('--ill');
    command.kill('SIGTERM');
    expect(await end()).toBe(3);
  });

  test('lets a server end in order when the terminal is closed', async () => {
    await start();
    command.kill('SIGHUP');
    expect(await end()).toBe(0);
    expect(signalsSeen()).toEqual(['got SIGTERM']);
  });

  test('ends a server that hangs at the second Ctrl-C', async () => {
    const id = await start('--hang');
    await expect.poll(() => hasEndedOrIsSignalled(id), { timeout: 10_000 }).toBe(true);
    expect(await end()).toBe(137);
    expect(isAlive(id)).toBe(false);
  });

  test('does not leave a server behind when it is killed outright', async () => {
    const id = await start();
    command.kill('SIGKILL');
    await expect.poll(() => isAlive(id), { timeout: 10_000 }).toBe(false);
  });
});

describe('the command line', () => {
  test('lists every option in the help', () => {
    for (const option of ['--port', '--host', '--data', '--lan', '--help']) {
      expect(formatHelp()).toContain(option);
    }
  });

  test.each([
    [['--port', '3100', '--lan'], { isHelp: false }],
    [['--help'], { isHelp: true }],
  ])('%j is understood', (args, expected) => {
    expect(readOptions(args)).toEqual(expected);
  });

  test.each([
    [['--prot', '3100'], /^Unknown option '--prot'$/],
    [['3100'], /Unexpected argument '3100'/],
    [['--port'], /argument missing/],
  ])('%j is refused: %s', (args, problem) => {
    expect(readOptions(args)).toHaveProperty('problem', expect.stringMatching(problem));
  });
});

test.each([
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['23.0.0', true],
  ['24.21.0', true],
])('Node %s runs this project: %s', (version, expected) => {
  expect(isCurrent(version)).toBe(expected);
});
