import { Presence as PresenceState } from '@visavis/protocol';
import * as z from 'zod/mini';
import { presenceNotice, type ShownPresence } from '../../shownPresence.ts';
import type { Redis } from './connect.ts';
import { keys } from './keys.ts';

// KEYS[1] is the presence of the user, KEYS[2] what others were told last, KEYS[3…] the presence of the viewers. ARGV[1] says
// what to do, ARGV[2] begins the names of the channels of devices, ARGV[3…5] are what is published for each state.

/** @returns whether something else is than what others were told before; 1 for `tell` */
const SHOW = `
local is = 'offline'
local isBusy = false
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'd:' then is = 'online' end
  if string.sub(field, 1, 2) == 'c:' then isBusy = true end
end
if is == 'online' and isBusy then is = 'busy' end
local told = redis.call('GET', KEYS[2]) or 'offline'
if ARGV[1] ~= 'tell' then
  if told == is then return 0 end
  if ARGV[1] == 'look' then return 1 end
  if is == 'offline' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], is) end
  told = is
end
local notices = { offline = ARGV[3], online = ARGV[4], busy = ARGV[5] }
for n = 3, #KEYS do
  for _, field in ipairs(redis.call('HKEYS', KEYS[n])) do
    if string.sub(field, 1, 2) == 'd:' then redis.call('PUBLISH', ARGV[2] .. string.sub(field, 3), notices[told]) end
  end
end
return 1`;

const READ = `return redis.call('GET', KEYS[1])`;
const Shown = z.nullable(PresenceState);

const STATES = ['offline', 'online', 'busy'] as const;

/** What others are told of a user: published in the step that decides it, so that no node can be late with it. */
export function createRedisShown(redis: Redis): ShownPresence {
  const run = async (
    what: 'look' | 'change' | 'tell',
    userId: string,
    viewers: readonly string[],
  ): Promise<boolean> => {
    const messages = STATES.map((state) =>
      JSON.stringify({ kind: 'notice', text: presenceNotice(userId, state) }),
    );
    const reply = await redis.run({
      text: SHOW,
      keys: [
        keys.presence(userId),
        keys.shown(userId),
        ...viewers.map((viewerId) => keys.presence(viewerId)),
      ],
      values: [what, keys.deviceChannel(''), ...messages],
    });
    return reply === 1;
  };
  return {
    readShown: async (userId) =>
      z.parse(Shown, await redis.run({ text: READ, keys: [keys.shown(userId)], values: [] })) ?? 'offline',
    isShownWrong: async (userId) => run('look', userId, []),
    show: async (userId, viewers) => run('change', userId, viewers),
    showTo: async (userId, viewerId) => {
      await run('tell', userId, [viewerId]);
    },
  };
}
