import { hueOf } from '../../components/hue.ts';
import type { UserSummary } from '../../model/model.ts';

/** The person's own colours, out of focus. A still picture: the blur is drawn once. */
export function Backdrop({ person }: { readonly person: UserSummary }) {
  return (
    <div className="backdrop" aria-hidden="true" style={{ '--hue': hueOf(person.userId) }}>
      {person.avatarUrl !== null && <img src={person.avatarUrl} alt="" draggable={false} />}
    </div>
  );
}
