import { useEffect, useState } from 'react';
import { hueOf } from '../../components/hue.ts';
import type { UserSummary } from '../../model/model.ts';
import { coloursOf, peekColours, type Colours } from './colours.ts';

/** The person's own colours, as light behind them: from the picture, else from the id. A still gradient costs nothing. */
export function Backdrop({ person }: { readonly person: UserSummary }) {
  const url = person.avatarUrl;
  // What is known already is there at once: nothing fades in while a call is being connected.
  const [colours, setColours] = useState<Colours | null>(() => peekColours(url));
  useEffect(() => {
    if (url === null) return undefined;
    let over = false;
    void coloursOf(url).then((found) => {
      if (!over) setColours(found);
    });
    return () => {
      over = true;
    };
  }, [url]);
  return (
    <div className="backdrop" aria-hidden="true" style={{ '--hue': hueOf(person.userId) }}>
      <div
        className="backdrop-light"
        data-shown={colours !== null || undefined}
        style={{ '--above': colours?.above, '--below': colours?.below, '--middle': colours?.middle }}
      />
    </div>
  );
}
