import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../../ports.ts';

export const systemRandom: Random = {
  // Read back from bytes: a UUID as it is made is ten times as large in memory, tied together from its digits.
  id: () => Buffer.from(randomUUID(), 'latin1').toString('latin1'),
  token: () => randomBytes(32).toString('base64url'),
};
