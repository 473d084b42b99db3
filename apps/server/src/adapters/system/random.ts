import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../../ports.ts';

export const systemRandom: Random = {
  id: () => randomUUID(),
  token: () => randomBytes(32).toString('base64url'),
};
