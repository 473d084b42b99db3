import type { Bytes } from '@visavis/encryption';
import { GUEST_KEY_BYTES } from '@visavis/encryption/identity';
import { ChatText, Reaction } from '@visavis/protocol';

/** GRP7: what a person says. */
export type KeptContent =
  | { readonly type: 'chat'; readonly text: string }
  | { readonly type: 'reaction'; readonly reaction: Reaction };

/** What members of a call say to each other besides media. The server sees none of it. */
export type CallContent =
  | KeptContent
  /**
   * GRP7: said before, when somebody who is back had no keys. `tag`: the last 16 bytes of the frame that brought it first; `at`: when, in the
   * server's time.
   */
  | { readonly type: 'again'; readonly tag: Bytes; readonly at: number; readonly content: KeptContent }
  /** GRP6: of links into this call, 32 bytes each. */
  | { readonly type: 'guest_keys'; readonly keys: readonly Bytes[] }
  /** GRP6: there is a guest whose name cannot be read here. */
  | { readonly type: 'ask_guest_keys' };

/** In the first byte. Never given to another kind: devices of two releases are in one call. */
const KINDS = { chat: 1, reaction: 2, guest_keys: 3, ask_guest_keys: 4, again: 5 } as const satisfies Record<
  CallContent['type'],
  number
>;
/** More than there are links of a call: more is a flood. */
export const MOST_GUEST_KEYS = 32;

/** Of AES-GCM. */
export const TAG_BYTES = 16;
const TIME_BYTES = 6;

/** The kind in one byte, then UTF-8 of a line or a reaction, the keys one after the other, or tag, time and what is said again. */
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
    case 'again': {
      const time = Array.from({ length: TIME_BYTES }, (_, at) =>
        Math.floor(content.at / 256 ** (TIME_BYTES - 1 - at)),
      );
      return [...content.tag, ...time.map((part) => part % 256), ...writeContent(content.content)];
    }
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
    case KINDS.again: {
      const said = rest.slice(TAG_BYTES + TIME_BYTES);
      const content = said.length === 0 ? null : readContent(said);
      if (content?.type !== 'chat' && content?.type !== 'reaction') return null;
      const at = rest.slice(TAG_BYTES, TAG_BYTES + TIME_BYTES).reduce((time, byte) => time * 256 + byte, 0);
      return { type: 'again', tag: rest.slice(0, TAG_BYTES), at, content };
    }
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
