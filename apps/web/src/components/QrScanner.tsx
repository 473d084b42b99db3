import { CameraOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { scanWords as say } from '../words/scan.ts';
import { words } from '../words/index.ts';
import { Button } from './Button.tsx';
import type { CameraProblem } from './qr/watchCamera.ts';

interface QrScannerProps {
  /**
   * The bytes of each code that comes before the camera, once until another one comes. Empty: it is a code, and not one that Visavis
   * draws.
   */
  readonly onScan: (data: Uint8Array) => void;
}

/** A camera that looks for QR codes. The camera is let go of as soon as this is no longer shown. */
export function QrScanner({ onScan }: QrScannerProps) {
  const [attempt, setAttempt] = useState(0);
  return <Scanner key={attempt} onScan={onScan} onRetry={() => setAttempt((before) => before + 1)} />;
}

function Scanner({ onScan, onRetry }: QrScannerProps & { readonly onRetry: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const handler = useRef(onScan);
  const [state, setState] = useState<'opening' | 'facing' | 'away' | CameraProblem>('opening');
  useEffect(() => {
    handler.current = onScan;
  });
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void import('./qr/watchCamera.ts').then(({ watchCamera }) => {
      if (gone || video.current === null) return;
      stop = watchCamera({
        video: video.current,
        onScan: (data) => handler.current(data),
        onOpen: (facesPerson) => setState(facesPerson ? 'facing' : 'away'),
        onProblem: setState,
      });
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, []);

  const problem = state === 'opening' || state === 'facing' || state === 'away' ? null : state;
  return (
    <div className="qr-scanner" data-state={state}>
      <video ref={video} playsInline muted aria-label={say.picture} hidden={problem !== null} />
      {problem === null ? (
        <>
          <span className="qr-frame" aria-hidden="true" />
          <p className="qr-hint" role="status">
            {state === 'opening' ? say.opening : say.hint}
          </p>
        </>
      ) : (
        <div className="qr-problem" role="alert">
          <CameraOff size={28} aria-hidden="true" />
          <strong>{say.problem[problem].title}</strong>
          <p>{say.problem[problem].body}</p>
          {problem !== 'insecure' && <Button onClick={onRetry}>{words.common.tryAgain}</Button>}
        </div>
      )}
    </div>
  );
}
