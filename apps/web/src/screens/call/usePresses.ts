import { useCallback, useEffect, useState } from 'react';

/**
 * While the browser refuses to play sound: counts presses. Any press on the page lifts the refusal, not only one on the
 * button that asks for it.
 */
export function usePresses(refused: boolean): { readonly tries: number; readonly press: () => void } {
  const [tries, setTries] = useState(0);
  const press = useCallback(() => setTries((count) => count + 1), []);
  useEffect(() => {
    if (!refused) return undefined;
    addEventListener('pointerup', press);
    addEventListener('keydown', press);
    return () => {
      removeEventListener('pointerup', press);
      removeEventListener('keydown', press);
    };
  }, [refused, press]);
  return { tries, press };
}
