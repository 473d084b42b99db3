import { MonitorSmartphone } from 'lucide-react';
import { useCall, useModel } from '../../components/store.tsx';
import type { SealedDevice } from '../../model/model.ts';
import { trustOf } from '../../model/trust.ts';
import { sealWords as say } from '../../words/seal.ts';
import { SealFigures } from './SealFigures.tsx';
import { TRUST_ICONS } from './SealMark.tsx';
import { SealPeople } from './SealPeople.tsx';

/** What the lock means, what to compare, and who has the keys. */
export function SealSection({ callKey }: { readonly callKey: string }) {
  const seal = useCall(callKey, (call) => call.seal);
  const isGroup = useCall(callKey, (call) => call.group !== null) ?? false;
  if (seal === null) return null;
  const { phase, code, devices } = seal;
  const hasKeys = phase === 'sealed' || phase === 'held';
  const trust = trustOf(seal);
  const Icon = TRUST_ICONS[trust];
  return (
    <section className="seal" data-phase={phase} data-trust={trust}>
      <h4>
        <Icon size={16} aria-hidden="true" />
        {say.mark[trust]}
      </h4>
      <p>{say.says[trust]}</p>
      {isGroup && phase === 'sealed' && <p>{say.chat}</p>}
      {hasKeys && <SealPeople seal={seal} />}
      {hasKeys && code !== null && (
        <>
          <h5>{say.code}</h5>
          <p className="seal-code">
            {code.map((digits, at) => (
              // Groups of a code may be alike; their place is what they are.
              <span key={`${String(at)} ${digits}`}>{digits}</span>
            ))}
          </p>
          <p className="details-hint">{say.codeHint}</p>
        </>
      )}
      {hasKeys && devices.length > 0 && (
        <>
          <h5>{say.devices}</h5>
          <ul className="seal-devices">
            {devices.map((device) => (
              <li key={device.deviceId} data-stranger={isStranger(device) || undefined}>
                <MonitorSmartphone size={15} aria-hidden="true" />
                <span>
                  {nameOf(device)}
                  <Standing standing={device.standing} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Curious devices={devices.length} />
    </section>
  );
}

/** What most people never need, folded. */
function Curious({ devices }: { readonly devices: number }) {
  const figures = useModel(({ details }) => details?.seal ?? null);
  return <SealFigures figures={figures} devices={devices} />;
}

function Standing({ standing }: Pick<SealedDevice, 'standing'>) {
  const said = standing === null ? null : say.standing[standing];
  if (said === null) return null;
  return (
    <small className="seal-standing" data-standing={standing}>
      {said}
    </small>
  );
}

const isStranger = ({ person, isThis }: SealedDevice): boolean => person === null && !isThis;

function nameOf({ person, device, isThis }: SealedDevice): string {
  if (isThis) return say.thisDevice;
  return person === null ? say.stranger : say.device(person, device);
}
