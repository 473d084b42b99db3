import { firstName } from './names.ts';

/** What those read who come by a link. */
export const invitedWords = {
  title: (host: string): string => `${host} invites you to a call`,
  from: (host: string): string => `${host} invites you`,
  inIt: (count: number): string =>
    count === 0 ? 'Nobody is in it yet.' : count === 1 ? '1 person is in it.' : `${count} people are in it.`,
  name: 'Your name',
  namePlaceholder: 'How the others see you',
  as: (name: string): string => `You join as ${name}.`,
  join: 'Join',
  joining: 'Joining…',
  letIn: 'Somebody in the call lets you in.',
  cameraOffHint: 'Your camera is off',
  how: (camera: boolean, muted: boolean): string | null => {
    if (camera) return muted ? 'You join muted.' : null;
    return muted ? 'You join muted and without a picture.' : 'You join with sound only.';
  },
  loading: 'Looking up the call…',
  failed: {
    title: 'The call couldn’t be looked up',
    body: 'The server doesn’t answer. Check your connection and try again.',
  },
  invalid: {
    title: 'This link doesn’t work any more',
    body: 'It may be too old, was taken back, or isn’t whole. Ask whoever sent it for a new one.',
  },
  ended: { title: 'This call is over', body: 'Ask whoever sent the link for a new one.' },
  locked: (host: string): { readonly title: string; readonly body: string } => ({
    title: 'This call is locked',
    body: `Nobody new gets in. Ask ${firstName(host)} to unlock it, then try again.`,
  }),
  full: {
    title: 'This call is full',
    body: 'Only 32 people fit in a call. Try again when somebody has left.',
  },
};
