/** What a key asks of a screen that keeps it to itself: which page or panel is shown is nothing of the model's. */
export type Command = 'chat' | 'people' | 'next_page' | 'previous_page';

export interface Commands {
  readonly send: (command: Command) => void;
  /** @returns ends the listening */
  readonly listen: (handle: (command: Command) => void) => () => void;
}

export function createCommands(): Commands {
  const handlers = new Set<(command: Command) => void>();
  return {
    send: (command) => {
      for (const handle of handlers) handle(command);
    },
    listen: (handle) => {
      handlers.add(handle);
      return () => handlers.delete(handle);
    },
  };
}
