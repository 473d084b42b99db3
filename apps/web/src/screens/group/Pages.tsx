import { ChevronLeft, ChevronRight } from 'lucide-react';
import { groupCallWords } from '../../words/groupCall.ts';

const say = groupCallWords.stage;

interface PagesProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** Dots below the people, arrows beside them. */
export function Pages({ page, pages, onPage }: PagesProps) {
  if (pages < 2) return null;
  return (
    <nav className="pages" aria-label={say.pages}>
      <button
        type="button"
        className="page-arrow"
        aria-label={say.previousPage}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        <ChevronLeft size={22} />
      </button>
      <span className="page-dots" aria-hidden="true">
        {Array.from({ length: pages }, (_, index) => (
          <span key={index} data-here={index === page || undefined} />
        ))}
      </span>
      <span className="sr-only" role="status">
        {say.page(page + 1, pages)}
      </span>
      <button
        type="button"
        className="page-arrow"
        aria-label={say.nextPage}
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
      >
        <ChevronRight size={22} />
      </button>
    </nav>
  );
}
