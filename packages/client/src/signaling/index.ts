export { createLink } from './link.ts';
export { watchWakeUps } from './wakeUps.ts';
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
