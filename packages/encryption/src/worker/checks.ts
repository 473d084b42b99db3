/* The small questions of which the checks of messages are made. */

/** Of a track's name, or of an id. More: a page that counts badly fills the worker's memory. */
const MAX_NAME = 128;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
export const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  isRecord(value) && Object.values(value).every(isCount);
export const isListOf = (
  value: unknown,
  isEntry: (entry: Readonly<Record<string, unknown>>) => boolean,
): boolean => Array.isArray(value) && value.every((entry: unknown) => isRecord(entry) && isEntry(entry));
/** Bytes of memory that no other thread has. */
export const isBytes = (value: unknown): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
