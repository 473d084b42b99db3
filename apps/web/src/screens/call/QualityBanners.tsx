import { EyeOff, SignalMedium, WalletMinimal, WifiOff } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import type { CallView } from '../../model/model.ts';
import { qualityWords as say } from '../../words/quality.ts';
import { CheckButton } from './CheckButton.tsx';

/** What holds pictures back, and whose side a bad connection is, where no picture has room for it. */
export function QualityBanners({ callKey }: { readonly callKey: string }) {
  const { hidePictures } = useActions();
  const call = useCall(callKey, (call) => ({
    connected: call.phase.name === 'connected',
    paused: pausedWords(call),
    // In a call between two the mark stands with the picture.
    mark:
      call.group !== null && call.quality.mark.level === 'poor' ? say.mark(call.quality.mark, null) : null,
    budget: call.quality.budget === null ? null : say.budget(call.quality.budget),
    hides: call.quality.hidesPictures,
  }));
  if (call === null || !call.connected) return null;
  const { paused, mark, budget, hides } = call;
  return (
    <>
      {paused !== null && (
        <div className="banner lost-bar" role="status">
          <WifiOff size={18} aria-hidden="true" />
          {paused}
          <CheckButton callKey={callKey} />
        </div>
      )}
      {paused === null && mark !== null && (
        <div className="banner" role="status">
          <SignalMedium size={18} aria-hidden="true" />
          {mark}
        </div>
      )}
      {budget !== null && (
        <div className="banner banner-words" role="status">
          <WalletMinimal size={18} aria-hidden="true" />
          {budget}
        </div>
      )}
      {hides && (
        <div className="banner sharing-bar" role="status">
          <EyeOff size={18} aria-hidden="true" />
          {say.hidden}
          <Button onClick={() => hidePictures(callKey, false)}>{say.show}</Button>
        </div>
      )}
    </>
  );
}

function pausedWords({ local, quality, group, person }: CallView): string | null {
  if (!local.camera || !local.paused) return null;
  const { side } = quality.mark;
  if (side === 'other' && group === null) return say.tooWeak.other(person.name);
  return say.tooWeak[side === null || side === 'own' || side === 'both' ? 'own' : 'unknown'];
}
