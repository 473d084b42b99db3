import {
  Ear,
  Ellipsis,
  MicOff,
  MonitorSmartphone,
  Pin,
  PinOff,
  UserMinus,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuSlider } from '../../components/Menu.tsx';
import { useActions } from '../../components/store.tsx';
import { groupCallWords } from '../../words/groupCall.ts';
import { words } from '../../words/index.ts';
import { useGroup, useTile } from './useTile.ts';

const say = groupCallWords.person;

interface PersonMenuProps {
  readonly callKey: string;
  readonly userId: string;
  readonly className: string;
  readonly onOpenChange?: (open: boolean) => void;
}

/** What one can do about somebody in the call: for oneself, and as its host for all. */
export function PersonMenu({ callKey, userId, className, onOpenChange }: PersonMenuProps) {
  const actions = useActions();
  const [removing, setRemoving] = useState(false);
  const call = useGroup(callKey, ({ isHost, pinnedId }) => ({ isHost, pinned: pinnedId === userId }));
  const tile = useTile(callKey, userId, ({ user, phase, muted, volume, mutedForMe, ...tile }) => ({
    name: user.name,
    devices: tile.devices,
    shownDeviceId: tile.shownDeviceId,
    connected: phase !== 'ringing',
    muted,
    volume,
    mutedForMe,
  }));
  if (call === null || tile === null || (!tile.connected && !call.isHost)) return null;
  const { name, connected, muted, volume, mutedForMe, devices, shownDeviceId } = tile;
  return (
    <>
      <Menu
        label={say.more(name)}
        trigger={<Ellipsis size={20} aria-hidden="true" />}
        triggerClassName={className}
        onOpenChange={onOpenChange}
      >
        {connected && (
          <>
            <MenuItem
              icon={call.pinned ? <PinOff size={18} /> : <Pin size={18} />}
              onSelect={() => actions.pin(callKey, call.pinned ? null : userId)}
            >
              {call.pinned ? say.unpin : say.pin}
            </MenuItem>
            <MenuItem
              icon={mutedForMe ? <Volume2 size={18} /> : <VolumeX size={18} />}
              onSelect={() => actions.setMutedForMe(callKey, userId, !mutedForMe)}
            >
              {mutedForMe ? say.unmuteForMe : say.muteForMe}
            </MenuItem>
            {!mutedForMe && (
              <MenuSlider
                label={say.volume(name)}
                title={say.volumeTitle}
                icon={<Volume2 size={18} />}
                value={volume}
                onChange={(value) => actions.setVolume(callKey, userId, value)}
              />
            )}
          </>
        )}
        {connected && devices.length > 0 && (
          <>
            <MenuLine />
            <MenuChoice
              label={say.shownDevice(name)}
              icon={<MonitorSmartphone size={14} aria-hidden="true" />}
              options={devices}
              chosen={shownDeviceId}
              onChoose={(deviceId) => actions.showDevice(callKey, userId, deviceId)}
            />
          </>
        )}
        {call.isHost && connected && (
          <>
            <MenuLine />
            <MenuItem
              icon={muted ? <Ear size={18} /> : <MicOff size={18} />}
              onSelect={() => actions.askMedia(callKey, userId, muted ? 'unmute' : 'mute')}
            >
              {muted ? say.askUnmute(name) : say.askMute(name)}
            </MenuItem>
          </>
        )}
        {call.isHost && (
          <MenuItem icon={<UserMinus size={18} />} onSelect={() => setRemoving(true)}>
            {say.remove(name)}
          </MenuItem>
        )}
      </Menu>
      {removing && (
        <Dialog
          title={say.removeTitle(name)}
          onClose={() => setRemoving(false)}
          actions={
            <>
              <Button onClick={() => setRemoving(false)}>{words.common.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  setRemoving(false);
                  actions.removePerson(callKey, userId);
                }}
              >
                {say.removeAction}
              </Button>
            </>
          }
        >
          <p>{say.removeBody(name)}</p>
        </Dialog>
      )}
    </>
  );
}
