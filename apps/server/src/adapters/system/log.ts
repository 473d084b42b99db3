import { pino, stdSerializers, type Level } from 'pino';
import type { Log, LogFacts } from '../../ports.ts';

/** JSON lines on standard output. */
export function createLog(level: Level | 'silent'): Log {
  const logger = pino({ level, base: null, serializers: { error: stdSerializers.err } });
  const write =
    (level: Level) =>
    (message: string, facts: LogFacts = {}): void => {
      logger[level](facts, message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
