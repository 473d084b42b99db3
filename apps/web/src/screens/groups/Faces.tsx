import { Avatar } from '../../components/Avatar.tsx';
import type { UserSummary } from '../../model/model.ts';

interface FacesProps {
  readonly people: readonly UserSummary[];
  /** Edge of the whole in CSS pixels; leave it out to take the size from CSS. */
  readonly size?: number;
}

const MOST = 3;

/** Several people in the room of one avatar. */
export function Faces({ people, size }: FacesProps) {
  const shown = people.slice(0, people.length > MOST ? MOST - 1 : MOST);
  const more = people.length - shown.length;
  const [only] = shown;
  if (only !== undefined && shown.length === 1 && more === 0) {
    return size === undefined ? <Avatar person={only} /> : <Avatar person={only} size={size} />;
  }
  return (
    <span
      className="faces"
      aria-hidden="true"
      data-count={shown.length + (more > 0 ? 1 : 0)}
      style={{ '--edge': size === undefined ? undefined : `${size}px` }}
    >
      {shown.map((person) => (
        <Avatar key={person.userId} person={person} />
      ))}
      {more > 0 && <span className="faces-more">+{more}</span>}
    </span>
  );
}
