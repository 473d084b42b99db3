import type { Presence } from '../model/model.ts';
import { words } from '../words/index.ts';

/** The dot on an avatar. Its meaning is said in words to a screen reader, and by shape to the colour-blind. */
export function PresenceDot({ presence }: { readonly presence: Presence }) {
  return (
    <span className="presence" data-presence={presence}>
      <span className="sr-only">{words.presence[presence]}</span>
    </span>
  );
}
