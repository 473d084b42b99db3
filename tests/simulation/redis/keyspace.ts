/** What Redis answers to a command: an integer, a text, nothing, or a list of them. */
export type Reply = number | string | null | readonly Reply[];

type Value =
  | { readonly type: 'string'; text: string }
  | { readonly type: 'hash'; readonly fields: Map<string, string> }
  | { readonly type: 'list'; items: string[] }
  | { readonly type: 'set'; readonly members: Set<string> }
  | { readonly type: 'sorted'; readonly scores: Map<string, number> };
type ValueOf<Type extends Value['type']> = Extract<Value, { type: Type }>;

const EMPTY = {
  string: () => ({ type: 'string', text: '' }),
  hash: () => ({ type: 'hash', fields: new Map() }),
  list: () => ({ type: 'list', items: [] }),
  set: () => ({ type: 'set', members: new Set() }),
  sorted: () => ({ type: 'sorted', scores: new Map() }),
} as const satisfies { [Type in Value['type']]: () => ValueOf<Type> };

/** The data of one Redis server, with the commands that the server's scripts use. */
export interface Keyspace {
  /** @throws for a command that is not simulated, and for a key of another type, as Redis does */
  call(command: string, ...args: readonly string[]): Reply;
  clear(): void;
}

/**
 * @param now - ms since 1970 by the clock of Redis
 * @param publish - hands a message to whoever listens. @returns how many do
 */
