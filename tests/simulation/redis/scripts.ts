import fengari from 'fengari';
import type { Reply } from './keyspace.ts';

type LuaState = ReturnType<typeof fengari.lauxlib.luaL_newstate>;
const { lua, lauxlib, lualib, to_luastring: encode } = fengari;

/** This Lua's integers have 32 bits; those of Redis are doubles. See {@link START_AT} in `world.ts`. */
const INTEGERS = 2 ** 31;

/** Runs Redis' scripts as they are, in a Lua of its own. */
export interface Scripts {
  /** @throws what Redis answers with when a script fails */
  run(text: string, keys: readonly string[], values: readonly string[]): Reply;
}

/** One Lua for all simulations of a process: scripts keep nothing between two runs, as in Redis. */
let shared: { readonly L: LuaState; readonly compiled: Map<string, number> } | null = null;
let call: (command: string, ...args: string[]) => Reply = () => null;

export function createScripts(answer: (command: string, ...args: string[]) => Reply): Scripts {
  shared ??= { L: createState(), compiled: new Map() };
  const { L, compiled } = shared;
  return {
    run: (text, keys, values) => {
      call = answer;
      const script = compiled.get(text) ?? compile(L, text);
      compiled.set(text, script);
      pushList(L, keys, (key) => lua.lua_pushstring(L, encode(key)));
      lua.lua_setglobal(L, KEYS);
      pushList(L, values, (value) => lua.lua_pushstring(L, encode(value)));
      lua.lua_setglobal(L, ARGV);
      lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, script);
      check(L, lua.lua_pcall(L, 0, 1, 0));
      const reply = toReply(L, -1);
      lua.lua_settop(L, 0);
      return reply;
    },
  };
}

const KEYS = encode('KEYS');
const ARGV = encode('ARGV');

function check(L: LuaState, status: number): void {
  if (status === 0) return;
  const message = lua.lua_tojsstring(L, -1);
  lua.lua_settop(L, 0);
  throw new Error(message);
}

function compile(L: LuaState, text: string): number {
  check(L, lauxlib.luaL_loadstring(L, encode(text)));
  return lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX);
}

function createState(): LuaState {
  const L = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(L);
  setFunctions(L, 'redis', {
    call: () => {
      const args = Array.from({ length: lua.lua_gettop(L) }, (_, n) => lua.lua_tojsstring(L, n + 1));
      const [command = '', ...rest] = args;
      pushReply(L, call(command.toUpperCase(), ...rest));
      return 1;
    },
  });
  setFunctions(L, 'cjson', {
    decode: () => {
      pushJson(L, JSON.parse(lua.lua_tojsstring(L, 1)));
      return 1;
    },
    encode: () => {
      lua.lua_pushstring(L, encode(JSON.stringify(toJson(L, 1))));
      return 1;
    },
  });
  return L;
}

function setFunctions(L: LuaState, library: string, functions: Readonly<Record<string, () => number>>): void {
  lua.lua_createtable(L, 0, 0);
  for (const [name, run] of Object.entries(functions)) {
    lua.lua_pushcfunction(L, run);
    lua.lua_setfield(L, -2, encode(name));
  }
  lua.lua_setglobal(L, encode(library));
}

function pushList<Item>(L: LuaState, items: readonly Item[], push: (item: Item) => void): void {
  lua.lua_createtable(L, items.length, 0);
  for (const [n, item] of items.entries()) {
    push(item);
    lua.lua_rawseti(L, -2, n + 1);
  }
}

/** As in Redis: nothing becomes false. */
function pushReply(L: LuaState, reply: Reply): void {
  if (reply === null) lua.lua_pushboolean(L, false);
  else if (typeof reply === 'number') lua.lua_pushinteger(L, reply);
  else if (typeof reply === 'string') lua.lua_pushstring(L, encode(reply));
  else pushList(L, reply, (item) => pushReply(L, item));
}

/** As in Redis: numbers lose what is behind the point, a list ends at the first nothing. */
function toReply(L: LuaState, index: number): Reply {
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TNUMBER:
      return Math.trunc(lua.lua_tonumber(L, index));
    case lua.LUA_TSTRING:
      return lua.lua_tojsstring(L, index);
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index) ? 1 : null;
    case lua.LUA_TTABLE: {
      const items: Reply[] = [];
      for (let n = 1; ; n += 1) {
        lua.lua_rawgeti(L, index, n);
        const isOver = lua.lua_type(L, -1) === lua.LUA_TNIL;
        if (!isOver) items.push(toReply(L, -1));
        lua.lua_settop(L, -2);
        if (isOver) return items;
      }
    }
    default:
      return null;
  }
}

function pushJson(L: LuaState, value: unknown): void {
  if (typeof value === 'string') lua.lua_pushstring(L, encode(value));
  else if (typeof value === 'number') {
    if (Math.trunc(value) === value && Math.abs(value) < INTEGERS) lua.lua_pushinteger(L, value);
    else lua.lua_pushnumber(L, value);
  } else if (typeof value === 'boolean') lua.lua_pushboolean(L, value);
  else if (Array.isArray(value)) pushList(L, value, (item) => pushJson(L, item));
  else if (typeof value === 'object' && value !== null) {
    lua.lua_createtable(L, 0, 0);
    for (const [name, item] of Object.entries(value)) {
      pushJson(L, item);
      lua.lua_setfield(L, -2, encode(name));
    }
  } else lua.lua_pushnil(L);
}

function toJson(L: LuaState, index: number): unknown {
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TNUMBER:
      return lua.lua_tonumber(L, index);
    case lua.LUA_TSTRING:
      return lua.lua_tojsstring(L, index);
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index);
    case lua.LUA_TTABLE: {
      const table = index < 0 ? lua.lua_gettop(L) + index + 1 : index;
      const fields: Record<string, unknown> = {};
      lua.lua_pushnil(L);
      while (lua.lua_next(L, table) !== 0) {
        fields[lua.lua_tojsstring(L, -2)] = toJson(L, -1);
        lua.lua_settop(L, -2);
      }
      return lua.lua_rawlen(L, table) > 0 ? Object.values(fields) : fields;
    }
    default:
      return null;
  }
}
