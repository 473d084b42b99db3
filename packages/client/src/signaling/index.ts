export { createLink } from './link.ts';
export type {
  Link,
  LinkAnswer,
  LinkEnd,
  LinkHandlers,
  LinkOptions,
  LinkState,
  Socket,
  SocketHandlers,
} from './types.ts';
