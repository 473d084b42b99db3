import { createContext, useContext } from 'react';

/** What belongs to the window as a whole rather than to a screen. */
interface Ui {
  readonly showShortcuts: () => void;
}

export const UiContext = createContext<Ui>({ showShortcuts: () => {} });
export const useUi = (): Ui => useContext(UiContext);
