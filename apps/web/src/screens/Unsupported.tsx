import { words } from '../words/index.ts';
import { Standstill } from './Standstill.tsx';

/** Where calls cannot be encrypted there are none: why, and what to do. */
export function Unsupported({ problem }: { readonly problem: 'insecure_page' | 'old_browser' }) {
  const { title, body } = words.unsupported[problem];
  return <Standstill title={title} body={body} />;
}
