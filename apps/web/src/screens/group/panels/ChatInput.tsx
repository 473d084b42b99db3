import { LIMITS } from '@visavis/protocol';
import { SendHorizontal } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { groupCallWords } from '../../../words/groupCall.ts';

const say = groupCallWords.chat;
/** From here on it is said how many characters are left. */
const SAID_FROM_LEFT = 200;

interface ChatInputProps {
  readonly ref: RefObject<HTMLTextAreaElement | null>;
  readonly onSend: (text: string) => void;
}

export function ChatInput({ ref, onSend }: ChatInputProps) {
  const [text, setText] = useState('');
  const hint = useId();
  const left = LIMITS.chatLength - text.trim().length;
  const allowed = left >= 0 && text.trim() !== '';
  const composing = useRef(false);

  // Grows with what is written, up to what the style allows.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    element.style.setProperty('height', 'auto');
    if (text !== '') element.style.setProperty('height', `${element.scrollHeight}px`);
  }, [ref, text]);

  const send = (): void => {
    if (!allowed) return;
    onSend(text.trim());
    setText('');
    ref.current?.focus();
  };
  const handleKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || composing.current || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="chat-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="chat-field">
        <textarea
          ref={ref}
          rows={1}
          aria-label={say.label}
          aria-describedby={hint}
          aria-invalid={left < 0}
          placeholder={say.placeholder}
          value={text}
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={handleKeyDown}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={() => {
            composing.current = false;
          }}
        />
        <button type="submit" className="chat-send" aria-label={say.send} disabled={!allowed}>
          <SendHorizontal size={20} />
        </button>
      </div>
      <span id={hint} className="sr-only">
        {say.hint}
      </span>
      {left <= SAID_FROM_LEFT && (
        <p className="chat-count" data-over={left < 0 || undefined} role="status">
          {left < 0 ? say.over(-left) : say.left(left)}
        </p>
      )}
    </form>
  );
}
