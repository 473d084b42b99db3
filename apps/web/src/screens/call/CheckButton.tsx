import { Button } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { words } from '../../words/index.ts';

/** The way to find out what is wrong, from where it is wrong. */
export function CheckButton({ callKey }: { readonly callKey: string }) {
  const { openCheck } = useActions();
  return (
    <Button aria-label={words.check.open} onClick={() => openCheck(callKey)}>
      {words.check.short}
    </Button>
  );
}
