import { createContext, useContext, useEffect } from 'react';
import { createCommands, type Command, type Commands } from './commands.ts';

/** What belongs to the window as a whole rather than to a screen. */
interface Ui {
  readonly showShortcuts: () => void;
  readonly commands: Commands;
  /** To compare safety numbers with somebody, wherever one is. */
  readonly openCompare: (userId: string) => void;
}

export const UiContext = createContext<Ui>({
  showShortcuts: () => {},
  commands: createCommands(),
  openCompare: () => {},
});
export const useUi = (): Ui => useContext(UiContext);

/** @param handle - must stay the same function */
export function useCommand(handle: (command: Command) => void): void {
  const { commands } = useUi();
  useEffect(() => commands.listen(handle), [commands, handle]);
}
