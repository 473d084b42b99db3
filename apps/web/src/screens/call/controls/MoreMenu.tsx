import {
  Activity,
  Ellipsis,
  Keyboard,
  Maximize,
  MonitorSmartphone,
  Pause,
  PictureInPicture2,
  Play,
  Stethoscope,
  UserPlus,
  Volume2,
} from 'lucide-react';
import type { RefObject } from 'react';
import { Menu, MenuItem, MenuLine, MenuSlider } from '../../../components/Menu.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { useMediaQuery } from '../../../components/useMediaQuery.ts';
import { moveWords } from '../../../words/moves.ts';
import { callWords as say } from '../../../words/call.ts';
import { detailsWords } from '../../../words/details.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { soundWords } from '../../../words/sound.ts';
import { words } from '../../../words/index.ts';
import { firstName } from '../../../words/names.ts';
import { useUi } from '../../ui.ts';
import { canFullScreen, toggleFullScreen } from '../fullScreen.ts';
import { canPictureInPicture, togglePictureInPicture } from '../pictureInPicture.ts';
import { showsPicture } from '../phase.ts';
import { CameraItems, useBackgroundDialog } from './CameraMenu.tsx';
import { PictureItems } from './PictureItems.tsx';
import { SoundItems, useSoundDialog } from './SoundMenu.tsx';

interface MoreMenuProps {
  readonly callKey: string;
  readonly video: RefObject<HTMLVideoElement | null>;
  /** The bar has room for the choices itself. */
  readonly roomy: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onAdd: () => void;
  readonly onMove: () => void;
}

export function MoreMenu({ callKey, video, roomy, onOpenChange, onAdd, onMove }: MoreMenuProps) {
  const { hold, resume, openDetails, openCheck, setVolume } = useActions();
  const sound = useSoundDialog(callKey);
  const background = useBackgroundDialog();
  const { showShortcuts } = useUi();
  const hasKeyboard = useMediaQuery('(hover: hover)');
  const call = useCall(callKey, (call) => ({
    held: call.phase.name === 'held',
    connected: call.phase.name === 'connected',
    picture: showsPicture(call),
    person: call.person,
    volume: call.remote.volume,
  }));
  if (call === null) return null;
  return (
    <>
      <Menu
        label={words.common.more}
        trigger={<Ellipsis size={24} aria-hidden="true" />}
        triggerClassName="control"
        onOpenChange={onOpenChange}
      >
        {!roomy && (
          <>
            <SoundItems callKey={callKey} onOpen={sound.open} />
            <CameraItems onOpen={background.open} />
            <MenuLine />
          </>
        )}
        {!roomy && !call.held && (
          <MenuItem icon={<UserPlus size={18} />} onSelect={onAdd}>
            {groupCallWords.add.open}
          </MenuItem>
        )}
        {call.connected && (
          <MenuItem icon={<MonitorSmartphone size={18} />} onSelect={onMove}>
            {moveWords.open}
          </MenuItem>
        )}
        {call.connected && (
          <MenuItem icon={<Pause size={18} />} keys="H" onSelect={() => hold(callKey)}>
            {say.hold}
          </MenuItem>
        )}
        {call.held && (
          <MenuItem icon={<Play size={18} />} keys="H" onSelect={() => resume(callKey)}>
            {say.resume}
          </MenuItem>
        )}
        {call.connected && (
          <MenuSlider
            label={soundWords.volumeOf(call.person.name)}
            title={firstName(call.person.name)}
            icon={<Volume2 size={18} />}
            value={call.volume}
            onChange={(value) => setVolume(callKey, call.person.userId, value)}
          />
        )}
        {!roomy && call.picture && canPictureInPicture() && (
          <MenuItem
            icon={<PictureInPicture2 size={18} />}
            onSelect={() => togglePictureInPicture(video.current)}
          >
            {say.pictureInPicture}
          </MenuItem>
        )}
        {!roomy && canFullScreen() && (
          <MenuItem icon={<Maximize size={18} />} keys="F" onSelect={toggleFullScreen}>
            {say.fullScreen}
          </MenuItem>
        )}
        <PictureItems callKey={callKey} />
        <MenuItem icon={<Activity size={18} />} keys="I" onSelect={() => openDetails(callKey)}>
          {detailsWords.title}
        </MenuItem>
        <MenuItem icon={<Stethoscope size={18} />} onSelect={() => openCheck(callKey)}>
          {words.check.open}
        </MenuItem>
        {hasKeyboard && (
          <MenuItem icon={<Keyboard size={18} />} keys="?" onSelect={showShortcuts}>
            {say.shortcuts}
          </MenuItem>
        )}
      </Menu>
      {sound.dialog}
      {background.dialog}
    </>
  );
}
