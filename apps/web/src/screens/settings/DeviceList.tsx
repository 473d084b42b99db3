import { Globe, Laptop, LogOut, Pencil, Smartphone, Tablet } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { RelativeTime } from '../../components/Time.tsx';
import type { Device } from '../../model/model.ts';
import { identityWords } from '../../words/identity.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { ReplaceDialog } from '../identity/ReplaceDialog.tsx';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { RenameDialog } from './RenameDialog.tsx';
import { Section } from './Section.tsx';

const ICONS = { desktop: Laptop, phone: Smartphone, tablet: Tablet, browser: Globe };

export function DeviceList() {
  const devices = useModel((model) => model.devices);
  const confirmed = useModel((model) => model.identity.confirmedDevices);
  const [startingOver, setStartingOver] = useState(false);
  return (
    <Section title={say.devices} hint={say.devicesHint}>
      {devices.state === 'loading' && <RowsSkeleton count={2} />}
      {devices.state === 'failed' && <p className="card-empty">{say.devicesFailed}</p>}
      {devices.state === 'ready' && (
        <ul>
          {devices.value.map((device) => (
            <DeviceRow
              key={device.deviceId}
              device={device}
              confirmed={confirmed === null ? null : confirmed.has(device.deviceId)}
              onLost={() => setStartingOver(true)}
            />
          ))}
        </ul>
      )}
      {startingOver && <ReplaceDialog onClose={() => setStartingOver(false)} />}
    </Section>
  );
}

interface DeviceRowProps {
  readonly device: Device;
  /** Whether others can tell that it is this person's; null: not known. */
  readonly confirmed: boolean | null;
  /** It was signed out because it is lost, and has the identity. */
  readonly onLost: () => void;
}

function DeviceRow({ device, confirmed, onLost }: DeviceRowProps) {
  const { removeDevice, renameDevice } = useActions();
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null);
  const Icon = ICONS[device.kind];
  const close = (): void => setOpen(null);
  return (
    <li className="setting-row">
      <span className="device-icon" aria-hidden="true">
        <Icon size={22} />
      </span>
      <span className="setting-text">
        <span className="setting-label">{device.name}</span>
        <span className="setting-hint">
          {device.current ? (
            say.thisDevice
          ) : device.online ? (
            say.deviceOnline
          ) : (
            <RelativeTime at={device.lastSeenAt} />
          )}
          {confirmed !== null && ` · ${confirmed ? identityWords.confirmed : identityWords.notConfirmed}`}
        </span>
      </span>
      <IconButton label={say.renameDevice(device.name)} tip={say.rename} onClick={() => setOpen('rename')}>
        <Pencil size={18} />
      </IconButton>
      {!device.current && (
        <IconButton label={say.removeDevice(device.name)} tip={say.signOut} onClick={() => setOpen('remove')}>
          <LogOut size={18} />
        </IconButton>
      )}
      {open === 'rename' && (
        <RenameDialog
          name={device.name}
          onClose={close}
          onRename={(name) => {
            close();
            renameDevice(device.deviceId, name);
          }}
        />
      )}
      {open === 'remove' && (
        <RemoveDialog
          name={device.name}
          mayBeLost={confirmed === true}
          onClose={close}
          onRemove={(isLost) => {
            close();
            removeDevice(device.deviceId);
            if (isLost) onLost();
          }}
        />
      )}
    </li>
  );
}
