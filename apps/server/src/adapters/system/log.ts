import { pino, type Level } from 'pino';
import type { Log, LogFacts } from '../../ports.ts';

/** JSON lines on standard output. */
export function createLog(level: Level | 'silent'): Log {
  const logger = pino({ level, base: null, serializers: { error: describeError } });
  const write =
    (level: Level) =>
    (message: string, facts: LogFacts = {}): void => {
      logger[level](facts, message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/**
 * What is said of an error: not its other fields, in which a driver may put the values of a row, such as who calls whom.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    type: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
