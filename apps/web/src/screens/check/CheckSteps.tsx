import { Camera, Check, Mic, Volume2, Wifi, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Findings } from '../../model/model.ts';
import { checkWords } from '../../words/check.ts';

const say = checkWords.steps;

type Standing = 'open' | 'good' | 'bad';

const standingOf = (finding: Findings['camera'] | Findings['speaker']): Standing =>
  finding === 'unchecked' || finding === 'asking'
    ? 'open'
    : finding === 'works' || finding === 'found' || finding === 'unknown'
      ? 'good'
      : 'bad';

function connectionOf({ server, udp, tcp, relay }: Findings): Standing {
  if (server === 'unreachable') return 'bad';
  return [udp, tcp, ...Object.values(relay)].includes('open') ? 'good' : 'open';
}

const MARKS: Readonly<Record<Standing, ReactNode>> = {
  open: <span className="check-dot" aria-hidden="true" />,
  good: <Check size={18} aria-hidden="true" />,
  bad: <X size={18} aria-hidden="true" />,
};

/** What is known so far, while the rest is being found out. */
export function CheckSteps({ findings }: { readonly findings: Findings }) {
  const steps: readonly (readonly [ReactNode, string, Standing])[] = [
    [<Camera key="icon" size={20} aria-hidden="true" />, say.camera, standingOf(findings.camera)],
    [<Mic key="icon" size={20} aria-hidden="true" />, say.microphone, standingOf(findings.microphone)],
    [<Volume2 key="icon" size={20} aria-hidden="true" />, say.speaker, standingOf(findings.speaker)],
    [<Wifi key="icon" size={20} aria-hidden="true" />, say.connection, connectionOf(findings)],
  ];
  return (
    <ul className="check-steps">
      {steps.map(([icon, label, standing]) => (
        <li key={label} data-standing={standing}>
          {icon}
          <span>{label}</span>
          {MARKS[standing]}
        </li>
      ))}
    </ul>
  );
}
