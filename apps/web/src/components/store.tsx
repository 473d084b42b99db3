import { createContext, useContext, useRef } from 'react';
import { useStore } from 'zustand';
import { shallow } from 'zustand/shallow';
import type { StoreApi } from 'zustand/vanilla';
import type { Actions, CallView, Model } from '../model/model.ts';
import type { Sounds } from '../sounds/sounds.ts';

export interface AppValue {
  readonly store: StoreApi<Model>;
  readonly actions: Actions;
  readonly sounds: Sounds;
}

export const AppContext = createContext<AppValue | null>(null);

export function useApp(): AppValue {
  const value = useContext(AppContext);
  if (value === null) throw new Error('A screen was drawn outside of App');
  return value;
}

export const useActions = (): Actions => useApp().actions;

/**
 * The part of the model that a component shows. Levels change several times a second, so a component takes only what it
 * draws: it is drawn again when that part is no longer equal.
 */
export function useModel<Part>(
  select: (model: Model) => Part,
  equal: (left: Part, right: Part) => boolean = shallow,
): Part {
  const last = useRef<{ readonly part: Part } | null>(null);
  return useStore(useApp().store, (model) => {
    const part = select(model);
    if (last.current !== null && equal(last.current.part, part)) return last.current.part;
    last.current = { part };
    return part;
  });
}

/** The same for one call; null once it has left the model. */
export function useCall<Part>(key: string, select: (call: CallView) => Part): Part | null {
  return useModel((model) => {
    const call = model.calls.find((call) => call.key === key);
    return call === undefined ? null : select(call);
  });
}