export function createKeyspace(
  now: () => number,
  publish: (channel: string, message: string) => number,
): Keyspace {
  const values = new Map<string, Value>();
  const expiries = new Map<string, number>();

  function remove(key: string): number {
    expiries.delete(key);
    return values.delete(key) ? 1 : 0;
  }
  function find<Type extends Value['type']>(type: Type, key: string): ValueOf<Type> | null {
    if ((expiries.get(key) ?? Infinity) <= now()) remove(key);
    const value = values.get(key);
    if (value === undefined) return null;
    if (!isOf(type, value)) throw new Error(`WRONGTYPE ${key} is a ${value.type}`);
    return value;
  }
  function make<Type extends Value['type']>(type: Type, key: string): ValueOf<Type> {
    const known = find(type, key);
    if (known !== null) return known;
    const value: Value = EMPTY[type]();
    values.set(key, value);
    if (!isOf(type, value)) throw new Error('a value has the type that it was made with');
    return value;
  }
  /** Redis has no empty lists, sets and hashes. */
  const tidy = (key: string, size: number): void => {
    if (size === 0) remove(key);
  };

  const commands: Readonly<Record<string, (...args: string[]) => Reply>> = {
    DEL: (...keys) => keys.reduce((count, key) => count + remove(key), 0),
    EXISTS: (key) => (isThere(key) ? 1 : 0),
    PEXPIRE: (key, ms) => {
      if (!isThere(key)) return 0;
      expiries.set(key, now() + Number(ms));
      return 1;
    },
    PERSIST: (key) => (isThere(key) && expiries.delete(key) ? 1 : 0),
    GET: (key) => find('string', key)?.text ?? null,
    SET: (key, text, ...options) => {
      if (options.includes('NX') && isThere(key)) return null;
      values.set(key, { type: 'string', text });
      expiries.delete(key);
      const px = options.indexOf('PX');
      if (px !== -1) expiries.set(key, now() + Number(options[px + 1]));
      return 'OK';
    },
    HGET: (key, field) => find('hash', key)?.fields.get(field) ?? null,
    HMGET: (key, ...fields) => fields.map((field) => find('hash', key)?.fields.get(field) ?? null),
    HSET: (key, ...pairs) => {
      const { fields } = make('hash', key);
      const before = fields.size;
      for (let n = 0; n + 1 < pairs.length; n += 2) fields.set(at(pairs, n), at(pairs, n + 1));
      return fields.size - before;
    },
    HDEL: (key, ...names) => {
      const fields = find('hash', key)?.fields;
      const removed = names.filter((name) => fields?.delete(name)).length;
      if (fields !== undefined) tidy(key, fields.size);
      return removed;
    },
    HEXISTS: (key, field) => (find('hash', key)?.fields.has(field) ? 1 : 0),
    HKEYS: (key) => [...(find('hash', key)?.fields.keys() ?? [])],
    HGETALL: (key) => [...(find('hash', key)?.fields ?? [])].flat(),
    HINCRBY: (key, field, by) => {
      const { fields } = make('hash', key);
      const next = Number(fields.get(field) ?? 0) + Number(by);
      fields.set(field, String(next));
      return next;
    },
    RPUSH: (key, ...added) => make('list', key).items.push(...added),
    LLEN: (key) => find('list', key)?.items.length ?? 0,
    LRANGE: (key, from, to) => range(find('list', key)?.items ?? [], Number(from), Number(to)),
    LTRIM: (key, from, to) => {
      const list = find('list', key);
      if (list === null) return 'OK';
      list.items = range(list.items, Number(from), Number(to));
      tidy(key, list.items.length);
      return 'OK';
    },
    SADD: (key, ...added) => {
      const { members } = make('set', key);
      const before = members.size;
      for (const member of added) members.add(member);
      return members.size - before;
    },
    SREM: (key, ...gone) => {
      const members = find('set', key)?.members;
      const removed = gone.filter((member) => members?.delete(member)).length;
      if (members !== undefined) tidy(key, members.size);
      return removed;
    },
    SMEMBERS: (key) => [...(find('set', key)?.members ?? [])],
    ZADD: (key, ...args) => {
      const isNew = args[0] === 'NX';
      const [score, member] = isNew ? [at(args, 1), at(args, 2)] : [at(args, 0), at(args, 1)];
      const { scores } = make('sorted', key);
      const isKnown = scores.has(member);
      if (!(isNew && isKnown)) scores.set(member, Number(score));
      return isKnown ? 0 : 1;
    },
    ZREM: (key, member) => {
      const scores = find('sorted', key)?.scores;
      const removed = scores?.delete(member) ? 1 : 0;
      if (scores !== undefined) tidy(key, scores.size);
      return removed;
    },
    ZSCORE: (key, member) => find('sorted', key)?.scores.get(member)?.toString() ?? null,
    ZRANGEBYSCORE: (key, min, max, ...options) =>
      sorted(find('sorted', key)?.scores)
        .filter(([, score]) => score >= Number(min) && score <= Number(max))
        .flatMap(([member, score]) => (options[0] === 'WITHSCORES' ? [member, String(score)] : [member])),
    ZREMRANGEBYRANK: (key, from, to) => {
      const scores = find('sorted', key)?.scores;
      const gone = range(sorted(scores), Number(from), Number(to));
      for (const [member] of gone) scores?.delete(member);
      return gone.length;
    },
    PUBLISH: (channel, message) => publish(channel, message),
    TIME: () => [String(Math.floor(now() / 1_000)), String((now() % 1_000) * 1_000)],
    FLUSHALL: () => {
      values.clear();
      expiries.clear();
      return 'OK';
    },
  };
  function isThere(key: string): boolean {
    if ((expiries.get(key) ?? Infinity) <= now()) remove(key);
    return values.has(key);
  }

  return {
    call: (command, ...args) => {
      const run = commands[command];
      if (run === undefined) throw new Error(`ERR the simulated Redis has no ${command}`);
      return run(...args);
    },
    clear: () => {
      values.clear();
      expiries.clear();
    },
  };
}

const isOf = <Type extends Value['type']>(type: Type, value: Value): value is ValueOf<Type> =>
  value.type === type;

const at = (items: readonly string[], n: number): string => {
  const item = items[n];
  if (item === undefined) throw new Error('ERR wrong number of arguments');
  return item;
};

/** As Redis counts: both ends included, negative ones from the end. */
function range<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const start = from < 0 ? Math.max(0, items.length + from) : from;
  const end = to < 0 ? items.length + to : to;
  return items.slice(start, end + 1);
}

const sorted = (scores: ReadonlyMap<string, number> | undefined): [string, number][] =>
  [...(scores ?? [])].sort(
    ([one, oneScore], [other, otherScore]) => oneScore - otherScore || (one < other ? -1 : 1),
  );
