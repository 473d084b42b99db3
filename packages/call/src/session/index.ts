export { acknowledge, createOutbox, eventsAfter, keepNext, pushEvent, type Outbox } from './outbox.ts';
export { receiveEvent, type Inbox } from './inbox.ts';
export { reconnectDelayMs } from './reconnect.ts';
