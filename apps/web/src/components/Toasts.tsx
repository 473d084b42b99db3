import { Check, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Notice } from '../model/model.ts';
import { words } from '../words/index.ts';
import { IconButton } from './Button.tsx';
import { useActions, useModel } from './store.tsx';

const SHOWN_MS = 6_000;
const ICONS = { plain: Info, good: Check, bad: TriangleAlert };

/** Things to say that belong to no call. Each goes by itself, except while it is pointed at. */
export function Toasts() {
  const notices = useModel((model) => model.notices);
  return (
    <div className="toasts" role="status">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice }: { readonly notice: Notice }) {
  const { dismissNotice } = useActions();
  const [held, setHeld] = useState(false);
  const { tone, text } = words.notices(notice);
  const Icon = ICONS[tone];
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismissNotice(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, notice.id, dismissNotice]);
  return (
    <div
      className="toast"
      data-tone={tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <Icon size={18} aria-hidden="true" />
      <span>{text}</span>
      <IconButton label={words.common.dismiss} tip={null} onClick={() => dismissNotice(notice.id)}>
        <X size={18} />
      </IconButton>
    </div>
  );
}
