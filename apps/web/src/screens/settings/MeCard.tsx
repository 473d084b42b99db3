import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { settingsWords as say } from '../../words/settings.ts';
import { words } from '../../words/index.ts';

export function MeCard() {
  const { signOut } = useActions();
  const me = useModel((model) => (model.account.state === 'signed_in' ? model.account.me : null));
  const [asking, setAsking] = useState(false);
  if (me === null) return null;
  return (
    <div className="card me-card">
      <Avatar person={me.user} size={64} />
      <div className="me-text">
        <strong>{me.user.name}</strong>
        <span>@{me.user.handle}</span>
        <span>{me.device.name}</span>
      </div>
      <Button icon={<LogOut size={18} aria-hidden="true" />} onClick={() => setAsking(true)}>
        {say.signOut}
      </Button>
      {asking && (
        <Dialog
          title={say.signOutTitle}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{words.common.cancel}</Button>
              <Button look="danger" onClick={() => signOut()}>
                {say.signOut}
              </Button>
            </>
          }
        >
          <p>{say.signOutBody}</p>
        </Dialog>
      )}
    </div>
  );
}
