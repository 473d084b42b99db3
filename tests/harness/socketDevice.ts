import { randomUUID } from 'node:crypto';
import {
  decodeServerMessage,
  PROTOCOL_VERSION,
  SIGNALING_PATH,
  type RequestAnswer,
  type ServerEvent,
  type ServerMessage,
} from '@visavis/protocol';
import { demoUserId } from '@visavis/server';
import { WebSocket } from 'ws';
import { until } from './until.ts';

type Registered = Extract<ServerMessage, { type: 'registered' }>;
type ApprovalNotice = Extract<ServerMessage, { type: 'approval' }>;
type MediaNotice = Extract<ServerMessage, { type: 'media_lost' | 'media_moving' | 'media_tracks' }>;
type EventOf<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>;

interface Account {
  readonly userId: string;
  readonly deviceId: string;
  readonly cookie: string;
}

/** A device without media at a server process: real sockets, any node, and a book of what it heard. */
export class SocketDevice {
  readonly account: Account;
  /** Every event of every session, each as often as it came. */
  readonly heard: ServerEvent[] = [];
  /** What it was told of the media of its calls. */
  readonly mediaNotices: MediaNotice[] = [];
  /** What other devices of its user said to it (IDN4). */
  readonly approvals: ApprovalNotice[] = [];
  readonly presence = new Map<string, string>();
  /** Events that came twice or out of order (SES2). */
  readonly faults: string[] = [];
  closedWith: number | null = null;
  /** How often it had to come back. */
  returns = 0;
  #urls: readonly string[] = [];
  url: string;
  #socket: WebSocket | null = null;
  #sessionId: string | null = null;
  #lastSeq = 0;
  readonly #answers = new Map<string, (answer: RequestAnswer) => void>();
  #registered: Registered | null = null;

  private constructor(url: string, account: Account) {
    this.url = url;
    this.account = account;
  }

