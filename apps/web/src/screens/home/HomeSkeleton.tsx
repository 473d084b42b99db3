import { Logo } from '../../components/Logo.tsx';
import { words } from '../../words/index.ts';

/** The shape of home while it loads: what comes lands where it was announced. */
export function HomeSkeleton() {
  return (
    <div className="home" aria-busy="true">
      <div className="home-list">
        <header className="list-head">
          <Logo size={30} />
          <span className="skeleton skeleton-title" />
        </header>
        <div className="list-pad">
          <span className="skeleton skeleton-search" />
        </div>
        <RowsSkeleton count={9} />
      </div>
      <div className="home-detail home-detail-wide">
        <RowsSkeleton count={6} />
      </div>
      <span className="sr-only" role="status">
        {words.common.loading}
      </span>
    </div>
  );
}

export function RowsSkeleton({ count }: { readonly count: number }) {
  return (
    <div className="rows-skeleton" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="row-skeleton">
          <span className="skeleton skeleton-round" />
          <span className="row-skeleton-lines">
            <span className="skeleton skeleton-line" />
            <span className="skeleton skeleton-line skeleton-short" />
          </span>
        </div>
      ))}
    </div>
  );
}
