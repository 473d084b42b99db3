import type * as z from 'zod/mini';
import { ClientMessage } from './clientMessages.ts';
import { compile } from './compile.ts';
import type { ErrorCode } from './errors.ts';
import { LIMITS } from './limits.ts';
import { ServerMessage } from './serverMessages.ts';

export type Decoded<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string; readonly id?: string };

/**
 * Reads one frame from a client: size, then JSON, then the closed schema. Never throws.
 *
 * @param text - the frame as text, any length
 * @returns the message, or the code to refuse it with, why, and the request id where one can be read
 */
export function decodeClientMessage(text: string): Decoded<ClientMessage> {
  return decode(ClientMessage, text, isClientMessage);
}

/** The schema says in words what is wrong and takes its time; what is right is seen quicker. */
const isClientMessage = /* @__PURE__ */ compile(ClientMessage);

/**
 * Whether what was read from JSON is surely a message of a server. Quicker than to decode it, for programs that are many clients at
 * once; false may also mean that nobody knows: then {@link decodeServerMessage} has to say.
 */
export const isServerMessage = /* @__PURE__ */ compile(ServerMessage);

/** The same for a frame from the server. */
export function decodeServerMessage(text: string): Decoded<ServerMessage> {
  return decode(ServerMessage, text);
}

function decode<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
  isSurelyValid?: (value: unknown) => value is z.infer<Schema>,
): Decoded<z.infer<Schema>> {
  // A UTF-16 length never exceeds the UTF-8 byte length, so this refuses nothing that fits.
  if (text.length > LIMITS.messageBytes)
    return { ok: false, code: 'TOO_LARGE', detail: 'over the message limit' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'BAD_MESSAGE', detail: 'not JSON' };
  }
  if (isSurelyValid?.(value) === true) return { ok: true, message: value };
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, message: result.data };
  const issue = result.error.issues[0];
  const detail = issue === undefined ? 'invalid' : `${issue.path.join('.') || 'message'}: ${issue.message}`;
  const id = readRequestId(value);
  return {
    ok: false,
    code: 'BAD_MESSAGE',
    detail: detail.slice(0, 200),
    ...(id === undefined ? {} : { id }),
  };
}

function readRequestId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' && value.id.length <= LIMITS.keyLength ? value.id : undefined;
}
