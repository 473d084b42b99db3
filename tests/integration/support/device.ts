import {
  decodeServerMessage,
  PROTOCOL_VERSION,
  type CallSnapshot,
  type RequestAnswer,
  type ServerEvent,
  type ServerMessage,
} from '@visavis/protocol';
import type { App, ConnectionHandler, SignedInDevice } from '@visavis/server';
import { until } from './until.ts';

type Registered = Extract<ServerMessage, { type: 'registered' }>;
type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

/** One device with a socket in memory: what it says goes straight to the server, what it hears is kept in order. */
export class TestDevice {
  readonly device: SignedInDevice;
  readonly cookie: string;
  readonly heard: ServerMessage[] = [];
  closedWith: number | null = null;
  pings = 0;
  /** How much the fake socket says it has not sent. */
  buffered = 0;
  /** Whether a ping is answered. */
  answersPings = true;
  sessionId: string | null = null;
  #app: App;
  #handler: ConnectionHandler | null = null;
  #nextId = 0;

  constructor(app: App, device: SignedInDevice, cookie: string) {
    this.#app = app;
    this.device = device;
    this.cookie = cookie;
  }

  get deviceId(): string {
    return this.device.deviceId;
  }

  get userId(): string {
    return this.device.userId;
  }

  /** Opens a socket; the former one, if any, stays as it is and is no longer heard. @returns the handler of this socket */
  open(address = '127.0.0.1'): ConnectionHandler {
    this.closedWith = null;
    let mine = true;
    const handler = this.#app.gateway.accept(
      {
        send: (text) => {
          if (mine && this.#handler === handler) this.#hear(text);
        },
        ping: () => {
          this.pings += 1;
          if (this.answersPings) handler.handlePong();
        },
        close: (code) => {
          mine = false;
          if (this.#handler === handler) this.closedWith = code;
          handler.handleClose();
        },
        terminate: () => {
          mine = false;
          if (this.#handler === handler) this.closedWith = 1006;
          handler.handleClose();
        },
        bufferedBytes: () => this.buffered,
      },
      this.device,
      address,
    );
    this.#handler = handler;
    return handler;
  }

  /** The network is gone: the server sees the socket close, nothing more. */
  cut(): void {
    this.#handler?.handleClose();
    this.#handler = null;
  }

  #hear(text: string): void {
    const decoded = decodeServerMessage(text);
    if (!decoded.ok)
      throw new Error(`the server said what the protocol does not allow: ${decoded.detail} in ${text}`);
    this.heard.push(decoded.message);
  }

  say(message: unknown): void {
    this.sayText(JSON.stringify(message));
  }

  sayText(text: string): void {
    this.#handler?.handleText(text);
  }

  nextId(): string {
    this.#nextId += 1;
    return `r${String(this.#nextId)}`;
  }

  async register(resume: { sessionId: string; lastSeq: number } | null = null): Promise<Registered> {
    if (this.#handler === null || this.closedWith !== null) this.open();
    const id = this.nextId();
    this.say({
      type: 'register',
      id,
      payload: { protocol: PROTOCOL_VERSION, deviceId: this.deviceId, resume },
    });
    const registered = await until(`${this.device.name} registers`, () =>
      this.heard.find((message): message is Registered => message.type === 'registered' && message.id === id),
    );
    this.sessionId = registered.payload.sessionId;
    return registered;
  }

  /** A new session on a new socket, as after a reload of the page. */
  async reload(): Promise<Registered> {
    this.open();
    return this.register();
  }

  /** Sends a request and waits for its answer. */
  async request(
    type: string,
    fields: { callId?: string; payload?: unknown; id?: string },
  ): Promise<RequestAnswer> {
    const { id = this.nextId(), payload = {}, ...rest } = fields;
    const before = this.heard.length;
    this.say({ type, id, payload, ...rest });
    return until(`an answer to ${type}`, () =>
      this.heard
        .slice(before)
        .find(
          (message): message is RequestAnswer =>
            (message.type === 'ok' || message.type === 'error') && message.id === id,
        ),
    );
  }

  /** Dials and gives the call. */
  async dial(
    callee: { userId: string },
    callType: 'video' | 'audio' = 'video',
    key?: string,
  ): Promise<CallSnapshot> {
    const answer = await this.request('initiate_call', {
      payload: { calleeId: callee.userId, callType, idempotencyKey: key ?? crypto.randomUUID() },
    });
    if (answer.type !== 'ok' || answer.payload.call === undefined) {
      throw new Error(`dialing failed: ${JSON.stringify(answer)}`);
    }
    return answer.payload.call;
  }

  events<Type extends ServerEvent['type']>(type: Type, callId?: string): EventOf<Type>[] {
    return this.heard.filter(
      (message): message is EventOf<Type> =>
        message.type === type && 'seq' in message && (callId === undefined || message.callId === callId),
    );
  }

  async event<Type extends ServerEvent['type']>(type: Type, callId?: string): Promise<EventOf<Type>> {
    return until(`${this.device.name} hears ${type}`, () => this.events(type, callId)[0]);
  }

  notices<Type extends 'presence' | 'history_changed' | 'profile_changed'>(
    type: Type,
  ): Extract<ServerMessage, { type: Type }>[] {
    return this.heard.filter(
      (message): message is Extract<ServerMessage, { type: Type }> => message.type === type,
    );
  }
}

export const codeOf = (answer: RequestAnswer): string => (answer.type === 'ok' ? 'ok' : answer.payload.code);
