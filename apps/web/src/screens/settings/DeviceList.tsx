import { Globe, Laptop, LogOut, Pencil, Smartphone, Tablet } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { RelativeTime } from '../../components/Time.tsx';
import type { Device } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { RenameDialog } from './RenameDialog.tsx';
import { Section } from './Section.tsx';

const say = words.settings;
const ICONS = { desktop: Laptop, phone: Smartphone, tablet: Tablet, browser: Globe };

export function DeviceList() {
  const devices = useModel((model) => model.devices);
  return (
    <Section title={say.devices} hint={say.devicesHint}>
      {devices.state === 'loading' && <RowsSkeleton count={2} />}
      {devices.state === 'failed' && <p className="card-empty">{say.devicesFailed}</p>}
      {devices.state === 'ready' && (
        <ul>
          {devices.value.map((device) => (
            <DeviceRow key={device.deviceId} device={device} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function DeviceRow({ device }: { readonly device: Device }) {
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
        <Dialog
          title={say.removeTitle(device.name)}
          onClose={close}
          actions={
            <>
              <Button onClick={close}>{words.common.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  close();
                  removeDevice(device.deviceId);
                }}
              >
                {say.signOut}
              </Button>
            </>
          }
        >
          <p>{say.removeBody}</p>
        </Dialog>
      )}
    </li>
  );
}
