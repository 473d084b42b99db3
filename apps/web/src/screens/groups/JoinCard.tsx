import { LIMITS, type LinkInvitation } from '@visavis/protocol';
import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { ControlButton } from '../../components/ControlButton.tsx';
import { Logo } from '../../components/Logo.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { Me } from '../../model/model.ts';
import { callWords } from '../../words/call.ts';
import { captureWords } from '../../words/capture.ts';
import { invitedWords as say } from '../../words/invited.ts';
import { settingsWords } from '../../words/settings.ts';
import { useFacesAway } from '../call/facesAway.ts';
import { useFirstFrame, useStream } from '../call/useStream.ts';
import { joinChoice, type JoinChoice } from './joinChoice.ts';
import { PreviewMeter } from '../settings/PreviewMeter.tsx';

interface JoinCardProps {
  readonly invitation: LinkInvitation;
  readonly me: Me | null;
  readonly joining: boolean;
}

/** Who invites, how one looks, what one is called, and in. */
export function JoinCard({ invitation, me, joining }: JoinCardProps) {
  const { joinByLink, openPreview, closePreview } = useActions();
  const service = useModel((model) => model.service.name);
  const [name, setName] = useState('');
  const [wanted, setWanted] = useState<JoinChoice>({ camera: true, muted: false });
  const { problem, ...missing } = useModel(({ preview }) => ({
    camera: preview?.missing.camera ?? false,
    microphone: preview?.missing.microphone ?? false,
    problem: preview?.problem ?? null,
  }));
  const choice = joinChoice(wanted, missing);
  const { camera, muted } = choice;
  // Without a picture it is said in its place.
  const microphoneProblem = camera && problem !== null ? `${captureWords[problem].title}.` : null;
  // The camera's light is off whenever the camera is said to be.
  useEffect(() => {
    if (!wanted.camera) return undefined;
    openPreview();
    return closePreview;
  }, [wanted.camera, openPreview, closePreview]);
  /** What is blocked is asked for anew: its button says that it is off. */
  const choose = (next: JoinChoice): void => {
    const isBlocked = (next.camera && missing.camera) || (!next.muted && missing.microphone);
    setWanted(next);
    if (!isBlocked || !wanted.camera) return;
    closePreview();
    openPreview();
  };
  const { title, hostName, people } = invitation;
  const named = me !== null || name.trim() !== '';
  const handleSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (named && !joining) joinByLink(me === null ? name.trim() : null, camera ? 'video' : 'audio', muted);
  };
  return (
    <main className="invited">
      <div className="invited-brand">
        <Logo size={30} />
        {service}
      </div>
      <form className="invited-card" onSubmit={handleSubmit}>
        <OwnPicture wanted={wanted} choice={choice} onChoose={choose} me={me} />
        <div className="invited-side">
          <h1>{title ?? say.title(hostName)}</h1>
          <p>
            {title !== null && `${say.from(hostName)}. `}
            {say.inIt(people)}
          </p>
          {me === null ? (
            <label className="field">
              {say.name}
              <input
                type="text"
                value={name}
                required
                maxLength={LIMITS.deviceNameLength}
                placeholder={say.namePlaceholder}
                autoComplete="name"
                onChange={(event) => setName(event.target.value)}
              />
            </label>
          ) : (
            <p className="invited-as">
              <Avatar person={me.user} size={36} />
              {say.as(me.user.name)}
            </p>
          )}
          <button
            type="submit"
            className="button invited-join"
            data-look="primary"
            disabled={!named || joining}
            aria-label={say.join}
          >
            {joining ? say.joining : say.join}
          </button>
          <p className="invited-note" role="status">
            {[microphoneProblem, say.how(camera, muted), say.letIn].filter((line) => line !== null).join(' ')}
          </p>
        </div>
      </form>
    </main>
  );
}

interface OwnPictureProps {
  readonly wanted: JoinChoice;
  readonly choice: JoinChoice;
  readonly onChoose: (wanted: JoinChoice) => void;
  readonly me: Me | null;
}

/** What the others will see: camera and microphone are tried here, and sent to nobody yet. */
function OwnPicture({ wanted, choice, onChoose, me }: OwnPictureProps) {
  const { camera, muted } = choice;
  const preview = useModel(({ preview }) => ({
    stream: preview?.stream ?? null,
    problem: preview?.problem ?? null,
  }));
  const video = useRef<HTMLVideoElement>(null);
  const stream = camera ? preview.stream : null;
  const facesAway = useFacesAway(stream);
  useStream(video, stream);
  const seen = useFirstFrame(video, stream, camera);
  return (
    <div className="invited-picture">
      <video
        ref={video}
        aria-label={callWords.yourVideo}
        data-shown={(camera && seen) || undefined}
        data-mirrored={!facesAway || undefined}
        muted
        autoPlay
        playsInline
      />
      {!(camera && seen) && (
        <div className="invited-words" role="status">
          {me !== null && <Avatar person={me.user} size={84} />}
          {preview.problem === null ? (
            <span>{camera ? settingsWords.previewOpening : say.cameraOffHint}</span>
          ) : (
            <>
              <strong>{captureWords[preview.problem].title}</strong>
              <span>{captureWords[preview.problem].body}</span>
            </>
          )}
        </div>
      )}
      <div className="invited-controls">
        {camera && !muted && <PreviewMeter />}
        <ControlButton
          label={muted ? callWords.unmute : callWords.mute}
          off={muted}
          onClick={() => onChoose({ ...wanted, muted: !muted })}
        >
          {muted ? <MicOff size={22} /> : <Mic size={22} />}
        </ControlButton>
        <ControlButton
          label={camera ? callWords.cameraOff : callWords.cameraOn}
          off={!camera}
          onClick={() => onChoose({ ...wanted, camera: !camera })}
        >
          {camera ? <Video size={23} /> : <VideoOff size={23} />}
        </ControlButton>
      </div>
    </div>
  );
}
