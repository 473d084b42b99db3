const whose = (name: string | null): string => (name === null ? 'Their' : `${name}’s`);

export const sealWords = {
  title: 'Encryption',
  /** On the mark beside the call's time. */
  mark: {
    preparing: 'Setting up encryption',
    sealed: 'End-to-end encrypted',
    held: 'Waits for you',
    failed: 'Encryption has stopped',
  },
  says: {
    preparing: 'The devices are agreeing on keys. Nothing is sent before they have. This takes a moment.',
    sealed:
      'Only the devices below can see and hear this call. The server passes it on and can do neither. Compare the code to be sure that nobody sits in between.',
    held: 'The keys of a device are not what they should be. Nothing is sent until you have decided.',
    failed:
      'What encrypts on this device has stopped, so nothing is sent and nothing is shown. Your call goes on for the others. Reload the page to come back into it.',
  },
  chat: 'Chat and reactions are not encrypted this way yet: the server could read them.',
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
  },
  /** Nothing is sent before the person has decided. These are faults of keys; none of them is one of the network. */
  held: {
    title: {
      changed: (name: string | null) => `${whose(name)} security key has changed`,
      unconfirmed: (name: string | null) => `This may not be ${name ?? 'who they say'}`,
      not_in_call: () => 'A device that is not in this call has its keys',
      connection: (name: string | null) => `This connection does not lead to ${name ?? 'the other person'}`,
      invalid: (name: string | null) => `${whose(name)} device cannot show who it belongs to`,
    },
    says: {
      changed: (name: string | null) =>
        `${name ?? 'They'} may have set up a new identity, or somebody is pretending to be ${name ?? 'them'}. Compare the safety number to find out.`,
      unconfirmed: (name: string | null) =>
        `You have verified ${name ?? 'this person'}, and this device is not confirmed by that identity. It may be a new device, or somebody else’s.`,
      not_in_call: () =>
        'Whoever has it could listen. The server should have taken its keys away, or never have let it in. Your network is fine.',
      connection: () =>
        'Somebody in between has changed the connection. Your network is fine, and nothing was sent. Hang up, and reach them another way.',
      invalid: () =>
        'What it says of itself does not hold. Your network is fine, and nothing was sent to it. Hang up, and reach them another way.',
    },
    waits: 'Your microphone and camera wait. Nothing was sent, and nothing is played.',
    waitsInGroup: (name: string | null) =>
      `Your microphone and camera wait. You see and hear everybody but ${name ?? 'that device'}.`,
    compare: 'Compare',
    goOn: 'Continue anyway',
    hangUp: 'Hang up',
  },
  stranger: 'A device that is not in the list of this call',
};
