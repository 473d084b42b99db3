import type { Preview } from '../../model/model.ts';

export interface JoinChoice {
  readonly camera: boolean;
  readonly muted: boolean;
}

/** How one would come in: as it is wanted, as far as camera and microphone deliver. */
export const joinChoice = (wanted: JoinChoice, missing: Preview['missing']): JoinChoice => ({
  camera: wanted.camera && !missing.camera,
  muted: wanted.muted || missing.microphone,
});
