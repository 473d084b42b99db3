import { LoaderCircle, Phone, Repeat2 } from 'lucide-react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import { useNow } from '../../components/useNow.ts';
import { callWords } from '../../words/call.ts';
import { words } from '../../words/index.ts';
import { firstName } from '../../words/names.ts';
import { callTitle } from '../group/names.ts';
import { CheckButton } from './CheckButton.tsx';
import { QualityBanners } from './QualityBanners.tsx';

interface BannersProps {
  readonly callKey: string;
  readonly heldKeys: readonly string[];
}

/** What must be known whatever else is on screen: a lost connection, another call on hold. */
export function Banners({ callKey, heldKeys }: BannersProps) {
  const lostAt = useCall(callKey, (call) => (call.phase.name === 'reconnecting' ? call.phase.sinceAt : null));
  return (
    <div className="banners">
      {heldKeys.map((key) => (
        <HeldBar key={key} callKey={key} />
      ))}
      <QualityBanners callKey={callKey} />
      {lostAt !== null && <Reconnecting callKey={callKey} sinceAt={lostAt} />}
    </div>
  );
}

/** Shorter gaps are over before anybody has read this. */
const NOTICED_MS = 1_000;

function Reconnecting({ callKey, sinceAt }: { readonly callKey: string; readonly sinceAt: number }) {
  const now = useNow(250, sinceAt);
  if (now - sinceAt < NOTICED_MS) return null;
  return (
    <div className="banner lost-bar">
      <LoaderCircle size={18} className="turning" aria-hidden="true" />
      {words.call.reconnecting}
      <CheckButton callKey={callKey} />
    </div>
  );
}

function HeldBar({ callKey }: { readonly callKey: string }) {
  const { resume, end } = useActions();
  const person = useCall(callKey, (call) => call.person);
  const group = useCall(callKey, (call) => (call.group === null ? null : callTitle(call)));
  if (person === null) return null;
  const name = group ?? person.name;
  return (
    <div className="banner held-bar">
      <Avatar person={person} size={32} />
      <span className="held-text">{callWords.otherCall(group ?? firstName(name))}</span>
      <Button
        aria-label={callWords.swapTo(name)}
        icon={<Repeat2 size={18} aria-hidden="true" />}
        onClick={() => resume(callKey)}
      >
        {callWords.swap}
      </Button>
      <IconButton label={callWords.endOther(name)} className="held-end" onClick={() => end(callKey)}>
        <Phone size={18} fill="currentColor" strokeWidth={0} className="hang-up" />
      </IconButton>
    </div>
  );
}
