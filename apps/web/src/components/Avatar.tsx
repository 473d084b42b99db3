import { useState } from 'react';
import type { UserSummary } from '../model/model.ts';
import { initials } from '../words/names.ts';
import { hueOf } from './hue.ts';

interface AvatarProps {
  readonly person: UserSummary;
  /** Edge in CSS pixels; leave it out to take the size from CSS. */
  readonly size?: number;
}

/** Picture, else initials on the person's colour. Its name always stands beside it, so it is silent itself. */
export function Avatar({ person, size }: AvatarProps) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const url = person.avatarUrl;
  const edge = size === undefined ? undefined : `${size}px`;
  return (
    <span className="avatar" aria-hidden="true" style={{ '--hue': hueOf(person.userId), '--edge': edge }}>
      <span className="avatar-initials">{initials(person.name)}</span>
      {url !== null && url !== failedUrl && (
        <img src={url} alt="" draggable={false} decoding="async" onError={() => setFailedUrl(url)} />
      )}
    </span>
  );
}
