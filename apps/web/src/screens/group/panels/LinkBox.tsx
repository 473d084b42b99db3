import { Check, Copy, Link, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../../components/Button.tsx';
import { useActions } from '../../../components/store.tsx';
import { groupCallWords } from '../../../words/groupCall.ts';
import { words } from '../../../words/index.ts';
import { weekdayTime } from '../../../words/time.ts';
import { useGroup } from '../useTile.ts';

const say = groupCallWords.panel;

const COPIED_MS = 2_500;

/** A link for people without an account: made on request, then to be copied or passed on. */
export function LinkBox({ callKey }: { readonly callKey: string }) {
  const { makeLink } = useActions();
  const link = useGroup(callKey, (group) => group.link);
  return (
    <div className="panel-box link-box">
      <h4>{say.link}</h4>
      <p>{say.linkHint}</p>
      {link === null && (
        <Button icon={<Link size={18} aria-hidden="true" />} onClick={() => makeLink(callKey)}>
          {say.makeLink}
        </Button>
      )}
      {link?.state === 'making' && <p role="status">{say.linkMaking}</p>}
      {link?.state === 'failed' && (
        <>
          <p role="status">{say.linkFailed}</p>
          <Button onClick={() => makeLink(callKey)}>{words.common.tryAgain}</Button>
        </>
      )}
      {link?.state === 'ready' && <Ready url={link.url} expiresAt={link.expiresAt} />}
    </div>
  );
}

interface ReadyProps {
  readonly url: string;
  readonly expiresAt: number;
}

function Ready({ url, expiresAt }: ReadyProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  useEffect(() => {
    if (copied !== 'yes') return undefined;
    const timer = setTimeout(() => setCopied('no'), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    const copying = navigator.clipboard?.writeText(url);
    if (copying === undefined) return setCopied('refused');
    copying.then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  };
  return (
    <>
      <input
        className="link-text"
        readOnly
        value={url}
        aria-label={say.link}
        onFocus={(event) => event.target.select()}
      />
      <div className="panel-actions">
        <Button
          aria-label={say.copyLink}
          icon={
            copied === 'yes' ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />
          }
          onClick={copy}
        >
          {copied === 'yes' ? say.copied : say.copyLink}
        </Button>
        {typeof navigator.share === 'function' && (
          <Button
            icon={<Share2 size={18} aria-hidden="true" />}
            onClick={() => void navigator.share({ url }).catch(() => {})}
          >
            {say.shareLink}
          </Button>
        )}
      </div>
      <p role="status">{copied === 'refused' ? say.copyRefused : say.linkUntil(weekdayTime(expiresAt))}</p>
    </>
  );
}
