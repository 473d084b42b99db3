/** The part of fengari that the simulation uses. It has no types of its own. */
declare module 'fengari' {
  type LuaState = { readonly lua: unique symbol };
  type LuaString = Uint8Array;
  interface Lua {
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNIL: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_createtable(L: LuaState, items: number, fields: number): void;
    lua_gettop(L: LuaState): number;
    lua_next(L: LuaState, index: number): number;
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushcfunction(L: LuaState, run: (L: LuaState) => number): void;
    lua_pushinteger(L: LuaState, value: number): void;
    lua_pushnil(L: LuaState): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, text: LuaString): void;
    lua_rawgeti(L: LuaState, index: number, n: number): number;
    lua_rawlen(L: LuaState, index: number): number;
    lua_rawseti(L: LuaState, index: number, n: number): void;
    lua_setfield(L: LuaState, index: number, name: LuaString): void;
    lua_setglobal(L: LuaState, name: LuaString): void;
    lua_settop(L: LuaState, index: number): void;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tojsstring(L: LuaState, index: number): string;
    lua_tonumber(L: LuaState, index: number): number;
    lua_type(L: LuaState, index: number): number;
  }
  interface LauxLib {
    luaL_loadstring(L: LuaState, text: LuaString): number;
    luaL_newstate(): LuaState;
    luaL_ref(L: LuaState, index: number): number;
  }
  interface LuaLib {
    luaL_openlibs(L: LuaState): void;
  }
  const fengari: {
    readonly lua: Lua;
    readonly lauxlib: LauxLib;
    readonly lualib: LuaLib;
    readonly to_luastring: (text: string) => LuaString;
  };
  export default fengari;
}
