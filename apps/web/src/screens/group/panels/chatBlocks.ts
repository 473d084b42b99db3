import type { ChatLine } from '../../../model/groups.ts';

/** Lines that one person wrote in one go: the name stands over them once. */
export interface ChatBlock {
  readonly id: string;
  readonly name: string;
  readonly isMe: boolean;
  readonly at: number;
  /** What follows had not been read. */
  readonly fresh: boolean;
  readonly lines: readonly ChatLine[];
}

const PAUSE_MS = 180_000;

/** @param freshId - the first line that had not been read; null: there was none */
export function chatBlocks(chat: readonly ChatLine[], freshId: string | null): readonly ChatBlock[] {
  const blocks: (ChatBlock & { lines: ChatLine[] })[] = [];
  for (const line of chat) {
    const last = blocks.at(-1);
    const before = last?.lines.at(-1);
    const fresh = line.id === freshId;
    const goesOn = last?.lines[0]?.userId === line.userId && line.at - (before?.at ?? 0) < PAUSE_MS;
    if (last !== undefined && goesOn && !fresh) last.lines.push(line);
    else blocks.push({ id: line.id, name: line.name, isMe: line.isMe, at: line.at, fresh, lines: [line] });
  }
  return blocks;
}
