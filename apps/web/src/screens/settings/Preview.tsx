import { useRef } from 'react';
import { Button } from '../../components/Button.tsx';
import { useModel } from '../../components/store.tsx';
import { captureWords } from '../../words/capture.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { useFirstFrame, useStream } from '../call/useStream.ts';
import { PreviewMeter } from './PreviewMeter.tsx';

/** Oneself, mirrored, with a meter for the microphone. */
export function Preview({ onStop }: { readonly onStop: () => void }) {
  const preview = useModel(({ preview }) => ({
    stream: preview?.stream ?? null,
    problem: preview?.problem ?? null,
  }));
  const video = useRef<HTMLVideoElement>(null);
  useStream(video, preview.stream);
  const seen = useFirstFrame(video, preview.stream, true);
  const { stream, problem } = preview;
  return (
    <div className="preview">
      <div className="preview-frame">
        <video
          ref={video}
          aria-label={say.preview}
          data-mirrored
          data-shown={seen || undefined}
          muted
          autoPlay
          playsInline
        />
        {problem !== null && (
          <div className="preview-words" role="status">
            <strong>{captureWords[problem].title}</strong>
            <span>{captureWords[problem].body}</span>
          </div>
        )}
        {problem === null && stream === null && (
          <div className="preview-words" role="status">
            <span>{say.previewOpening}</span>
          </div>
        )}
      </div>
      <div className="preview-foot">
        <PreviewMeter />
        <Button onClick={onStop}>{say.previewStop}</Button>
      </div>
    </div>
  );
}
