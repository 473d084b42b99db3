import { useLayoutEffect } from 'react';
import { useModel } from '../../components/store.tsx';

/** Sets the chosen theme on the page; without a choice the system's holds. */
export function useTheme(): void {
  const theme = useModel((model) => model.preferences.theme);
  useLayoutEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme);
    // What the browser paints around the page follows what the page is painted with.
    const canvas = getComputedStyle(document.body).backgroundColor;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      if (theme !== 'system') meta.setAttribute('content', canvas);
    }
  }, [theme]);
}
