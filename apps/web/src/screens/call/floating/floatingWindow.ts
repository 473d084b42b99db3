/*
 * A window of the page's own above other programs (https://wicg.github.io/document-picture-in-picture), where browsers have one. There is
 * at most one for all pages of an origin.
 */
interface DocumentPictureInPicture {
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
}

/** Wide enough for three buttons that a thumb can press. */
const SIZE = { width: 380, height: 260 } as const;

export function findDocumentPictureInPicture(where: object): DocumentPictureInPicture | null {
  const found: unknown = Reflect.get(where, 'documentPictureInPicture');
  return isDocumentPictureInPicture(found) ? found : null;
}

const isDocumentPictureInPicture = (found: unknown): found is DocumentPictureInPicture =>
  typeof found === 'object' && found !== null && typeof Reflect.get(found, 'requestWindow') === 'function';

/** The window, while there is one, for {@link useSyncExternalStore}. */
export interface FloatingWindow {
  readonly get: () => Window | null;
  readonly subscribe: (listener: () => void) => () => void;
  /** Only in answer to a press. Nothing comes of it where the browser refuses. */
  open(): Promise<void>;
  close(): void;
}

export function createFloatingWindow(page: Window & object): FloatingWindow {
  const listeners = new Set<() => void>();
  let current: Window | null = null;
  /** Rises whenever it is closed: a window that comes later is not wanted any more. */
  let closings = 0;

  function set(next: Window | null): void {
    current = next;
    for (const listener of listeners) listener();
  }

  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async open() {
      const api = findDocumentPictureInPicture(page);
      if (api === null || current !== null) return;
      const before = closings;
      try {
        const opened = await api.requestWindow(SIZE);
        if (before !== closings) return opened.close();
        dress(page.document, opened.document);
        opened.addEventListener('pagehide', () => {
          if (current === opened) set(null);
        });
        set(opened);
      } catch {
        // Not in answer to a press, or switched off by whoever set the browser up.
      }
    },
    close() {
      const closing = current;
      closings += 1;
      set(null);
      closing?.close();
    },
  };
}

/** The same styles and colours as in the page. */
function dress(from: Document, to: Document): void {
  for (const sheet of from.querySelectorAll('link[rel="stylesheet"], style')) {
    to.head.append(to.importNode(sheet, true));
  }
  for (const name of ['data-theme', 'lang']) {
    const value = from.documentElement.getAttribute(name);
    if (value !== null) to.documentElement.setAttribute(name, value);
  }
  to.title = from.title;
}
