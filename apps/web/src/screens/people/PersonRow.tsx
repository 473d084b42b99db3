import { Phone, Video } from 'lucide-react';
import { memo } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { PresenceDot } from '../../components/Presence.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { useNow } from '../../components/useNow.ts';
import type { Contact } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { lastSeen } from '../../words/time.ts';
import { hashOf } from '../route.ts';
import { TrustMark } from '../trust/TrustMark.tsx';

interface PersonRowProps {
  readonly contact: Contact;
  /** Its detail is open beside the list, with the call buttons in large. */
  readonly selected: boolean;
}

export const PersonRow = memo(function PersonRow({ contact, selected }: PersonRowProps) {
  const { call } = useActions();
  const { user } = contact;
  const changed = useModel(({ standings }) => standings[user.userId] === 'changed') && !contact.blocked;
  return (
    <li className="row" data-selected={selected || undefined}>
      <a
        className="row-main"
        href={hashOf({ name: 'person', userId: user.userId })}
        aria-current={selected ? 'true' : undefined}
      >
        <span className="avatar-box">
          <Avatar person={user} size={48} />
          {!contact.blocked && <PresenceDot presence={contact.presence} />}
        </span>
        <span className="row-text">
          <span className="row-name">
            {user.name}
            <TrustMark userId={user.userId} />
          </span>
          {changed ? (
            // The mark beside the name says it to a screen reader.
            <span className="row-sub row-changed" aria-hidden="true">
              {words.trust.changedMark}
            </span>
          ) : (
            <PresenceText contact={contact} />
          )}
        </span>
      </a>
      {!selected && !contact.blocked && (
        <span className="row-actions">
          <IconButton
            label={words.contacts.audioCall(user.name)}
            className="call-button"
            onClick={() => call(user.userId, 'audio')}
          >
            <Phone size={20} />
          </IconButton>
          <IconButton
            label={words.contacts.videoCall(user.name)}
            className="call-button"
            onClick={() => call(user.userId, 'video')}
          >
            <Video size={22} />
          </IconButton>
        </span>
      )}
    </li>
  );
});

/** The dot says it already to a screen reader; this line is for eyes. */
export function PresenceText({ contact }: { readonly contact: Contact }) {
  const now = useNow(60_000);
  const said =
    contact.presence === 'offline'
      ? (lastSeen(contact.lastSeenAt, now) ?? words.presence.offline)
      : words.presence[contact.presence];
  return (
    <span className="row-sub" data-presence={contact.presence} aria-hidden="true">
      {contact.blocked ? words.contacts.blocked : said}
    </span>
  );
}
