import type { Bytes } from '@visavis/encryption';
import { GUEST_KEY_BYTES } from '@visavis/encryption/identity';
import { ChatText, Reaction } from '@visavis/protocol';

/** What members of a call say to each other besides media. The server sees none of it. */
export type CallContent =
  /** GRP7. */
  | { readonly type: 'chat'; readonly text: string }
  | { readonly type: 'reaction'; readonly reaction: Reaction }
  /** GRP6: of links into this call, 32 bytes each. */
  | { readonly type: 'guest_keys'; readonly keys: readonly Bytes[] }
  /** GRP6: there is a guest whose name cannot be read here. */
  | { readonly type: 'ask_guest_keys' };

/** In the first byte. Never given to another kind: devices of two releases are in one call. */
const KINDS = { chat: 1, reaction: 2, guest_keys: 3, ask_guest_keys: 4 } as const satisfies Record<
  CallContent['type'],
  number
>;
/** More than there are links of a call: more is a flood. */
export const MOST_GUEST_KEYS = 32;

/** The kind in one byte, then UTF-8 of a line or a reaction, or the keys one after the other. */
export const writeContent = (content: CallContent): Bytes =>
  Uint8Array.from([KINDS[content.type], ...bodyOf(content)]);

function bodyOf(content: CallContent): Iterable<number> {
  switch (content.type) {
    case 'chat':
      return new TextEncoder().encode(content.text);
    case 'reaction':
      return new TextEncoder().encode(content.reaction);
    case 'guest_keys':
      return content.keys.flatMap((key) => [...key]);
    case 'ask_guest_keys':
      return [];
  }
}

/** What a member said; null where it is none of that, or not of the form that it has to have. */
export function readContent(bytes: Bytes): CallContent | null {
  const rest = bytes.slice(1);
  switch (bytes[0]) {
    case KINDS.chat: {
      const text = ChatText.safeParse(readText(rest));
      return text.success ? { type: 'chat', text: text.data } : null;
    }
    case KINDS.reaction: {
      const reaction = Reaction.safeParse(readText(rest));
      return reaction.success ? { type: 'reaction', reaction: reaction.data } : null;
    }
    case KINDS.guest_keys: {
      const count = rest.length / GUEST_KEY_BYTES;
      if (!Number.isInteger(count) || count < 1 || count > MOST_GUEST_KEYS) return null;
      const keys = Array.from({ length: count }, (_, at) =>
        rest.slice(at * GUEST_KEY_BYTES, (at + 1) * GUEST_KEY_BYTES),
      );
      return { type: 'guest_keys', keys };
    }
    case KINDS.ask_guest_keys:
      return rest.length === 0 ? { type: 'ask_guest_keys' } : null;
    case undefined:
    default:
      return null;
  }
}

function readText(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
