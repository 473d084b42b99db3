import {
  createApi,
  createLevelMeter,
  openPicture,
  realTimers,
  type CheckVerdict,
  type CheckWishes,
  type Findings,
} from '@visavis/client';
import { createProbePeer, findSpeaker, judgeFindings, runCheck } from '@visavis/client/check';
import type { CheckParts } from './check.ts';

/** @returns what ends it, and what it has asked of the server */
export function startCheck(
  { capture, deviceId }: CheckParts,
  wishes: CheckWishes,
  handle: (findings: Findings, verdict: CheckVerdict | null) => void,
): () => void {
  const requests = new AbortController();
  const api = createApi({
    fetch: (path, init) => fetch(path, { ...init, signal: requests.signal }),
    deviceId,
  });
  const stop = runCheck(
    {
      isSecure: globalThis.isSecureContext,
      capture,
      createLevelMeter: (track) => createLevelMeter(new MediaStream([track])),
      openPicture,
      findSpeaker,
      async takeSample(sample) {
        const result = await api.takeSample(sample);
        if (result.ok) return 'taken';
        return result.code === 'NETWORK' ? 'failed' : 'refused';
      },
      async openTransports() {
        const result = await api.openCheck();
        if (!result.ok) throw new Error(result.code);
        return result.value.transports;
      },
      async loadIceServers() {
        const result = await api.turnCredentials();
        if (!result.ok) throw new Error(result.code);
        return result.value.iceServers;
      },
      openPeer: createProbePeer,
      timers: realTimers,
    },
    wishes,
    (findings, isOver) => {
      if (isOver) requests.abort();
      handle(findings, isOver ? judgeFindings(findings) : null);
    },
  );
  return () => {
    stop();
    requests.abort();
  };
}
