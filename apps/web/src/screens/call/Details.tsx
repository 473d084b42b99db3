import { ClipboardCopy, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import { verdictOf } from '../../model/verdict.ts';
import type { DetailsRow } from '../../words/details.en.ts';
import { callWords } from '../../words/call.ts';
import { detailsWords as say } from '../../words/details.ts';
import { SealSection } from './SealSection.tsx';

const Plots = lazy(() => import('./Plots.tsx'));

/** How the connection of this call is, beside the call: in words first, then in figures. */
export function Details({ callKey }: { readonly callKey: string }) {
  const { closeDetails, copyDetails } = useActions();
  const details = useModel((model) => model.details);
  const call = useCall(callKey, ({ quality, person, group }) => ({
    mark: quality.mark,
    name: group === null ? person.name : null,
  }));
  if (details === null || details.key !== callKey) return null;
  const { statistics, points } = details;
  return (
    <section
      className="details"
      aria-label={say.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') closeDetails();
      }}
    >
      <header className="details-head">
        <h3>{say.title}</h3>
        <IconButton label={say.close} tip={null} onClick={closeDetails}>
          <X size={20} />
        </IconButton>
      </header>
      <p
        className="details-verdict"
        data-quality={verdictOf(statistics) === null ? undefined : call?.mark.level}
      >
        {say.verdict(statistics, call?.mark, call?.name)}
      </p>
      <SealSection callKey={callKey} />
      {statistics !== null && (
        <>
          <table className="details-table">
            <tbody>
              {say.connectionRows(statistics).map((row) => (
                <Row key={row.label} row={row} />
              ))}
            </tbody>
          </table>
          {statistics.path !== null && <p className="details-hint">{callWords.pathHint[statistics.path]}</p>}
          <table className="details-table">
            <thead>
              <tr>
                <td />
                <th scope="col">{say.sent}</th>
                <th scope="col">{say.received}</th>
              </tr>
            </thead>
            <tbody>
              {say.flowRows(statistics).map((row) => (
                <Row key={row.label} row={row} />
              ))}
            </tbody>
          </table>
          <Suspense>
            <Plots points={points} />
          </Suspense>
          <Button
            className="details-copy"
            icon={<ClipboardCopy size={18} aria-hidden="true" />}
            onClick={copyDetails}
          >
            {say.copy}
          </Button>
        </>
      )}
    </section>
  );
}

function Row({ row }: { readonly row: DetailsRow }) {
  return (
    <tr>
      <th scope="row">{row.label}</th>
      {'value' in row ? (
        <td colSpan={2}>{row.value}</td>
      ) : (
        <>
          <td>{row.sent}</td>
          <td>{row.received}</td>
        </>
      )}
    </tr>
  );
}
