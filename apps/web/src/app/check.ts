import { NOTHING_FOUND, type Capture, type CheckWishes } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Model } from '../model/model.ts';

/** Finds out what this device and its connection are good for; loaded when it is wanted. */
export interface CheckControl {
  open(callKey: string | null): void;
  close(): void;
}

export interface CheckParts {
  readonly store: StoreApi<Model>;
  readonly capture: Capture;
  readonly deviceId: string;
}

export function createCheck(parts: CheckParts): CheckControl {
  const { store } = parts;
  let run = 0;
  let stop: (() => void) | null = null;

  function end(): void {
    run += 1;
    stop?.();
    stop = null;
  }

  async function open(callKey: string | null): Promise<void> {
    end();
    const own = run;
    store.setState({ check: { callKey, findings: NOTHING_FOUND, verdict: null } });
    try {
      const { startCheck } = await import('./checkWork.ts');
      if (own !== run) return;
      stop = startCheck(parts, wishesFor(store.getState(), callKey), (findings, verdict) => {
        if (own === run) store.setState({ check: { callKey, findings, verdict } });
      });
    } catch {
      // What finds it out comes from the server.
      const findings = { ...NOTHING_FOUND, server: 'unreachable' } as const;
      if (own === run) store.setState({ check: { callKey, findings, verdict: 'unreachable' } });
    }
  }

  return {
    open: (callKey) => void open(callKey),
    close() {
      end();
      store.setState({ check: null });
    },
  };
}

/** In a call nothing is opened that the call does not use, and little of the line is taken. */
function wishesFor({ calls }: Model, callKey: string | null): CheckWishes {
  const call = calls.find(({ key }) => key === callKey);
  return { microphone: true, camera: call?.local.camera ?? true, isGentle: call !== undefined };
}