  /** Signs in as one of the demo people. */
  static async signIn(url: string, handle: string): Promise<SocketDevice> {
    const userId = demoUserId(handle);
    const response = await fetch(`${url}/api/demo/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ userId, deviceName: `${handle}'s device`, deviceKind: 'browser' }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const deviceId = cookie.slice('visavis_'.length, 'visavis_'.length + 36);
    return new SocketDevice(url, { userId, deviceId, cookie });
  }

  /** Signs in and registers. */
  static async online(url: string, handle: string): Promise<SocketDevice> {
    const device = await SocketDevice.signIn(url, handle);
    await device.register();
    return device;
  }

  get isRegistered(): boolean {
    return this.#registered !== null && this.closedWith === null;
  }

  get userId(): string {
    return this.account.userId;
  }

  /** Opens a socket at a node, and goes on with the session where there is one. */
  async register(url: string = this.url): Promise<Registered> {
    this.url = url;
    this.closedWith = null;
    this.#registered = null;
    const { deviceId, cookie } = this.account;
    const socket = new WebSocket(`${url.replace('http', 'ws')}${SIGNALING_PATH}?device=${deviceId}`, {
      headers: { cookie, origin: url },
    });
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', (code) => {
      if (this.#socket !== socket) return;
      this.closedWith = code;
      const urls = this.#urls;
      // A refused registration is tried again by whoever asked for it.
      if (urls.length === 0 || this.#registered === null) return;
      this.#registered = null;
      this.returns += 1;
      this.comeBack(urls).catch((error: unknown) => this.faults.push(String(error)));
    });
    socket.on('message', (data) => {
      if (this.#socket === socket && Buffer.isBuffer(data)) this.#hear(data.toString());
    });
    socket.on('open', () => {
      // On a slow machine it opens after whoever wanted it has given up and asks again with another.
      if (this.#socket !== socket) return socket.terminate();
      const resume = this.#sessionId === null ? null : { sessionId: this.#sessionId, lastSeq: this.#lastSeq };
      const payload = { protocol: PROTOCOL_VERSION, deviceId, resume };
      this.#say({ type: 'register', id: randomUUID(), payload });
    });
    await until(
      'the device is registered or refused',
      () => this.#registered !== null || this.closedWith !== null,
    );
    if (this.#registered === null) throw new Error(`closed with ${String(this.closedWith)}`);
    return this.#registered;
  }

  /** The same, at one node after the other until one takes it. @returns how long that took */
  async comeBack(urls: readonly string[]): Promise<number> {
    const startedAt = performance.now();
    await until('a node takes the device', async () => {
      for (const url of urls) {
        const registered = await this.register(url).catch(() => null);
        if (registered !== null) return true;
      }
      return false;
    });
    return performance.now() - startedAt;
  }

  /** From now on a socket that the server or the network ends is opened again at any of these nodes. */
  stayOnline(urls: readonly string[]): void {
    this.#urls = urls;
  }

  /** Gone without a word, as with a lost network. */
  cut(): void {
    this.#urls = [];
    const socket = this.#socket;
    this.#socket = null;
    socket?.terminate();
  }

  close(): void {
    this.#urls = [];
    this.#socket?.close();
  }

  #say(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    const decoded = decodeServerMessage(text);
    if (!decoded.ok) throw new Error(`the server said something unknown: ${decoded.detail}`);
    const { message } = decoded;
    if ('seq' in message) this.#take(message);
    else if (message.type === 'registered') {
      if (!message.payload.resumed) this.#lastSeq = 0;
      this.#sessionId = message.payload.sessionId;
      this.#registered = message;
    } else if (message.type === 'presence') {
      this.presence.set(message.payload.userId, message.payload.presence);
    } else if (message.type === 'approval') {
      this.approvals.push(message);
    } else if (
      message.type === 'media_lost' ||
      message.type === 'media_moving' ||
      message.type === 'media_tracks'
    ) {
      this.mediaNotices.push(message);
    } else if ((message.type === 'ok' || message.type === 'error') && message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    }
  }

  #take(event: ServerEvent): void {
    if (event.seq !== this.#lastSeq + 1)
      this.faults.push(`${event.type} has ${String(event.seq)} after ${String(this.#lastSeq)}`);
    this.#lastSeq = event.seq;
    this.heard.push(event);
    this.#say({ type: 'ack', payload: { seq: event.seq } });
  }

  async request(
    type: string,
    { callId, payload = {} }: { readonly callId?: string; readonly payload?: object } = {},
  ): Promise<RequestAnswer> {
    const id = randomUUID();
    const answer = new Promise<RequestAnswer>((resolve) => {
      this.#answers.set(id, resolve);
    });
    this.#say({ type, id, ...(callId === undefined ? {} : { callId }), payload });
    return answer;
  }

  /** @returns the id of the call */
  async dial(callee: { readonly userId: string }, idempotencyKey: string = randomUUID()): Promise<string> {
    const answer = await this.request('initiate_call', {
      payload: { calleeId: callee.userId, callType: 'video', idempotencyKey },
    });
    const callId = answer.type === 'ok' ? answer.payload.callId : undefined;
    if (callId === undefined) throw new Error(`dialing failed: ${JSON.stringify(answer)}`);
    return callId;
  }

  events<Type extends ServerEvent['type']>(type: Type, callId: string): EventOf<Type>[] {
    return this.heard.filter(
      (event): event is EventOf<Type> => event.type === type && event.callId === callId,
    );
  }

  async event<Type extends ServerEvent['type']>(type: Type, callId: string): Promise<EventOf<Type>> {
    await until(`${type} is heard`, () => this.events(type, callId).length > 0);
    const [event] = this.events(type, callId);
    if (event === undefined) throw new Error('vanished');
    return event;
  }

  async http(method: string, path: string): Promise<{ status: number; body: unknown }> {
    const { deviceId, cookie } = this.account;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { cookie, origin: this.url, 'x-visavis-device': deviceId },
    });
    const text = await response.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    return { status: response.status, body };
  }
}
