/** The name under which the worklet registers its processor. */
export const PROCESSOR = 'visavis-denoise';

/** What the worklet says: that voice comes out; about once a second that it still does; that it cannot. */
export type WorkletMessage = 'ready' | 'beat' | 'failed';

export const isWorkletMessage = (value: unknown): value is WorkletMessage =>
  value === 'ready' || value === 'beat' || value === 'failed';
