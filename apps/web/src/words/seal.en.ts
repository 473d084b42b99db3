import type { ReasonCount, SealFigures } from '../model/sealFigures.ts';

const count = (value: number): string => value.toLocaleString('en-GB');

/** Why a frame did not leave. */
const NOT_SENT: Readonly<Record<string, string>> = {
  no_key: 'there was no key yet',
  closed: 'the call was over',
  counter_exhausted: 'the key had been used too often',
  bad_frame: 'it was no frame of its kind',
  crypto_failed: 'the browser could not encrypt it',
  wrong_codec: 'it was of another kind than announced',
};

/** Why a frame was not shown, or a message about keys not taken: by the names that docs/encryption.md has for them. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  closed: 'the call was over',
  no_track: 'nobody had announced it',
  malformed: 'it was damaged',
  wrong_leaf: 'it came from another device than said',
  wrong_slot: 'it was from another source than said',
  epoch_gone: 'its key was out of use already',
  epoch_unknown: 'its key is not known here',
  hold_expired: 'its key did not come in time',
  hold_full: 'too many waited for their key',
  before_binding: 'it was from before the device came',
  replayed: 'it had come before',
  not_authentic: 'it was forged or changed on the way',
  wrong_codec: 'it was of another kind than announced',
  bad_sound: 'it held no sound in the right form',
  repeated: 'its sound had come with an earlier one',
  failed: 'the browser could not decrypt it',
};

const reasons = (counts: readonly ReasonCount[], known: Readonly<Record<string, string>>): string =>
  counts
    .map(({ reason, count: times }) => `${count(times)}: ${known[reason] ?? reason.replaceAll('_', ' ')}`)
    .join('; ');

export interface SealRow {
  readonly label: string;
  readonly value: string;
}

function rows(figures: SealFigures | null, devices: number): readonly SealRow[] {
  const always = [
    { label: 'Pictures and sound', value: 'SFrame (RFC 9605), AES-128-GCM, each frame by itself' },
    { label: 'Keys', value: 'MLS (RFC 9420), X25519, AES-128-GCM, SHA-256, Ed25519' },
    { label: 'Devices with the keys', value: count(devices) },
  ];
  if (figures === null) return always;
  const { keys, keyChanges, sent, received, notSent, notShown, messages } = figures;
  return [
    ...always,
    ...(keys === null ? [] : [{ label: 'Group and epoch', value: `${keys.generation}, ${keys.epoch}` }]),
    { label: 'New keys so far', value: count(keyChanges) },
    { label: 'Frames encrypted', value: count(sent) },
    { label: 'Frames decrypted', value: count(received) },
    { label: 'Not sent', value: notSent.length === 0 ? 'none' : reasons(notSent, NOT_SENT) },
    { label: 'Not shown', value: notShown.length === 0 ? 'none' : reasons(notShown, NOT_SHOWN) },
    ...(messages.length === 0
      ? []
      : [{ label: 'Messages about keys refused', value: reasons(messages, {}) }]),
  ];
}
const whose = (name: string | null): string => (name === null ? 'Their' : `${name}’s`);

export const sealWords = {
  title: 'Encryption',
  /** On the mark beside the call's time, and above what it means. */
  mark: {
    preparing: 'Setting up encryption',
    sealed: 'End-to-end encrypted',
    held: 'Waits for you',
    verified: 'End-to-end encrypted, verified',
    unconfirmed: 'End-to-end encrypted, not confirmed',
    stranger: 'Unknown device in the call',
    changed: 'Identity changed',
    failed: 'Encryption has stopped',
  },
  says: {
    preparing: 'The devices are agreeing on keys. Nothing is sent before they have. This takes a moment.',
    sealed:
      'Only the devices below can see and hear this call. The server passes it on and can do neither. Compare the code to be sure that nobody sits in between.',
    held: 'The keys of a device are not what they should be. Nothing is sent until you have decided.',
    verified:
      'Only the devices below can see and hear this call. The server passes it on and can do neither. You have compared numbers with everybody in it.',
    unconfirmed:
      'Only the devices below can see and hear this call. The server passes it on and can do neither. Nobody has confirmed one of them: compare the code to be sure whose it is.',
    stranger:
      'Only the devices below can see and hear this call, and one of them belongs to nobody who is in it. Compare the code, or end the call.',
    changed:
      'Only the devices below can see and hear this call. One of them has another identity than before: it may be somebody else’s. Compare before you say what only they should hear.',
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
    changed: 'Another identity than before',
    guest: 'Guest, came by a link of this call',
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
  curious: 'For the curious',
  rows,
  server: 'What the server can see',
  serverSees:
    'Who is in the call, from which addresses and since when; how large each frame is and when it comes; in a call of several also how loud each of you is, to show who speaks. Not: pictures, sound, screens, or any key.',
};
