export const sealWords = {
  title: 'Encryption',
  /** On the mark beside the call's time. */
  mark: {
    preparing: 'Setting up encryption',
    sealed: 'End-to-end encrypted',
    failed: 'Encryption has stopped',
  },
  says: {
    preparing: 'The devices are agreeing on keys. Nothing is sent before they have. This takes a moment.',
    sealed:
      'Only the devices below can see and hear this call. The server passes it on and can do neither. Compare the code to be sure that nobody sits in between.',
    failed:
      'What encrypts on this device has stopped, so nothing is sent and nothing is shown. Your call goes on for the others. Reload the page to come back into it.',
  },
  chat: 'Chat, reactions and the names of guests are encrypted like this, too.',
  code: 'Code of this call',
  codeHint:
    'Read it to each other. If it is the same, only the devices below have the keys. It changes whenever somebody comes or goes.',
  devices: 'Devices that have the keys',
  thisDevice: 'This device',
  device: (person: string, device: string | null): string =>
    device === null ? person : `${person} · ${device}`,
  standing: {
    unknown: 'Not confirmed: it may be anybody’s',
    seen: null,
    verified: 'Verified',
    changed: 'Another identity than before. Compare the code.',
    guest: 'Guest, came by a link of this call',
  },
  stranger: 'A device that is not in the list of this call',
};
