import {
  Activity,
  Ellipsis,
  GalleryThumbnails,
  Hand,
  Keyboard,
  LayoutGrid,
  Maximize,
  Maximize2,
  MonitorSmartphone,
  MonitorUp,
  MonitorX,
  Pause,
  Play,
  Stethoscope,
  UserPlus,
  Users,
} from 'lucide-react';
import { Menu, MenuItem, MenuLine, MenuRow } from '../../../components/Menu.tsx';
import { useActions, useCall, useModel } from '../../../components/store.tsx';
import { useMediaQuery } from '../../../components/useMediaQuery.ts';
import { moveWords } from '../../../words/moves.ts';
import { callWords } from '../../../words/call.ts';
import { detailsWords } from '../../../words/details.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { words } from '../../../words/index.ts';
import { CameraItems, useBackgroundDialog } from '../../call/controls/CameraMenu.tsx';
import { PictureItems } from '../../call/controls/PictureItems.tsx';
import { SoundItems, useSoundDialog } from '../../call/controls/SoundMenu.tsx';
import { canFullScreen, toggleFullScreen } from '../../call/fullScreen.ts';
import { useUi } from '../../ui.ts';
import { takenPlaces } from '../names.ts';
import type { Panel } from '../panel.ts';
import { isReaction, REACTIONS } from '../reactionPictures.tsx';
import { useGroup } from '../useTile.ts';
import type { Room } from './GroupControls.tsx';

const say = groupCallWords.bar;

interface GroupMoreProps {
  readonly callKey: string;
  readonly room: Room;
  readonly onAdd: () => void;
  readonly onMove: () => void;
  readonly onPanel: (panel: Panel) => void;
  readonly onMenu: (open: boolean) => void;
  readonly onUnfloat: (() => void) | null;
}

/** What the bar has no room for, and what is seldom wanted. */
export function GroupMore({ callKey, room, onAdd, onMove, onPanel, onMenu, onUnfloat }: GroupMoreProps) {
  const actions = useActions();
  const { showShortcuts } = useUi();
  const sound = useSoundDialog(callKey);
  const background = useBackgroundDialog();
  const hasKeyboard = useMediaQuery('(hover: hover)');
  const phase = useCall(callKey, (call) => call.phase.name);
  const group = useGroup(callKey, ({ hand, sharing, layout, pinnedId, people }) => ({
    hand,
    sharing,
    spotlight: layout === 'spotlight' || pinnedId !== null,
    here: takenPlaces(people),
  }));
  const guest = useModel(({ account }) => account.state === 'signed_in' && account.me.guest);
  if (group === null) return null;
  const { hand, sharing, spotlight, here } = group;
  const shares = sharing === 'on' || sharing === 'starting';
  return (
    <>
      <Menu
        label={words.common.more}
        trigger={<Ellipsis size={24} aria-hidden="true" />}
        triggerClassName="control"
        onOpenChange={onMenu}
      >
        {room !== 'wide' && (
          <>
            <MenuRow
              label={say.react}
              options={REACTIONS}
              onChoose={(id) => {
                if (isReaction(id)) actions.react(callKey, id);
              }}
            />
            <MenuItem icon={<Hand size={18} />} keys="R" onSelect={() => actions.setHand(callKey, !hand)}>
              {hand ? say.lower : say.raise}
            </MenuItem>
          </>
        )}
        {room === 'narrow' && sharing !== 'unsupported' && (
          <MenuItem
            icon={shares ? <MonitorX size={18} /> : <MonitorUp size={18} />}
            onSelect={() => (shares ? actions.stopSharing(callKey) : actions.shareScreen(callKey))}
          >
            {shares ? say.stopSharing : say.share}
          </MenuItem>
        )}
        {room === 'narrow' && (
          <MenuItem icon={<Users size={18} />} label={say.people} onSelect={() => onPanel('people')}>
            {`${say.people} · ${here}`}
          </MenuItem>
        )}
        {room !== 'wide' && (
          <MenuItem
            icon={spotlight ? <LayoutGrid size={18} /> : <GalleryThumbnails size={18} />}
            onSelect={() => {
              if (spotlight) actions.pin(callKey, null);
              actions.setLayout(callKey, spotlight ? 'grid' : 'spotlight');
            }}
          >
            {spotlight ? say.grid : say.speaker}
          </MenuItem>
        )}
        <MenuItem icon={<UserPlus size={18} />} onSelect={onAdd}>
          {groupCallWords.add.open}
        </MenuItem>
        {!guest && (
          <MenuItem icon={<MonitorSmartphone size={18} />} onSelect={onMove}>
            {moveWords.open}
          </MenuItem>
        )}
        {onUnfloat !== null && (
          <MenuItem icon={<Maximize2 size={18} />} onSelect={onUnfloat}>
            {groupCallWords.stage.selfInGrid}
          </MenuItem>
        )}
        <MenuLine />
        {room !== 'wide' && (
          <>
            <SoundItems callKey={callKey} onOpen={sound.open} />
            <CameraItems onOpen={background.open} />
            <MenuLine />
          </>
        )}
        {phase === 'connected' && (
          <MenuItem icon={<Pause size={18} />} keys="H" onSelect={() => actions.hold(callKey)}>
            {callWords.hold}
          </MenuItem>
        )}
        {phase === 'held' && (
          <MenuItem icon={<Play size={18} />} keys="H" onSelect={() => actions.resume(callKey)}>
            {callWords.resume}
          </MenuItem>
        )}
        {canFullScreen() && (
          <MenuItem icon={<Maximize size={18} />} keys="F" onSelect={toggleFullScreen}>
            {callWords.fullScreen}
          </MenuItem>
        )}
        <PictureItems callKey={callKey} />
        <MenuItem icon={<Activity size={18} />} keys="I" onSelect={() => actions.openDetails(callKey)}>
          {detailsWords.title}
        </MenuItem>
        <MenuItem icon={<Stethoscope size={18} />} onSelect={() => actions.openCheck(callKey)}>
          {words.check.open}
        </MenuItem>
        {hasKeyboard && (
          <MenuItem icon={<Keyboard size={18} />} keys="?" onSelect={showShortcuts}>
            {callWords.shortcuts}
          </MenuItem>
        )}
      </Menu>
      {sound.dialog}
      {background.dialog}
    </>
  );
}
