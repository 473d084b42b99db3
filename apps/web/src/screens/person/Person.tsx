import { ArrowLeft, Ban, Phone, Star, Video } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { PresenceDot } from '../../components/Presence.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { useWide } from '../../components/useMediaQuery.ts';
import type { Contact } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { PresenceText } from '../people/PersonRow.tsx';
import { goTo } from '../route.ts';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { IdentityLine } from '../trust/IdentityLine.tsx';
import { TrustMark } from '../trust/TrustMark.tsx';
import { PersonHistory } from './PersonHistory.tsx';

const say = words.person;

export function Person({ userId }: { readonly userId: string }) {
  const contact = useModel((model) =>
    model.contacts.state === 'ready'
      ? (model.contacts.value.find((contact) => contact.user.userId === userId) ?? null)
      : null,
  );
  const wide = useWide();
  const contacts = useModel((model) => model.contacts.state);
  return (
    <div className="person">
      <header className="person-bar">
        <IconButton
          label={words.common.back}
          tip={null}
          onClick={() => goTo({ name: wide ? 'recents' : 'people' })}
        >
          <ArrowLeft size={22} />
        </IconButton>
        {contact !== null && <FavouriteButton contact={contact} />}
      </header>
      <div className="scroll">
        {contacts === 'loading' && <RowsSkeleton count={4} />}
        {contact !== null && <PersonBody contact={contact} />}
        {contact === null && contacts !== 'loading' && (
          <EmptyState title={say.unknown} hint={say.unknownHint} />
        )}
      </div>
    </div>
  );
}

function FavouriteButton({ contact }: { readonly contact: Contact }) {
  const { setFavourite } = useActions();
  const { favourite, user } = contact;
  return (
    <IconButton
      label={favourite ? say.unfavourite : say.favourite}
      className="favourite"
      data-on={favourite || undefined}
      onClick={() => setFavourite(user.userId, !favourite)}
    >
      <Star size={22} fill={favourite ? 'currentColor' : 'none'} />
    </IconButton>
  );
}

function PersonBody({ contact }: { readonly contact: Contact }) {
  const { call } = useActions();
  const { user, blocked } = contact;
  return (
    <section className="person-body" aria-label={say.region(user.name)}>
      <div className="person-face">
        <span className="avatar-box avatar-box-large">
          <Avatar person={user} />
          {!blocked && <PresenceDot presence={contact.presence} />}
        </span>
        <h1>
          {user.name} <TrustMark userId={user.userId} size={22} />
        </h1>
        <p className="person-presence">
          <PresenceText contact={contact} />
          <span className="person-handle">@{user.handle}</span>
        </p>
        {blocked ? (
          <p className="person-note">{say.blockedNote(user.name)}</p>
        ) : (
          <div className="person-calls">
            <button
              type="button"
              className="big-call"
              aria-label={words.contacts.audioCall(user.name)}
              onClick={() => call(user.userId, 'audio')}
            >
              <Phone size={22} fill="currentColor" strokeWidth={0} aria-hidden="true" />
              {say.callAudio}
            </button>
            <button
              type="button"
              className="big-call"
              data-main
              aria-label={words.contacts.videoCall(user.name)}
              onClick={() => call(user.userId, 'video')}
            >
              <Video size={24} fill="currentColor" strokeWidth={1} aria-hidden="true" />
              {say.callVideo}
            </button>
          </div>
        )}
      </div>
      {!blocked && <IdentityLine key={user.userId} user={user} />}
      <PersonHistory user={user} />
      <BlockButton contact={contact} />
    </section>
  );
}

function BlockButton({ contact }: { readonly contact: Contact }) {
  const { setBlocked } = useActions();
  const [asking, setAsking] = useState(false);
  const { user, blocked } = contact;
  if (blocked) {
    return (
      <Button className="block-button" onClick={() => setBlocked(user.userId, false)}>
        {say.unblock}
      </Button>
    );
  }
  return (
    <>
      <Button
        look="quiet"
        className="block-button"
        icon={<Ban size={18} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      >
        {`${say.block} ${user.name}`}
      </Button>
      {asking && (
        <Dialog
          title={say.blockTitle(user.name)}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{words.common.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  setAsking(false);
                  setBlocked(user.userId, true);
                }}
              >
                {say.block}
              </Button>
            </>
          }
        >
          <p>{say.blockBody(user.name)}</p>
        </Dialog>
      )}
    </>
  );
}
