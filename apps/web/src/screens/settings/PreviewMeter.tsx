import { useEffect, useRef } from 'react';
import { useApp } from '../../components/store.tsx';
import { settingsWords } from '../../words/settings.ts';

/** What the microphone of the preview hears. */
export function PreviewMeter() {
  const { store } = useApp();
  const meter = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const write = (): void =>
      meter.current?.style.setProperty('--level', String(store.getState().preview?.level ?? 0));
    write();
    return store.subscribe(write);
  }, [store]);
  return (
    <div className="level" ref={meter} role="img" aria-label={settingsWords.microphoneLevel}>
      <span />
    </div>
  );
}
