import { Hand, Heart, PartyPopper, ThumbsUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Reaction } from '../../model/groups.ts';
import { groupCallWords } from '../../words/groupCall.ts';

/** Drawn, not written: an emoji looks different on each device, and is missing on some. */
const face = (inside: ReactNode): ReactNode => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="11" fill="#ffc93c" />
    {inside}
  </svg>
);

const INK = '#5a3a05';

const PICTURES: Readonly<Record<Reaction, ReactNode>> = {
  thumbs_up: <ThumbsUp fill="#ffc93c" color={INK} strokeWidth={1.4} aria-hidden="true" />,
  heart: <Heart fill="#f0455a" color="#b31f38" strokeWidth={1.2} aria-hidden="true" />,
  laugh: face(
    <>
      <path d="M6.2 9.6q1.7-2.4 3.6 0M14.2 9.6q1.9-2.4 3.6 0" fill="none" stroke={INK} strokeWidth="1.5" />
      <path d="M5.8 12.6h12.4a6.2 6.2 0 0 1-12.4 0Z" fill={INK} />
      <path d="M8.4 17.2q3.6-2.4 7.2 0a6.2 6.2 0 0 1-7.2 0Z" fill="#f0657a" />
    </>,
  ),
  surprise: face(
    <>
      <circle cx="8.2" cy="9.4" r="1.6" fill={INK} />
      <circle cx="15.8" cy="9.4" r="1.6" fill={INK} />
      <ellipse cx="12" cy="16.2" rx="2.7" ry="3.4" fill={INK} />
      <path d="M6.4 6.2q1.6-1.5 3.2-.7M17.6 6.2q-1.6-1.5-3.2-.7" fill="none" stroke={INK} strokeWidth="1.1" />
    </>,
  ),
  applause: (
    <span className="clap">
      <Hand fill="#ffb84d" color={INK} strokeWidth={1.3} aria-hidden="true" />
      <Hand fill="#ffd27a" color={INK} strokeWidth={1.3} aria-hidden="true" />
    </span>
  ),
  party: <PartyPopper fill="#8fb1ff" color="#2c3e94" strokeWidth={1.4} aria-hidden="true" />,
};

const ALL: readonly Reaction[] = ['thumbs_up', 'heart', 'laugh', 'surprise', 'applause', 'party'];

export const isReaction = (id: string): id is Reaction => id in PICTURES;

export const REACTIONS = ALL.map((id) => ({
  id,
  label: groupCallWords.reactions[id],
  picture: <span className="reaction-picture">{PICTURES[id]}</span>,
}));

export const ReactionPicture = ({ reaction }: { readonly reaction: Reaction }) => (
  <span className="reaction-picture">{PICTURES[reaction]}</span>
);
