import { ArrowDownToLine, X } from 'lucide-react';
import { useEffect } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { MoveOfferView } from '../../model/model.ts';
import { moveWords as say } from '../../words/moves.ts';
import { useMe } from '../useMe.ts';
import { ownCallName } from './OwnCalls.tsx';

/** CALL4: what this device is asked to take over, wherever one is. */
export default function MoveOffers() {
  const offers = useModel((model) => model.moveOffers);
  return (
    <div className="call-cards">
      {offers.map((offer) => (
        <OfferCard key={offer.token} offer={offer} />
      ))}
    </div>
  );
}

/** The system's notification, while nobody looks at this page. */
function useOfferNotification(token: string, title: string): void {
  const allowed = useModel((model) => model.preferences.notifications === 'granted');
  useEffect(() => {
    if (!allowed || document.visibilityState === 'visible') return undefined;
    try {
      const notification = new Notification(title, { icon: '/icon-192.png', tag: token });
      notification.addEventListener('click', () => window.focus());
      return () => notification.close();
    } catch {
      // Some phones allow notifications only from a service worker.
      return undefined;
    }
  }, [allowed, token, title]);
}

function OfferCard({ offer }: { readonly offer: MoveOfferView }) {
  const { acceptMove, declineMove } = useActions();
  const me = useMe();
  const { token, from, call } = offer;
  const name = ownCallName(call);
  const isOwn = from.userId === me?.userId;
  useOfferNotification(token, isOwn ? say.offerOwn(name) : say.offerOther(from.name, name));
  return (
    <section className="call-card" aria-label={say.offerRegion} role="alert">
      <div className="call-card-head">
        <Avatar person={isOwn ? call.peer : from} size={52} />
        <div className="call-card-text">
          <strong>{isOwn ? say.offerOwn(name) : say.offerOther(from.name, name)}</strong>
          <span>{isOwn ? say.offerOwnFrom(call.devices[0]?.name ?? '') : say.offerOtherHint(from.name)}</span>
        </div>
        <IconButton label={say.decline} tip={null} onClick={() => declineMove(token)}>
          <X size={20} />
        </IconButton>
      </div>
      <div className="call-card-actions">
        <Button onClick={() => declineMove(token)}>{say.decline}</Button>
        <Button
          className="answer-button"
          icon={<ArrowDownToLine size={18} aria-hidden="true" />}
          onClick={() => acceptMove(token)}
        >
          {isOwn ? say.accept : say.take}
        </Button>
      </div>
    </section>
  );
}
