import { MessageSquare, RotateCw } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { useActions } from '../../../components/store.tsx';
import { useMediaQuery } from '../../../components/useMediaQuery.ts';
import type { ChatLine } from '../../../model/groups.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { clockTime } from '../../../words/time.ts';
import { useGroup } from '../useTile.ts';
import { ChatInput } from './ChatInput.tsx';
import { chatBlocks } from './chatBlocks.ts';
import { PanelFrame } from './PanelFrame.tsx';

const say = groupCallWords.chat;

interface ChatPanelProps {
  readonly callKey: string;
  readonly onClose: () => void;
}

/** What is written in a call. It is plain text: no link is loaded, nothing is embedded. */
export function ChatPanel({ callKey, onClose }: ChatPanelProps) {
  const { markChatRead, sendChat } = useActions();
  const chat = useGroup(callKey, (group) => group.chat) ?? [];
  const unread = useGroup(callKey, (group) => group.unreadChat) ?? 0;
  // Where the new ones began when one opened it: the mark stays there while one reads.
  const [freshId] = useState(() => (unread === 0 ? null : (chat[chat.length - unread]?.id ?? null)));
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  // On a phone the focus would bring up the keyboard, over what one came to read.
  const pointer = useMediaQuery('(hover: hover)');

  useEffect(() => {
    if (unread > 0 && document.visibilityState === 'visible') markChatRead(callKey);
  }, [unread, callKey, markChatRead]);

  const newest = chat.at(-1)?.id;
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && newest !== undefined) element.scrollTop = element.scrollHeight;
  }, [newest]);

  return (
    <PanelFrame label={say.title} title={say.title} onClose={onClose} {...(pointer ? { focus: input } : {})}>
      <div
        className="chat-lines scroll"
        ref={list}
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label={say.title}
      >
        {chat.length === 0 && (
          <EmptyState picture={<MessageSquare size={36} />} title={say.empty} hint={say.emptyHint} />
        )}
        {chatBlocks(chat, freshId).map((block) => (
          <div key={block.id} className="chat-block" data-mine={block.isMe || undefined}>
            {block.fresh && (
              <p className="chat-fresh">
                <span>{say.fresh}</span>
              </p>
            )}
            <p className="chat-who">
              <strong>{block.isMe ? say.you : block.name}</strong>
              <time dateTime={new Date(block.at).toISOString()}>{clockTime(block.at)}</time>
            </p>
            {block.lines.map((line) => (
              <Line key={line.id} line={line} onAgain={() => sendChat(callKey, line.text)} />
            ))}
          </div>
        ))}
      </div>
      <ChatInput ref={input} onSend={(text) => sendChat(callKey, text)} />
    </PanelFrame>
  );
}

interface LineProps {
  readonly line: ChatLine;
  readonly onAgain: () => void;
}

function Line({ line, onAgain }: LineProps) {
  return (
    <div className="chat-line" data-state={line.state}>
      <p className="chat-text">{line.text}</p>
      {line.state === 'sending' && <span className="sr-only">{say.sending}</span>}
      {line.state === 'failed' && (
        <p className="chat-failed">
          {say.failed}
          <button type="button" onClick={onAgain}>
            <RotateCw size={13} aria-hidden="true" />
            {say.again}
          </button>
        </p>
      )}
      {line.missedBy.length > 0 && <p className="chat-missed">{say.missed(line.missedBy)}</p>}
    </div>
  );
}
