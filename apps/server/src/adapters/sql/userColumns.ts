import type { UserSummary } from '@visavis/protocol';
import * as z from 'zod/mini';

/** What {@link userColumns} selects. */
export const UserColumns = z.object({
  user_id: z.string(),
  handle: z.string(),
  user_name: z.string(),
  avatar_hash: z.nullable(z.string()),
});

/** The columns of a user summary from the table alias `users`. */
export const userColumns = (alias: string): string =>
  `${alias}.id as user_id, ${alias}.handle, ${alias}.name as user_name, ${alias}.avatar_hash`;

/** The same as one JSON value. */
export const userJson = (alias: string): string =>
  `json_build_object('user_id', ${alias}.id, 'handle', ${alias}.handle, 'user_name', ${alias}.name,
                     'avatar_hash', ${alias}.avatar_hash)`;

export const toUserSummary = (row: z.infer<typeof UserColumns>): UserSummary => ({
  userId: row.user_id,
  handle: row.handle,
  name: row.user_name,
  avatarUrl: row.avatar_hash === null ? null : avatarPath(row.user_id, row.avatar_hash),
});

/** The hash makes the address change with the picture, so that it can be cached for ever. */
const avatarPath = (userId: string, hash: string): string => `/api/users/${userId}/avatar?v=${hash}`;
