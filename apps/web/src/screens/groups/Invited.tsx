import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { Account } from '../../model/model.ts';
import { invitedWords as say } from '../../words/invited.ts';
import { words } from '../../words/index.ts';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { Standstill } from '../Standstill.tsx';
import { JoinCard } from './JoinCard.tsx';

type InvitedAccount = Extract<Account, { readonly state: 'invited' }>;

/** GRP6: the page of a call link. */
export default function Invited() {
  const account = useModel((model) => model.account);
  return account.state === 'invited' ? <Page account={account} /> : null;
}

function Page({ account }: { readonly account: InvitedAccount }) {
  const { retry } = useActions();
  const { invitation, me, joining } = account;
  const again = (
    <Button look="primary" onClick={() => retry()}>
      {words.common.tryAgain}
    </Button>
  );
  if (invitation.state === 'loading') {
    return (
      <main className="invited" aria-busy="true">
        <div className="invited-card">
          <RowsSkeleton count={3} />
          <p className="sr-only" role="status">
            {say.loading}
          </p>
        </div>
      </main>
    );
  }
  if (invitation.state === 'failed') return <Standstill {...say.failed}>{again}</Standstill>;
  if (invitation.state === 'invalid') return <Standstill {...say.invalid} />;
  const { value } = invitation;
  switch (value.state) {
    case 'ended':
      return <Standstill {...say.ended} />;
    case 'locked':
      return <Standstill {...say.locked(value.hostName)}>{again}</Standstill>;
    case 'full':
      return <Standstill {...say.full}>{again}</Standstill>;
    case 'open':
      return <JoinCard invitation={value} me={me} joining={joining} />;
  }
}
