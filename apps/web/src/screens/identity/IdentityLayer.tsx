import { useModel } from '../../components/store.tsx';
import { AskNotice } from './AskNotice.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';

/** What comes up wherever one is: this device asks to be confirmed, or another one does. */
export default function IdentityLayer() {
  const asking = useModel((model) => model.identity.asking);
  return (
    <>
      <AskNotice />
      {asking !== null && <ConfirmDialog asking={asking} />}
    </>
  );
}
