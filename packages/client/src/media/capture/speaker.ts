export interface Speaker {
  readonly canChoose: boolean;
  choose(id: string | null): void;
  play(element: HTMLMediaElement): () => void;
  close(): void;
}

/** Sends what media elements play to the chosen output (W3C audio-output). */
export function createSpeaker(initial: string | null): Speaker {
  const elements = new Set<HTMLMediaElement>();
  let id = initial;
  const canChoose = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
  const apply = (element: HTMLMediaElement): void => {
    if (!canChoose || (id === null && element.sinkId === '')) return;
    // A device that is gone: sound stays where it was, which is better than none.
    element.setSinkId(id ?? '').catch(() => {});
  };
  return {
    canChoose,
    choose(next) {
      id = next;
      for (const element of elements) apply(element);
    },
    play(element) {
      elements.add(element);
      apply(element);
      return () => elements.delete(element);
    },
    close: () => elements.clear(),
  };
}
