import { Lock, MonitorSmartphone, ShieldAlert } from 'lucide-react';
import { useCall } from '../../components/store.tsx';
import type { SealedDevice } from '../../model/model.ts';
import { words } from '../../words/index.ts';

const say = words.seal;

/** What the lock means, what to compare, and who has the keys. */
export function SealSection({ callKey }: { readonly callKey: string }) {
  const seal = useCall(callKey, (call) => call.seal);
  const isGroup = useCall(callKey, (call) => call.group !== null) ?? false;
  if (seal === null) return null;
  const { phase, code, devices } = seal;
  const Icon = phase === 'failed' || phase === 'held' ? ShieldAlert : Lock;
  const hasKeys = phase === 'sealed' || phase === 'held';
  return (
    <section className="seal" data-phase={phase}>
      <h4>
        <Icon size={16} aria-hidden="true" />
        {say.mark[phase]}
      </h4>
      <p>{say.says[phase]}</p>
      {isGroup && phase === 'sealed' && <p>{say.chat}</p>}
      {hasKeys && code !== null && (
        <>
          <h5>{say.code}</h5>
          <p className="seal-code">
            {code.map((digits, at) => (
              // The same digits may stand twice.
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
    </section>
  );
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
